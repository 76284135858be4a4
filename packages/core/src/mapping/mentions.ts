const breaker = "\u200b";

/** Keeps `@name` in outgoing text from notifying people, by a zero-width space that people do not see. */
export function neutraliseMentions(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}_])@(?=[\p{L}\p{N}_])/gu, `@${breaker}`);
}

/** The inverse: what comes back from the tracker reads as it was written. */
export function restoreMentions(text: string): string {
  return text.replaceAll(`@${breaker}`, "@");
}
