import type { UrlTemplateOptions } from "./types.ts";

export type KeyCase = UrlTemplateOptions["keyCase"];

/** What a key or URL says about an issue; a name is absent where the text does not say it. */
export type KeyValues = { readonly [Name in "container" | "item"]?: string };

const longestValue = 255;

/**
 * Both written the way the source writes them; null where one cannot stand in a key and in a URL: outer space, control
 * characters, and names of path segments that browsers take away.
 */
export function cleanValues(found: Readonly<Record<string, string | undefined>>, keyCase: KeyCase): KeyValues | null {
  const { container, item } = found;
  const isClean = [container, item].every((value) => value === undefined || canStand(value));
  if (!isClean) return null;
  return {
    ...(container === undefined ? {} : { container: inCase(container, keyCase) }),
    ...(item === undefined ? {} : { item: inCase(item, keyCase) }),
  };
}

/** Letters of ASCII only: others change their number, or come back as others. */
export function inCase(text: string, keyCase: KeyCase): string {
  if (keyCase === "as-is") return text;
  return keyCase === "upper"
    ? text.replace(/[a-z]/g, (letter) => letter.toUpperCase())
    : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function canStand(value: string): boolean {
  if (value.length > longestValue || value !== value.trim() || !value.isWellFormed()) return false;
  return !/\p{Cc}/u.test(value) && value.split("/").every((segment) => !/^\.*$/.test(segment));
}
