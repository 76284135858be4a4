import { withoutTrailingSlashes } from "./trailing-slashes.ts";

/** What follows an address in a URL that people typed or pasted. */
export interface BelowAddress {
  /** Without trailing slashes; empty for the address itself. */
  readonly path: string;
  readonly search: URLSearchParams;
}

/**
 * What follows the address; null where the URL is another host's. A scheme may be missing, or another one.
 * @param hostOf the name that hosts are compared by @default the host itself
 */
export function belowAddress(
  text: string,
  address: string,
  hostOf: (url: URL) => string = (url) => url.host,
): BelowAddress | null {
  const absolute = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(absolute)) return null;
  const url = new URL(absolute);
  const base = new URL(address);
  if (hostOf(url) !== hostOf(base)) return null;
  const prefix = base.pathname.replace(/\/$/, "");
  if (!`${url.pathname}/`.startsWith(`${prefix}/`)) return null;
  return { path: withoutTrailingSlashes(url.pathname.slice(prefix.length)), search: url.searchParams };
}

/**
 * An address with as many of the query's parts, in order, as fit into its greatest length. A part that makes it too long
 * is left out with all that follow.
 */
export function addressWith(
  page: string,
  parts: readonly (readonly [name: string, value: string | undefined])[],
  longest: number,
): string {
  const url = new URL(page);
  let fitting = url.href;
  for (const [name, value] of parts) {
    if (value === undefined) continue;
    url.searchParams.set(name, value);
    if (url.href.length > longest) break;
    fitting = url.href;
  }
  return fitting;
}
