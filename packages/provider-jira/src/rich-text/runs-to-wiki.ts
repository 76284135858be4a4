import { type Run, type RunMark, runMarks } from "./runs.ts";

/** Marks of wiki markup: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all */
export const wikiMarks: Readonly<Record<Exclude<RunMark, "code">, string>> = {
  strong: "*",
  em: "_",
  strike: "-",
  underline: "+",
  sub: "~",
  sup: "^",
};

/** What a link in wiki markup leads to: an address, a path, an anchor, a page's name. */
export const linkTarget: RegExp = /^(?:[a-z][a-z0-9+.-]*:|\/|#|[\w.-]+$)/i;

const isWord = (character: string) => /[\p{L}\p{N}]/u.test(character);

/** Settled runs as wiki markup. @param lineBreak what a line break is written as: in a table's cell there are no lines */
export function runsToWiki(runs: readonly Run[], lineBreak: "\n" | "\\\\"): string {
  return writeGroup(runs.flatMap(splitLines), lineBreak, { before: "", after: "" });
}

/** Marks and links end with their line. */
function splitLines(run: Run): readonly Run[] {
  const pieces = run.text.split(/(\n)/).filter((text) => text !== "");
  return pieces.map((text) => (text === "\n" ? { text, marks: new Set(), link: null } : { ...run, text }));
}

interface Around {
  readonly before: string;
  readonly after: string;
}

function writeGroup(runs: readonly Run[], lineBreak: string, around: Around): string {
  let text = "";
  for (let start = 0; start < runs.length; ) {
    const first = runs[start] as Run;
    const mark = runMarks.find((candidate) => first.marks.has(candidate)) as keyof typeof wikiMarks | undefined;
    const isSame = (run: Run) =>
      first.link !== null
        ? run.link?.href === first.link.href && run.link.title === first.link.title
        : mark !== undefined && run.link === null && run.marks.has(mark);
    let end = start + 1;
    while (end < runs.length && isSame(runs[end] as Run)) end += 1;
    const group = runs.slice(start, end);
    const here = { before: runs[start - 1]?.text.at(-1) ?? around.before, after: runs[end]?.text[0] ?? around.after };
    if (first.link !== null) text += writeLink(group, first.link, lineBreak, here);
    else if (mark !== undefined) text += writeMark(group, mark, lineBreak, here);
    else if (first.marks.has("code")) text += `{{${escapeWiki(first.text, "{", "}")}}}`;
    else {
      const before = beside(runs[start - 1], -1, around.before);
      const after = beside(runs[end], 0, around.after);
      text += escapeWiki(first.text, before, after).replaceAll("\n", lineBreak);
    }
    start = end;
  }
  return text;
}

/** What stands in the markup beside a plain text: of a run that is marked, the sign that marks it, never a letter. */
function beside(run: Run | undefined, at: 0 | -1, around: string): string {
  if (run === undefined) return around;
  return run.marks.size > 0 || run.link !== null ? "}" : (run.text.at(at) ?? "");
}

/** Within a word, marks stand in braces. */
function writeMark(group: readonly Run[], mark: keyof typeof wikiMarks, lineBreak: string, around: Around): string {
  const inner = group.map((run) => ({ ...run, marks: new Set([...run.marks].filter((other) => other !== mark)) }));
  const sign = wikiMarks[mark];
  const whole = writeGroup(inner, lineBreak, { before: sign, after: sign });
  // A mark stands beside something to see.
  const [, before = "", text = "", after = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(whole) ?? [];
  if (text === "") return whole;
  const isApart = (space: string, character: string) => space !== "" || !isWord(character);
  const isLineStart = before === "" && /^\n?$/.test(around.before);
  const isListLike = isLineStart && /^[*-]$/.test(sign) && /^(?:\\?[*#-])/.test(text);
  const stands = isApart(before, around.before) && isApart(after, around.after);
  const isPlain = stands && !isListLike && !text.includes(lineBreak);
  const edge = isPlain ? sign : `{${sign}}`;
  return before + edge + text + edge + after;
}

function writeLink(
  group: readonly Run[],
  link: { readonly href: string; readonly title: string },
  lineBreak: string,
  around: Around,
): string {
  const bare = group.map((run) => ({ ...run, link: null }));
  const href = link.href.replace(/[\s|\]\\{}]/g, encodeURIComponent);
  // What would not be read as a link is its text alone.
  if (!linkTarget.test(href)) return writeGroup(bare, lineBreak, around);
  const [only] = bare;
  const isLiteral = bare.length === 1 && only?.text === href && only.marks.size === 0 && link.title === "";
  const stands = /^\s?$/.test(around.before) && /^\s?$/.test(around.after);
  if (isLiteral && stands && /^https?:\/\/[\w./%&=?+:@-]*[\w/]$/.test(href)) return href;
  const title = link.title === "" ? "" : `|${escapeWiki(link.title, "|", "]")}`;
  return `[${writeGroup(bare, lineBreak, { before: "[", after: "|" })}|${href}${title}]`;
}

/** A backslash before whatever would mean something; one of the text's own is a character reference. */
export function escapeWiki(text: string, before: string, after: string): string {
  const characters = [...text];
  const last = (count: number, index: number) => characters.slice(Math.max(0, index - count), index).join("");
  return characters
    .map((character, index) => {
      const previous = characters[index - 1] ?? before;
      const next = characters[index + 1] ?? after;
      const isLineStart = previous === "\n" || (index === 0 && before === "");
      if (character === "\\") return "&#92;";
      if (character === "&" && /^(?:#\d+|\w+);/.test(characters.slice(index + 1, index + 12).join(""))) return "&#38;";
      if (/[{}[\]|]/.test(character)) return `\\${character}`;
      if (character === "!" && next.trim() !== "") return "\\!";
      if (character === "#" && isLineStart) return "\\#";
      if (character === "?" && (next === "?" || previous === "?")) return "\\?";
      if (/[*_+^~-]/.test(character) && !(isWord(previous) && isWord(next))) return `\\${character}`;
      if (character === "." && /^\n?(?:h[1-6]|bq)$/.test(last(3, index))) return "&#46;";
      if (character === ":" && next === "/" && /https?$/.test(last(5, index))) return "&#58;";
      if (/[☐☑]/.test(character) && isLineStart) return `\\${character}`;
      return character;
    })
    .join("");
}
