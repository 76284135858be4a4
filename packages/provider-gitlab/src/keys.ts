import type { FormattedIssue, IssueDraft, IssueLocation, IssueSite } from "@backref/core/provider";
import { addressWith, belowAddress } from "@backref/provider-kit";
import { shownInDrawer } from "./drawer-link.ts";
import { webUrlOf } from "./site.ts";
import type { GitLabOptions } from "./types.ts";

// No part of a path is `-` alone: behind it GitLab's own pages begin. `.` and `..` would lead elsewhere.
const part = "(?!\\.{1,2}(?![A-Za-z0-9_.-]))[A-Za-z0-9_.][A-Za-z0-9_.-]{0,254}";
const path = `${part}(?:/${part}){1,20}`;
const number = "[1-9][0-9]{0,9}";

const bareKey = new RegExp(`^(?:#|GL-)?(${number})$`, "i");
const fullKey = new RegExp(`^(${path})#(${number})$`);
/** What is below `/groups/` is a group's own, such as its epics. */
const issuePath = new RegExp(`^/(?!groups/)(${path})/-/(?:issues|work_items)/(?:incident/)?(${number})(?:/.*)?$`);
/** Before GitLab 13 pages of a project had no `/-/`. */
const oldIssuePath = new RegExp(`^/(${path})/issues/(${number})$`);
const apiPath = new RegExp(`^/api/v4/projects/([^/]{1,2000})/issues/(${number})(?:/.*)?$`);
const containerName = new RegExp(`^(${path})/?$`);
const projectPath = new RegExp(`^/(${path})(?:/-/.*)?$`);

/**
 * Reads `12`, `#12`, `GL-12`, `group/sub/project#12` and URLs: of issues (`/-/issues/12`, `/-/work_items/12`, without `/-/` as
 * they were before), of lists with an issue in a drawer, and the API's, where it names the project by its path.
 */
export function parseIssue(text: string, site: IssueSite<GitLabOptions>): IssueLocation | null {
  const trimmed = text.trim();
  const bare = bareKey.exec(trimmed)?.[1];
  if (bare !== undefined) return { container: null, item: bare };
  return matchLocation(fullKey, trimmed) ?? parsePage(trimmed, site) ?? parseApiUrl(trimmed, site);
}

export function formatIssue(
  location: { readonly container: string; readonly item: string },
  site: IssueSite<GitLabOptions>,
): FormattedIssue {
  const displayKey = `${location.container}#${location.item}`;
  return {
    canonicalKey: displayKey.toLowerCase(),
    displayKey,
    url: `${webUrlOf(site)}/${location.container}/-/issues/${location.item}`,
  };
}

/** Servers in front of GitLab take addresses of at least this length. */
const longestUrl = 8_000;

/** The page for a new issue. A description that does not fit into an address is left out, and so is such a title. */
export function createUrl({ container, title, description }: IssueDraft, site: IssueSite<GitLabOptions>): string {
  const page = `${webUrlOf(site)}/${container}/-/issues/new`;
  const parts = [
    ["issue[title]", title],
    ["issue[description]", description],
  ] as const;
  return addressWith(page, parts, longestUrl);
}

/** A project's path, or the URL of one of its pages; null for anything else. */
export function parseContainer(text: string): string | null {
  const trimmed = text.trim();
  const named = containerName.exec(trimmed)?.[1];
  if (named !== undefined && !/^[^/]*\.[a-z]{2,}\//i.test(trimmed)) return named;
  if (!/^https?:\/\//i.test(trimmed) || !URL.canParse(trimmed)) return named ?? null;
  return projectPath.exec(new URL(trimmed).pathname.replace(/\/+$/, ""))?.[1] ?? null;
}

/** Paths are the same in any case. */
export function isSameContainer(first: string, second: string): boolean {
  return first.toLowerCase() === second.toLowerCase();
}

/** A project as a path of the API names it. */
export function projectAddress(container: string): string {
  return `/projects/${encodeURIComponent(container)}`;
}

export function issueAddress({ container, item }: { readonly container: string; readonly item: string }): string {
  return `${projectAddress(container)}/issues/${encodeURIComponent(item)}`;
}

function parsePage(text: string, site: IssueSite<GitLabOptions>): IssueLocation | null {
  const page = belowAddress(text, webUrlOf(site), hostOf);
  if (page === null) return null;
  const { path: place, search } = page;
  const shown = shownInDrawer(search) ?? "";
  return matchLocation(issuePath, place) ?? matchLocation(oldIssuePath, place) ?? matchLocation(fullKey, shown);
}

/** As answers hold them. */
function parseApiUrl(text: string, site: IssueSite<GitLabOptions>): IssueLocation | null {
  const [, project = "", item = ""] = apiPath.exec(belowAddress(text, site.baseUrl, hostOf)?.path ?? "") ?? [];
  const container = /%(?![\da-f]{2})/i.test(project) ? "" : decode(project);
  return containerName.test(container) ? { container, item } : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** gitlab.com goes by two names. */
function hostOf({ host }: URL): string {
  return host.replace(/^www\.gitlab\.com$/, "gitlab.com");
}

function matchLocation(pattern: RegExp, text: string): IssueLocation | null {
  const [, container, item] = pattern.exec(text) ?? [];
  return container === undefined || item === undefined ? null : { container, item };
}
