import type { FormattedIssue, IssueDraft, IssueLocation, IssueSite } from "@backref/core/provider";
import { addressWith, belowAddress } from "@backref/provider-kit";
import type { RedmineOptions } from "./types.ts";

const number = "[1-9][0-9]{0,9}";
const bareKey = new RegExp(`^#?(${number})$`);
const issuePath = new RegExp(`^/issues/(${number})(?:\\.json)?$`);

/** `/\A(?!\d+$)[a-z0-9\-_]*\z/` of Redmine's Project model, and its length. */
const identifier = /^(?!\d+$)[a-z0-9_-]{1,100}$/;
const projectPath = /\/projects\/([^/?#]+)/;

/** Reads `12`, `#12` and the URL of an issue. Numbers are a server's own: neither says which project it is in. */
export function parseIssue(text: string, { baseUrl }: IssueSite<RedmineOptions>): IssueLocation | null {
  const trimmed = text.trim();
  const path = belowAddress(trimmed, baseUrl)?.path ?? "";
  const item = bareKey.exec(trimmed)?.[1] ?? issuePath.exec(path)?.[1];
  return item === undefined ? null : { container: null, item };
}

export function formatIssue(
  { container, item }: { readonly container: string; readonly item: string },
  { baseUrl }: IssueSite<RedmineOptions>,
): FormattedIssue {
  return { canonicalKey: `${container}#${item}`, displayKey: `#${item}`, url: issueUrl(baseUrl, item) };
}

export function issueUrl(baseUrl: string, item: string): string {
  return `${baseUrl}/issues/${item}`;
}

/** Servers in front of Redmine take addresses of at least this length. */
const longestUrl = 8_000;

/** The page for a new issue. A description that does not fit into an address is left out, and so is such a title. */
export function createUrl(
  { container, title, description }: IssueDraft,
  { baseUrl }: IssueSite<RedmineOptions>,
): string {
  const parts = [
    ["issue[subject]", title],
    ["issue[description]", description],
  ] as const;
  return addressWith(`${baseUrl}/projects/${encodeURIComponent(container)}/issues/new`, parts, longestUrl);
}

/** A project's identifier, of itself or of any page of the project; null for anything else. */
export function parseContainer(text: string): string | null {
  const trimmed = text.trim();
  const isUrl = /^https?:\/\//i.test(trimmed) && URL.canParse(trimmed);
  const name = isUrl ? (projectPath.exec(new URL(trimmed).pathname)?.[1] ?? "") : trimmed.toLowerCase();
  return identifier.test(name) ? name : null;
}

/** A project as a path of the API names it. */
export function projectAddress(container: string): string {
  return `/projects/${encodeURIComponent(container)}`;
}

export function issueAddress({ item }: { readonly item: string }): string {
  return `/issues/${encodeURIComponent(item)}`;
}
