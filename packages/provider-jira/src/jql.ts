/** A value in a query. Whatever is in it stays inside its quotes. */
export function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are no part of a query
  const clean = text.replace(/[\u0000-\u001f\u007f]/g, " ");
  return `"${clean.replace(/["\\]/g, (character) => `\\${character}`)}"`;
}

/**
 * What a text is looked for by with `~`: its words, without what the language of that operator reads as its own, and the last
 * one as a beginning where somebody may still be typing it. Null where no word is left.
 */
export function searchWords(text: string): string | null {
  const words = text
    .replace(/[^\p{L}\p{N}_]+/gu, " ")
    .trim()
    // In capitals some words are operators.
    .toLowerCase();
  if (words === "") return null;
  return /[\p{L}\p{N}]$/u.test(text.trimEnd()) ? `${words}*` : words;
}
