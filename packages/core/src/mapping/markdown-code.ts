import { findCodeSpans } from "./code-spans.ts";

/** A piece of a text, in order; together they are the text. */
export interface MarkdownPiece {
  readonly text: string;
  /** `html`: perhaps nothing in it is Markdown, so that addresses stay text. */
  readonly kind: "code" | "text" | "html";
}

const fence = /^([ \t]*)(`{3,}(?!`)(?!.*`)|~{3,})/s;
const container = "(?:[-+*]|\\d{1,9}[.)]|\\[\\^[^\\]]*\\]:)";
/** Behind the marker of a list item, a quote or a footnote: only a full parser knows where such a fence ends. */
const fenceInContainer = new RegExp(`^[ \\t]*(?:(?:>|${container})[ \\t]*)+(?:\`{3,}|~{3,})`);
const containerStart = new RegExp(`^[ \\t]*${container}(?:[ \\t]|$)`);
const htmlStart = new RegExp(`^[ \\t]*(?:(?:>|${container})[ \\t]*)*<(?:[!?]|/?[A-Za-z][A-Za-z0-9-]*(?:[ \\t/>]|$))`);
/** HTML that goes on over blank lines. */
const longHtml = /<(?:[!?]|(?:pre|script|style|textarea)(?:[ \t>]|$))/i;

/** `spans`: spans and fences can be told. `fences`: spans cannot, before the next blank line. `html`: nor can fences. */
type Certainty = "spans" | "fences" | "html";

/**
 * Splits Markdown into code and the rest. Only what every renderer takes for code counts as code: where that would need
 * a full parser, the rest of the paragraph, or of the text, counts as text.
 */
export function splitCode(text: string): readonly MarkdownPiece[] {
  const lines = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
  const pieces: MarkdownPiece[] = [];
  let certainty: Certainty = "spans";
  let mayIndent = true;
  let hasContainers = false;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const fenceEnd: number | "unknown" | null = findFenceEnd(lines, index, mayIndent);
    if (fenceEnd === "unknown" || (fenceEnd !== null && certainty === "html")) {
      return [...pieces, { text: lines.slice(index).join(""), kind: "html" }];
    }
    if (fenceEnd !== null) {
      pieces.push({ text: lines.slice(index, fenceEnd).join(""), kind: "code" });
      index = fenceEnd - 1;
      certainty = "spans";
      mayIndent = false;
    } else if (isBlank(line)) {
      pieces.push({ text: line, kind: "text" });
      certainty = "spans";
      mayIndent = true;
    } else if (mayIndent && !hasContainers && /^(?: {4}|\t)/.test(line)) {
      pieces.push({ text: line, kind: "code" });
    } else {
      mayIndent = false;
      hasContainers ||= containerStart.test(line);
      const html = htmlIn(line);
      if (html === "long") return [...pieces, { text: lines.slice(index).join(""), kind: "html" }];
      if (html === "short") certainty = "html";
      if (html === "comment") {
        pieces.push({ text: line, kind: "html" });
        if (certainty === "spans") certainty = "fences";
      } else if (certainty === "spans") {
        const { spans, isCertain } = findCodeSpans(line);
        pieces.push(...piecesOf(line, spans));
        if (!isCertain) certainty = "fences";
      } else pieces.push({ text: line, kind: certainty === "html" ? "html" : "text" });
    }
  }
  return pieces;
}

function isBlank(line: string): boolean {
  return /^[ \t\r\n]*$/.test(line);
}

/** What kind of HTML a line begins with. A comment that ends on the line is over with it. */
function htmlIn(line: string): "comment" | "short" | "long" | null {
  if (!htmlStart.test(line)) return null;
  const commentStart = line.indexOf("<!--");
  if (commentStart >= 0 && line.includes("-->", commentStart + "<!--".length)) return "comment";
  return longHtml.test(line) ? "long" : "short";
}

/** The line behind fenced code that begins here; null where none does, `unknown` where its end depends on what is around. */
function findFenceEnd(lines: readonly string[], start: number, isAfterBlank: boolean): number | "unknown" | null {
  const [, indent = "", marks = ""] = fence.exec(lines[start] ?? "") ?? [];
  if (marks === "") return fenceInContainer.test(lines[start] ?? "") ? "unknown" : null;
  const isOutermost = indent === "";
  const closing = new RegExp(`^(${isOutermost ? " {0,3}" : "[ \\t]*"})${marks[0]}{${marks.length},}[ \\t]*[\\r\\n]*$`);
  let end = start + 1;
  while (end < lines.length && !closing.test(lines[end] ?? "")) end += 1;
  if (isOutermost) return Math.min(end + 1, lines.length);
  if (end === lines.length) return "unknown";
  // At the outermost level or in a list item: the end is the same only where all of it is equally far in.
  const isEven =
    closing.exec(lines[end] ?? "")?.[1] === indent &&
    lines.slice(start + 1, end).every((line) => isBlank(line) || line.startsWith(indent));
  // Right behind a paragraph, and this far in, it may as well be a part of it.
  const isApart = /^ {1,3}$/.test(indent) || (isAfterBlank && !indent.includes("\t"));
  return isEven && isApart ? end + 1 : "unknown";
}

function piecesOf(line: string, spans: readonly (readonly [number, number])[]): readonly MarkdownPiece[] {
  const pieces: MarkdownPiece[] = [];
  let at = 0;
  for (const [start, end] of spans) {
    pieces.push({ text: line.slice(at, start), kind: "text" }, { text: line.slice(start, end), kind: "code" });
    at = end;
  }
  return [...pieces, { text: line.slice(at), kind: "text" }];
}
