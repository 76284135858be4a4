/** A mark that both sides know. */
export type RunMark = "strong" | "em" | "strike" | "underline" | "sub" | "sup" | "code";

/** A piece of text, everywhere marked the same. A line break is `\n`. */
export interface Run {
  readonly text: string;
  readonly marks: ReadonlySet<RunMark>;
  /** Where it links to; null for no link. */
  readonly link: { readonly href: string; readonly title: string } | null;
}

export const runMarks: readonly RunMark[] = ["strong", "em", "strike", "underline", "sub", "sup"];

/** What tells one run's marking from another's. */
function markingOf({ marks, link }: Run): string {
  return JSON.stringify([[...marks].sort(), link?.href ?? null, link?.title ?? null]);
}

/**
 * Runs in the one form that both conversions agree on: no space at the edges of lines and of marks, no marks on code but
 * a link, neighbours that are marked the same in one.
 */
export function settle(runs: readonly Run[]): readonly Run[] {
  const characters = merge(runs.map(cleanCode));
  const trimmed = trimLines(characters);
  return merge(runMarks.reduce(unmarkEdges, unlinkEdges(trimmed)));
}

/** Code has no line breaks, and is neither bold nor italic. */
function cleanCode(run: Run): Run {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Markdown cannot hold them
  const text = run.text.replace(/\r\n?/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f]/g, "");
  if (!run.marks.has("code")) return { ...run, text };
  return { text: text.replaceAll("\n", " "), marks: new Set<RunMark>(["code"]), link: run.link };
}

/** Runs for a cell of a table: Markdown has no form there for code with a backslash before a bar. */
export function settleCell(runs: readonly Run[]): readonly Run[] {
  const isWritable = ({ text, marks }: Run) => !marks.has("code") || !/\\+(?:\||$)/.test(text);
  return settle(settle(runs).map((run) => (isWritable(run) ? run : { ...run, marks: new Set<RunMark>() })));
}

function merge(runs: readonly Run[]): Run[] {
  const merged: Run[] = [];
  for (const run of runs) {
    const last = merged.at(-1);
    if (run.text === "") continue;
    if (last !== undefined && markingOf(last) === markingOf(run))
      merged[merged.length - 1] = { ...last, text: last.text + run.text };
    else merged.push(run);
  }
  return merged;
}

/** Spaces beside a break, and anything empty at the outer edges, mean nothing in Markdown. */
function trimLines(runs: readonly Run[]): Run[] {
  const whole = runs.map(({ text }) => text).join("");
  const isCode = runs.flatMap(({ text, marks }) => Array.from({ length: text.length }, () => marks.has("code")));
  const isBlank = (index: number) => !isCode[index] && /[ \t\n]/.test(whole.charAt(index));
  const drop = new Set<number>();
  let first = 0;
  while (first < whole.length && isBlank(first)) drop.add(first++);
  let last = whole.length - 1;
  while (last >= first && isBlank(last)) drop.add(last--);
  for (let index = first; index <= last; index += 1) {
    if (whole.charAt(index) !== "\n") continue;
    for (const step of [-1, 1]) {
      for (let at = index + step; isBlank(at) && whole.charAt(at) !== "\n"; at += step) drop.add(at);
    }
  }
  let offset = 0;
  return runs.map((run) => {
    const start = offset;
    offset += run.text.length;
    return { ...run, text: [...run.text.split("")].filter((_, index) => !drop.has(start + index)).join("") };
  });
}

/** `** a **` is no bold text: marks begin and end at something to see. */
function unmarkEdges(runs: readonly Run[], mark: RunMark): Run[] {
  const has = (run: Run | undefined) => run?.marks.has(mark) === true;
  const without = (run: Run): Run => ({ ...run, marks: new Set([...run.marks].filter((other) => other !== mark)) });
  return splitEdges(runs, has, without, (first, second) => has(first) && has(second));
}

function unlinkEdges(runs: readonly Run[]): Run[] {
  const has = (run: Run | undefined) => run !== undefined && run.link !== null;
  const isSame = (first: Run, second: Run) =>
    first.link?.href === second.link?.href && first.link?.title === second.link?.title;
  return splitEdges(runs, has, (run) => ({ ...run, link: null }), isSame);
}

function splitEdges(
  runs: readonly Run[],
  has: (run: Run | undefined) => boolean,
  without: (run: Run) => Run,
  isSame: (first: Run, second: Run) => boolean,
): Run[] {
  const result: Run[] = [];
  for (let start = 0; start < runs.length; ) {
    const first = runs[start] as Run;
    let end = start + 1;
    while (end < runs.length && has(first) && has(runs[end]) && isSame(first, runs[end] as Run)) end += 1;
    const group = runs.slice(start, end);
    result.push(...(has(first) ? trimGroup(group, without) : group));
    start = end;
  }
  return result;
}

function trimGroup(group: readonly Run[], without: (run: Run) => Run): Run[] {
  const inner = [...group];
  const before: Run[] = [];
  const after: Run[] = [];
  const isPlain = (run: Run | undefined): run is Run => run !== undefined && !run.marks.has("code");
  for (let run = inner[0]; isPlain(run); run = inner[0]) {
    const text = run.text.trimStart();
    const space = run.text.slice(0, run.text.length - text.length);
    if (space !== "") before.push(without({ ...run, text: space }));
    if (text !== "") {
      inner[0] = { ...run, text };
      break;
    }
    inner.shift();
  }
  for (let run = inner.at(-1); isPlain(run); run = inner.at(-1)) {
    const text = run.text.trimEnd();
    const space = run.text.slice(text.length);
    if (space !== "") after.unshift(without({ ...run, text: space }));
    if (text !== "") {
      inner[inner.length - 1] = { ...run, text };
      break;
    }
    inner.pop();
  }
  return [...before, ...inner, ...after];
}
