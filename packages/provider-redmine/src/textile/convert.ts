import { type Block, markdownBlocks, textileBlocks } from "./blocks.ts";
import { createLineReader, inlineToMarkdown, inlineToTextile, lineToTextile } from "./lines.ts";
import { tableToMarkdown, tableToTextile } from "./tables.ts";
import { leaveAlone } from "./textile-inline.ts";

/** Textile as Markdown. What Markdown has no form for stays as it is written. */
export function textileToMarkdown(text: string): string {
  return textileBlocks(text.replaceAll("\r\n", "\n")).flatMap(blockToMarkdown).join("\n");
}

function blockToMarkdown({ lines, language }: Block): readonly string[] {
  if (language !== null) {
    const longest = Math.max(2, ...lines.map((line) => /^`+/.exec(line)?.[0].length ?? 0));
    const fence = "`".repeat(longest + 1);
    return [`${fence}${language}`, ...lines, fence];
  }
  const [rows, gap] = split(lines);
  const table = tableToMarkdown(rows, inlineToMarkdown);
  return table === null ? lines.map(createLineReader()) : [...table, ...gap];
}

/**
 * Markdown as Textile that reads as the very same Markdown. Lines that cannot be written so are shown to the letter.
 * @param original what stands there now: parts of it that read as before stay as people wrote them
 */
export function markdownToTextile(markdown: string, original = ""): string {
  const kept = new Map<string, string>();
  for (const block of textileBlocks(original.replaceAll("\r\n", "\n"))) {
    kept.set(blockToMarkdown(block).join("\n"), textOf(block));
  }
  return markdownBlocks(markdown)
    .map((block) => kept.get(sourceOf(block)) ?? blockToTextile(block))
    .join("\n");
}

function sourceOf({ lines, language }: Block): string {
  return language === null ? lines.join("\n") : [`\`\`\`${language}`, ...lines, "```"].join("\n");
}

/** A block of Textile as it was; one with code has its usual form. */
function textOf({ lines, language }: Block): string {
  if (language === null) return lines.join("\n");
  const [begin, end] = language === "" ? ["<pre>", "</pre>"] : [`<pre><code class="${language}">`, "</code></pre>"];
  return [begin, ...lines, end].join("\n");
}

function blockToTextile(block: Block): string {
  const source = sourceOf(block);
  const isSame = (textile: string) => textileToMarkdown(textile) === source;
  if (block.language !== null) {
    const code = textOf(block);
    return isSame(code) ? code : source.split("\n").map(leaveLine).join("\n");
  }
  const [rows, gap] = split(block.lines);
  const table = tableToTextile(rows, inlineToTextile);
  const whole = (table === null ? block.lines.map(lineToTextile) : [...table, ...gap]).join("\n");
  if (isSame(whole)) return whole;
  const single = block.lines.map((line) => {
    const textile = lineToTextile(line);
    return textileToMarkdown(textile) === line ? textile : leaveLine(line);
  });
  return isSame(single.join("\n")) ? single.join("\n") : block.lines.map(leaveLine).join("\n");
}

function leaveLine(line: string): string {
  return line.trim() === "" ? line : leaveAlone(line);
}

/** The lines of a group, and the empty ones at its end. */
function split(lines: readonly string[]): readonly [readonly string[], readonly string[]] {
  const end = lines.findLastIndex((line) => line !== "") + 1;
  return [lines.slice(0, end), lines.slice(end)];
}
