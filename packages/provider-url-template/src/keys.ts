import type { FormattedIssue, IssueLocation } from "@backref/core/provider";
import { inCase } from "./key-values.ts";
import { type CompiledSite, withoutWww } from "./site.ts";

/** The container of a tracker that has one only. */
export const soleContainer = "tracker";

const longestKey = 512;
const longestUrl = 4_000;

/** Reads keys by the key pattern and URLs by the issue URL template. Never throws. */
export function parseIssue(text: string, site: CompiledSite): IssueLocation | null {
  const trimmed = text.trim();
  if (trimmed.length > longestUrl) return null;
  const url = urlOn(site, trimmed);
  if (url !== null) {
    const { container = soleContainer, item } = site.issueUrl.read(url) ?? {};
    return item === undefined ? null : { container, item };
  }
  if (trimmed.length > longestKey || /^https?:\/\//i.test(trimmed)) return null;
  const { container = null, item } = site.key.readWhole(trimmed) ?? site.key.read(trimmed) ?? {};
  return item === undefined ? null : { container, item };
}

export function formatIssue(
  location: { readonly container: string; readonly item: string },
  { key, issueUrl }: CompiledSite,
): FormattedIssue {
  const [container, item] = [inCase(location.container, key.keyCase), inCase(location.item, key.keyCase)];
  const displayKey = key.write({ container, item });
  return { canonicalKey: displayKey, displayKey, url: issueUrl.write({ container, item, key: displayKey }) };
}

/** The URL, if it is one of this tracker's. Scheme and `www.` are forgiven. */
function urlOn({ hosts }: CompiledSite, text: string): URL | null {
  const absolute = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(absolute)) return null;
  const url = new URL(absolute);
  return hosts.has(withoutWww(url.host)) ? url : null;
}
