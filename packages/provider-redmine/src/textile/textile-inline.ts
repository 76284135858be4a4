import { type Inline, parseInline, pattern, type Recognise, stands } from "./inline.ts";

/** An address ends before the punctuation that belongs to the sentence. */
const address = String.raw`(?:https?|ftp|mailto|file):[^\s"<>|]*[^\s"<>|.,;:!?)\]']|\/[^\s"<>|]*[^\s"<>|.,;:!?)\]']`;

const marked = (sign: string, kind: "strong" | "em" | "strike") =>
  pattern(
    new RegExp(`\\${sign}([^\\s\\${sign}](?:[^\\n\\${sign}]*?[^\\s\\${sign}])?)\\${sign}`),
    ([all, text = ""], line, at) => (stands(line, at, all.length) ? { kind, children: parse(text) } : null),
  );

/** What Redmine makes of a line: https://www.redmine.org/projects/redmine/wiki/RedmineTextFormattingTextile */
const recognisers: readonly Recognise[] = [
  pattern(/<notextile>(.*?)<\/notextile>/, ([, text = ""]) => ({ kind: "markdown", text })),
  pattern(/<code>([^\n]*?)<\/code>/, ([, text = ""]) => (text === "" ? null : { kind: "code", text })),
  pattern(/@([^\s@](?:[^@\n]*?[^\s@])?)@/, ([all, text = ""], line, at) =>
    stands(line, at, all.length) ? { kind: "code", text } : null,
  ),
  // A space before the sign is nothing to Redmine; here it tells how Markdown had the address.
  pattern(new RegExp(`"([^"\\n]+?)( ?)":(${address})`), ([, text = "", space, href = ""]) => ({
    kind: "link",
    href,
    isAngled: space === " ",
    children: parse(text),
  })),
  pattern(/!([^\s!()]+\.[^\s!()]+|https?:[^\s!()]+)(?:\(([^()\n]*)\))?!/, ([, href = "", alt = ""]) => {
    return { kind: "image", href, alt };
  }),
  marked("*", "strong"),
  marked("_", "em"),
  marked("-", "strike"),
];

function parse(text: string): readonly Inline[] {
  return parseInline(text, recognisers);
}

export { parse as parseTextileLine };

export function writeTextileLine(pieces: readonly Inline[]): string {
  return pieces.map(write).join("");
}

/** Marks that Redmine has and Markdown has not. */
const otherMarks = /(?<![\p{L}\p{N}])([+^~%]|\?\?)\S(?:.*\S)?\1/u;

function write(piece: Inline): string {
  switch (piece.kind) {
    case "text":
      return otherMarks.test(piece.text) ? leaveAlone(piece.text) : piece.text;
    case "markdown":
      return leaveAlone(piece.text);
    case "code":
      return piece.text.includes("@") || piece.text.trim() !== piece.text
        ? `<code>${piece.text}</code>`
        : `@${piece.text}@`;
    case "strong":
      return `*${writeTextileLine(piece.children)}*`;
    case "em":
      return `_${writeTextileLine(piece.children)}_`;
    case "strike":
      return `-${writeTextileLine(piece.children)}-`;
    case "link":
      return `"${writeTextileLine(piece.children)}${piece.isAngled ? " " : ""}":${piece.href}`;
    case "image":
      return `!${piece.href}${piece.alt === "" ? "" : `(${piece.alt})`}!`;
  }
}

/** Redmine shows it to the letter, and it is read as the Markdown that it is. */
export function leaveAlone(markdown: string): string {
  return `<notextile>${markdown}</notextile>`;
}
