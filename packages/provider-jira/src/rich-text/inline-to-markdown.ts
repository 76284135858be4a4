import type { PhrasingContent } from "mdast";
import { raw } from "./markdown.ts";
import { type Run, type RunMark, runMarks } from "./runs.ts";

/** How a line break is written: as a new line, as a tag where there are no lines, or as a space. */
export type BreakForm = "line" | "tag" | "space";

/** Settled runs as inline nodes of Markdown. @param edge what stands around them: nothing, or the sign of a mark */
export function phrasingOf(runs: readonly Run[], breaks: BreakForm, edge: "" | "*" = ""): PhrasingContent[] {
  const nodes: PhrasingContent[] = [];
  for (let start = 0; start < runs.length; ) {
    const first = runs[start] as Run;
    const { end, mark } = longestMark(runs, start);
    const group = runs.slice(start, end);
    const around = { before: edgeOf(runs[start - 1], -1, edge), after: edgeOf(runs[end], 2, edge) };
    if (mark === "link") nodes.push(...linkOf(group, breaks, around));
    else if (mark !== null) nodes.push(...marked(mark, group, breaks, around));
    else if (first.marks.has("code")) nodes.push({ type: "inlineCode", value: first.text });
    else nodes.push(...besideMark(around.before, textOf(first.text, breaks)));
    start = end;
  }
  return nodes;
}

interface Around {
  readonly before: string;
  readonly after: string;
}

/** The last character before, or the first ones after; a run that is marked begins and ends with its mark. */
function edgeOf(run: Run | undefined, length: number, outer: string): string {
  if (run === undefined) return outer;
  if (run.marks.size > 0 || run.link !== null) return "*";
  return length < 0 ? run.text.slice(length) : run.text.slice(0, length);
}

/** The mark of a run that reaches furthest, and where it ends. */
function longestMark(
  runs: readonly Run[],
  start: number,
): { readonly end: number; readonly mark: RunMark | "link" | null } {
  const first = runs[start] as Run;
  const candidates: readonly (RunMark | "link")[] = [
    ...(first.link === null ? [] : (["link"] as const)),
    ...runMarks.filter((mark) => first.marks.has(mark)),
  ];
  const reach = (mark: RunMark | "link"): number => {
    const continues = (run: Run | undefined) =>
      run !== undefined &&
      (mark === "link"
        ? run.link?.href === first.link?.href && run.link?.title === first.link?.title
        : run.marks.has(mark));
    let end = start + 1;
    while (continues(runs[end])) end += 1;
    return end;
  };
  const [best] = candidates.map((mark) => ({ mark, end: reach(mark) })).sort((a, b) => b.end - a.end);
  return best ?? { mark: null, end: start + 1 };
}

function linkOf(group: readonly Run[], breaks: BreakForm, { before, after }: Around): PhrasingContent[] {
  const { link } = group[0] as Run;
  const bare = group.map((run) => ({ ...run, link: null }));
  const { href = "", title = "" } = link ?? {};
  const [only] = bare;
  const isLiteral = bare.length === 1 && only?.text === href && only.marks.size === 0 && title === "";
  // Two breaks begin with a backslash, and a break as a tag ends with a bracket.
  const stands = (breaks === "tag" ? /^[ (]?$/ : /^[\s(]?$/).test(before) && /^(?:\s(?!\n)|$)/.test(after);
  if (
    isLiteral &&
    stands &&
    /^https?:\/\/[a-z0-9][\w.:-]*(?:\/[\w./%&=?+#:@-]*)?$/i.test(href) &&
    /[\w/]$/.test(href)
  ) {
    return [raw(href)];
  }
  return [{ type: "link", url: href, title: title === "" ? null : title, children: phrasingOf(bare, breaks, "*") }];
}

/** The writer may mark with an underscore, which would be the beginning of an address of mail. */
function besideMark(before: string, nodes: PhrasingContent[]): PhrasingContent[] {
  const [first, ...rest] = nodes;
  if (before !== "*" || first?.type !== "text" || !first.value.startsWith("@")) return nodes;
  return [raw("\\@"), { ...first, value: first.value.slice(1) }, ...rest];
}

const tagNames: Readonly<Partial<Record<RunMark, string>>> = { underline: "u", sub: "sub", sup: "sup" };

function marked(mark: RunMark, group: readonly Run[], breaks: BreakForm, around: Around): PhrasingContent[] {
  const inner = group.map((run) => ({ ...run, marks: new Set([...run.marks].filter((other) => other !== mark)) }));
  const children = phrasingOf(inner, breaks, "*");
  if (mark === "strong") return [{ type: "strong", children }];
  if (mark === "em") return [{ type: "emphasis", children }];
  const isPlainStrike = mark === "strike" && !touches(around, group);
  if (isPlainStrike) return [{ type: "delete", children }];
  const name = tagNames[mark] ?? "del";
  return [raw(`<${name}>`), ...children, raw(`</${name}>`)];
}

/** Tildes mark text only where they stand apart from what is around. */
function touches({ before, after }: Around, group: readonly Run[]): boolean {
  const isSpace = (characters: string) => /^(?:\s|$)/.test(characters);
  const text = group.map((run) => run.text).join("");
  return !(
    isSpace(before) &&
    isSpace(after) &&
    /^[\p{L}\p{N}]/u.test(text) &&
    /[\p{L}\p{N}]$/u.test(text) &&
    group.length === 1
  );
}

function textOf(text: string, breaks: BreakForm): PhrasingContent[] {
  if (breaks === "space") return [{ type: "text", value: text.replaceAll("\n", " ") }];
  // Two breaks in a row would end the paragraph.
  const pieces = text.split(breaks === "tag" ? /(\n)/ : /(\n{2,})/);
  return pieces.flatMap((piece): PhrasingContent[] => {
    if (piece === "") return [];
    if (breaks === "tag" && piece === "\n") return [raw("<br>")];
    if (/^\n{2,}$/.test(piece)) return Array.from(piece, () => ({ type: "break" as const }));
    return [{ type: "text", value: piece }];
  });
}
