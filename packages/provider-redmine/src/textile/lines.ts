import { parseMarkdownLine, writeMarkdownLine } from "./markdown-inline.ts";
import { leaveAlone, parseTextileLine, writeTextileLine } from "./textile-inline.ts";

/** Spaces behind a bullet tell which one Markdown had; Redmine does not mind them. */
const bullets = ["-", "*", "+"];
const step = "  ";

export function inlineToMarkdown(textile: string): string {
  return writeMarkdownLine(parseTextileLine(textile));
}

/** What would not come back as it is stays Markdown. */
export function inlineToTextile(markdown: string): string {
  const textile = writeTextileLine(parseMarkdownLine(markdown));
  return inlineToMarkdown(textile) === markdown ? textile : leaveAlone(markdown);
}

const comment = /^<!--.*-->$/;

export function lineToTextile(line: string): string {
  // Redmine shows no comments in either language.
  if (comment.test(line) || line === "---") return line;
  const [, hashes = "", title = ""] = /^(#{1,6}) (\S.*)$/.exec(line) ?? [];
  if (hashes !== "") return `h${hashes.length}. ${inlineToTextile(title)}`;
  const [, indent = "", bullet = "", item = ""] = /^((?: {2})*)([-*+]) (\S.*)$/.exec(line) ?? [];
  if (bullet !== "") {
    const depth = indent.length / step.length + 1;
    return `${"*".repeat(depth)}${" ".repeat(bullets.indexOf(bullet) + 1)}${inlineToTextile(item)}`;
  }
  const [, outer = "", numbered = ""] = /^((?: {3})*)\d{1,9}\. (\S.*)$/.exec(line) ?? [];
  if (numbered !== "") return `${"#".repeat(outer.length / 3 + 1)} ${inlineToTextile(numbered)}`;
  const quoted = /^> (\S.*)$/.exec(line)?.[1];
  return quoted === undefined ? inlineToTextile(line) : `> ${inlineToTextile(quoted)}`;
}

/** Reads lines one after the other, since items of a list are counted. */
export function createLineReader(): (line: string) => string {
  let counts: number[] = [];
  return (line) => {
    const [, hashes = "", numbered = ""] = /^(#{1,9}) (\S.*)$/.exec(line) ?? [];
    if (hashes !== "") {
      const depth = hashes.length;
      counts = [...counts.slice(0, depth - 1), ...Array<number>(Math.max(0, depth - 1 - counts.length)).fill(1)].concat(
        (counts[depth - 1] ?? 0) + 1,
      );
      return `${"   ".repeat(depth - 1)}${counts[depth - 1]}. ${inlineToMarkdown(numbered)}`;
    }
    counts = [];
    return lineToMarkdown(line);
  };
}

function lineToMarkdown(line: string): string {
  if (comment.test(line)) return line;
  const [, level = "", title = ""] = /^h([1-6])\. (\S.*)$/.exec(line) ?? [];
  if (level !== "") return `${"#".repeat(Number(level))} ${inlineToMarkdown(title)}`;
  const [, stars = "", space = "", item = ""] = /^(\*{1,9})( {1,3})(\S.*)$/.exec(line) ?? [];
  if (stars !== "") {
    return `${step.repeat(stars.length - 1)}${bullets[space.length - 1] ?? "-"} ${inlineToMarkdown(item)}`;
  }
  const quoted = /^(?:> |bq\. )(\S.*)$/.exec(line)?.[1];
  return quoted === undefined ? inlineToMarkdown(line) : `> ${inlineToMarkdown(quoted)}`;
}
