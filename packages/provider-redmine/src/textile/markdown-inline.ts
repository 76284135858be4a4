import { type Inline, isPlain, parseInline, pattern, type Recognise, stands } from "./inline.ts";

/** Marks that are the same in both languages may be nested, one level in the other. */
const recognisers: readonly Recognise[] = [
  pattern(/\\([!-/:-@[-`{-~])/, ([, character = ""]) => ({ kind: "text", text: character })),
  pattern(/``([^`\n]+)``|`([^`\n]+)`/, ([, double, single]) => ({ kind: "code", text: double ?? single ?? "" })),
  pattern(/!\[([^\]\n]*)\]\(<?([^\s()<>]+)>?\)/, ([, alt = "", href = ""]) => ({ kind: "image", href, alt })),
  pattern(/\[((?:\\.|[^\\[\]\n])+)\]\((?:<([^\s<>]+)>|([^\s()<>]+))\)/, ([, text = "", angled, href = ""]) => ({
    kind: "link",
    href: angled ?? href,
    isAngled: angled !== undefined,
    children: parse(text),
  })),
  pattern(/\*\*(\S(?:[^\n]*?\S)?)\*\*(?!\*)/, ([, text = ""]) => ({ kind: "strong", children: parse(text) })),
  pattern(/__(\S(?:[^\n]*?\S)?)__(?!_)/, ([all, text = ""], line, at) =>
    stands(line, at, all.length) ? { kind: "strong", children: parse(text) } : null,
  ),
  pattern(/~~(\S(?:[^\n]*?\S)?)~~/, ([, text = ""]) => ({ kind: "strike", children: parse(text) })),
  pattern(/\*([^\s*](?:[^*\n]*?[^\s*])?)\*(?!\*)/, ([, text = ""]) => ({ kind: "em", children: parse(text) })),
  pattern(/_([^\s_](?:[^_\n]*?[^\s_])?)_(?!_)/, ([all, text = ""], line, at) =>
    stands(line, at, all.length) ? { kind: "em", children: parse(text) } : null,
  ),
];

function parse(text: string): readonly Inline[] {
  return parseInline(text, recognisers);
}

export { parse as parseMarkdownLine };

export function writeMarkdownLine(pieces: readonly Inline[]): string {
  return pieces.map(write).join("");
}

function write(piece: Inline): string {
  switch (piece.kind) {
    case "text":
      return isPlain(piece.text, recognisers) ? piece.text : piece.text.replace(/[\\`*_[\]~]/g, "\\$&");
    case "markdown":
      return piece.text;
    case "code":
      return piece.text.includes("`") ? `\`\`${piece.text}\`\`` : `\`${piece.text}\``;
    case "strong":
      return `**${writeMarkdownLine(piece.children)}**`;
    case "em":
      return `*${writeMarkdownLine(piece.children)}*`;
    case "strike":
      return `~~${writeMarkdownLine(piece.children)}~~`;
    case "link":
      return `[${writeMarkdownLine(piece.children)}](${piece.isAngled ? `<${piece.href}>` : piece.href})`;
    case "image":
      return `![${piece.alt}](${piece.href})`;
  }
}
