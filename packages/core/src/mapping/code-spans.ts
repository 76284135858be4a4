/** What takes backticks into itself where it begins before them: tags, comments, addresses in angle brackets. */
const inlineHtml =
  /<\/?[A-Za-z][A-Za-z0-9-]*(?:[ \t]+[A-Za-z_:][\w.:-]*(?:[ \t]*=[ \t]*(?:[^\s"'=<>`|]+|'[^'|]*'|"[^"|]*"))?)*[ \t]*\/?>|<!--[^|]*?-->|<[A-Za-z][A-Za-z0-9.+-]{1,31}:[^\s<>|]*>/y;
const bareAddress = /(?:https?:\/\/|ftp:\/\/|www\.)[^\s<]*/iy;
const construct = /[\\`<]|https?:\/\/|ftp:\/\/|www\./gi;

/** Start and end of each code span that begins and ends on a line. */
export interface CodeSpans {
  readonly spans: readonly (readonly [start: number, end: number])[];
  /** False where what follows, up to the end of the paragraph, may belong to something that began here. */
  readonly isCertain: boolean;
}

/** The code spans of one line of a paragraph, up to the first that not every renderer would see alike. */
export function findCodeSpans(line: string): CodeSpans {
  const spans: [number, number][] = [];
  for (let position = 0; ; ) {
    construct.lastIndex = position;
    const start = construct.exec(line)?.index;
    if (start === undefined) return { spans, isCertain: true };
    const end = constructEnd(line, start);
    if (end === null) return { spans, isCertain: false };
    if (line[start] === "`") spans.push([start, end]);
    position = end;
  }
}

/** Where what begins here ends; null where that is not certain. */
function constructEnd(line: string, start: number): number | null {
  if (line[start] === "\\") return start + 2;
  if (line[start] === "`") return spanEnd(line, start);
  if (line[start] === "<") {
    if (!/[A-Za-z/!?]/.test(line[start + 1] ?? "")) return start + 1;
    const tag = matchAt(inlineHtml, line, start);
    return tag === null ? null : start + tag.length;
  }
  const address = matchAt(bareAddress, line, start) ?? "";
  return address.includes("`") ? null : start + address.length;
}

function spanEnd(line: string, start: number): number | null {
  const marks = matchAt(/`+/y, line, start) ?? "";
  const contentStart = start + marks.length;
  for (const { 0: other, index } of line.slice(contentStart).matchAll(/`+/g)) {
    if (other !== marks) continue;
    // In a table a bar ends the cell, and with it the span.
    const isCell = line.slice(contentStart, contentStart + index).includes("|");
    return isCell ? null : contentStart + index + marks.length;
  }
  return null;
}

function matchAt(pattern: RegExp, line: string, start: number): string | null {
  pattern.lastIndex = start;
  return pattern.exec(line)?.[0] ?? null;
}
