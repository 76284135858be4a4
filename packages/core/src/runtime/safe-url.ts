const longestUrl = 8_000;
/** What has no place in an address, and what ends an attribute that somebody forgot to escape. */
const outOfPlace = /[\s\p{Cc}\p{Cf}"'<>`\\^{|}]/gu;

/**
 * An address that can be put into a link as it is: absolute, `http` or `https`, without user and password, free of spaces,
 * quotes, angle brackets and invisible characters. Null for anything else.
 */
export function safeUrl(text: unknown): string | null {
  if (typeof text !== "string" || text.length > longestUrl || !/^https?:\/\/[^/\\]/i.test(text)) return null;
  const safe = text
    .toWellFormed()
    .replace(outOfPlace, (character) => (character === "'" ? "%27" : encodeURIComponent(character)));
  // What is handed out is what is checked: browsers leave some characters out before they look at a host.
  const url = URL.canParse(safe) ? new URL(safe) : null;
  return url === null || url.username !== "" || url.password !== "" ? null : safe;
}
