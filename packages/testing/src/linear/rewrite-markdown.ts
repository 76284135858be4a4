const fence = /^ {0,3}(`{3,}|~{3,})/;

/**
 * Markdown as Linear gives it back: it keeps texts as documents of its own and writes them anew. Lists have `*`, boxes `[X]`,
 * headings and rules stand alone, addresses stand in `<>`, brackets that are none of a link's are escaped. HTML is text, and so
 * a rule right below a comment makes a heading of it. Linear documents none of this; it is what several programs that
 * compare texts with it allow for.
 */
export function rewriteMarkdown(text: string): string {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const written: string[] = [];
  let openFence: string | null = null;
  for (const line of lines) {
    const mark = fence.exec(line)?.[1] ?? null;
    if (openFence !== null || mark !== null) {
      written.push(line);
      if (openFence === null) openFence = mark;
      else if (mark?.startsWith(openFence) === true) openFence = null;
      continue;
    }
    writeLine(written, line.trimEnd());
  }
  return withoutOuterBlanks(written).join("\n");
}

const heading = /^#{1,6} /;
const rule = /^ {0,3}([-*_])(?: *\1){2,}$/;
const listItem = /^(\s*)[-+*] (?:\[([ xX])\] )?(.*)$/;

function writeLine(written: string[], line: string): void {
  const before = written.at(-1) ?? "";
  if (/^(?:-+|=+)$/.test(line) && before !== "" && !isBlock(before)) {
    written.splice(-1, 1, `${line.startsWith("=") ? "#" : "##"} ${before}`, "");
    return;
  }
  const isAlone = heading.test(line) || rule.test(line);
  if (isAlone || (heading.test(before) && line !== "") || (before === "---" && line !== "")) separate(written);
  if (line === "" && before === "") return;
  if (rule.test(line)) return void written.push("---");
  const [, indent = "", box, words = ""] = listItem.exec(line) ?? [];
  if (!listItem.test(line)) return void written.push(writeWords(line));
  const checked = box === undefined ? "" : `[${box.trim() === "" ? " " : "X"}] `;
  written.push(`${indent}* ${checked}${writeWords(words)}`);
}

function isBlock(line: string): boolean {
  return heading.test(line) || listItem.test(line) || /^[>|`~]/.test(line) || line === "---";
}

function separate(written: string[]): void {
  if ((written.at(-1) ?? "") !== "") written.push("");
}

/** Code, comments and links that are written already stay; then addresses, links and brackets in this order. */
const pieces =
  /(`+[^`]*`+|<!--.*?-->|<https?:[^>\s]+>|\\.)|\[((?:[^\][\\]|\\.)*)\]\(<?([^)>\s]+)>?\)|(https?:\/\/[^\s<>()]*[^\s<>().,;:!?])|([[\]])/g;

function writeWords(line: string): string {
  return line.replace(pieces, (whole, kept?: string, label?: string, target?: string, address?: string) => {
    if (kept !== undefined) return kept;
    if (target !== undefined) return `[${label}](<${target}>)`;
    return address === undefined ? `\\${whole}` : `<${address}>`;
  });
}

function withoutOuterBlanks(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line !== "");
  const last = lines.findLastIndex((line) => line !== "");
  return first < 0 ? [] : lines.slice(first, last + 1);
}
