import { singleLine } from "../runtime/clean-text.ts";

/** Text in the form that is compared: line ends, trailing space and outer blank lines do not count. */
export function canonicalText(text: string): string {
  const lines = text
    .replace(/\r\n?/g, "\n")
    .split("\n")
    .map((line) => line.trimEnd());
  const hasText = (line: string) => line !== "";
  return lines.slice(Math.max(0, lines.findIndex(hasText)), lines.findLastIndex(hasText) + 1).join("\n");
}

/** A title in the form that is compared: one line, single spaces, trimmed, without what turns the direction of text. */
export function canonicalTitle(text: string): string {
  return singleLine(text).replace(/\s+/gu, " ").trim();
}
