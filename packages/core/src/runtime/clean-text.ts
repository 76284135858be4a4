/** Text that any storage can hold: without NUL and without halves of characters. */
export function cleanText(text: string): string {
  return (text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text).toWellFormed();
}

/** The longest title that a host can write, and longer than any tracker's. */
const longestLine = 1_000;
/** Line ends, and characters that terminals and browsers act on instead of showing them. */
const controls = /[\p{Cc}\u2028\u2029]+/gu;
/** Embeddings, overrides and isolates reach beyond the text they stand in. Single marks (U+200E, U+200F, U+061C) do not. */
const directions = /[\u202a-\u202e\u2066-\u2069]/g;

/** Text of one line, such as a title or a name, that stays one line and does not turn around what is shown beside it. */
export function singleLine(text: string): string {
  return text.replace(controls, " ").replace(directions, "");
}

/** The same of somebody else's, as long as anybody needs it. */
export function cleanLine(text: string): string {
  const line = singleLine(cleanText(text.slice(0, longestLine * 4)));
  return line.length <= longestLine ? line : line.slice(0, longestLine).toWellFormed();
}
