/** Text that any storage can hold: without NUL and without halves of characters. */
export function cleanText(text: string): string {
  return (text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text).toWellFormed();
}
