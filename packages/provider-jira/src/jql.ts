/** A value in a query. Whatever is in it stays inside its quotes. */
export function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are no part of a query
  const clean = text.replace(/[\u0000-\u001f\u007f]/g, " ");
  return `"${clean.replace(/["\\]/g, (character) => `\\${character}`)}"`;
}

/** The words of a text for `~`, without what its own language reads as operators; null where nothing is left. */
export function searchWords(text: string): string | null {
  const words = text.replace(/[^\p{L}\p{N}_]+/gu, " ").trim();
  return words === "" ? null : words;
}
