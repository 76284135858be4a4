import { cleanLine, cleanText } from "./clean-text.ts";
import { safeUrl } from "./safe-url.ts";

/** How values under certain names are cleaned. */
export interface Cleaning {
  readonly line: (text: string) => string;
  readonly url: (url: string) => string | null;
}

/** Text of one line. Bodies are not among them: they are synced, so they stay as people wrote them. */
const lines: ReadonlySet<string> = new Set(["title", "name", "displayName", "login", "type", "priority", "message"]);
const addresses: ReadonlySet<string> = new Set(["url", "avatarUrl"]);
const lists: ReadonlySet<string> = new Set(["labels", "scopes", "problems"]);
/** Deeper than any answer that means something, and far from what the engine can walk through. */
const deepest = 64;
const mostComments = 1_000_000_000;

const remote: Cleaning = { line: cleanLine, url: safeUrl };

function cleanEntry(name: string, value: unknown, cleaning: Cleaning, depth: number): unknown {
  if (addresses.has(name) && typeof value === "string") return cleaning.url(value);
  if (lines.has(name) && typeof value === "string") return cleaning.line(value);
  if (lists.has(name) && Array.isArray(value)) {
    return value.map((item: unknown) =>
      typeof item === "string" ? cleaning.line(item) : cleanAnswer(item, cleaning, depth + 1),
    );
  }
  if (name === "commentCount" && typeof value === "number") {
    return Number.isInteger(value) && value >= 0 && value <= mostComments ? value : null;
  }
  return cleanAnswer(value, name === "raw" ? { line: cleanText, url: (url) => url } : cleaning, depth + 1);
}

/**
 * What a provider answered, as plain data that can be stored and shown: text well-formed, lines single and of a sensible
 * length, addresses `http` or `https` or null, no deeper than anybody looks.
 */
export function cleanAnswer(value: unknown, cleaning: Cleaning = remote, depth = 0): unknown {
  if (typeof value === "string") return cleanText(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > deepest) return null;
  if (Array.isArray(value)) return value.map((item: unknown) => cleanAnswer(item, cleaning, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  // Not by assignment: a key such as `__proto__` is a key like others.
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, cleanEntry(name, entry, cleaning, depth)]),
  );
}
