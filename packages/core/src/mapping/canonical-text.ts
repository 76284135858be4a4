/** Text in the form that is compared: line ends, trailing space and outer blank lines do not count. */
export function canonicalText(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/^\n+|\n+$/g, "");
}

/** A title in the form that is compared: one line, single spaces, trimmed. */
export function canonicalTitle(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
