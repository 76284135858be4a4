import type { FormattedIssue, IssueDraft, IssueLocation, IssueSite } from "@backref/core/provider";
import { addressWith, belowAddress } from "@backref/provider-kit";
import { webUrlOf } from "./site.ts";
import type { GitHubOptions } from "./types.ts";

// Underscores stand in the logins of enterprise-managed users.
const owner = "[A-Za-z0-9][A-Za-z0-9_-]{0,99}";
const repository = "[A-Za-z0-9._-]{1,100}";
const number = "[1-9][0-9]{0,9}";

const bareKey = new RegExp(`^(?:#|GH-)?(${number})$`, "i");
const fullKey = new RegExp(`^(${owner}/${repository})#(${number})$`);
const issuePath = new RegExp(`^/(${owner}/${repository})/(?:issues|pull)/(${number})(?:/.*)?$`);
const apiPath = new RegExp(`^/repos/(${owner}/${repository})/(?:issues|pulls)/(${number})(?:/.*)?$`);
const boardItem = new RegExp(`^(${owner})\\|(${repository})\\|(${number})$`);
const containerName = new RegExp(`^(${owner}/${repository})/?$`);
const repositoryPath = new RegExp(`^/(${owner}/${repository})(?:/.*)?$`);

/**
 * Reads `12`, `#12`, `GH-12`, `owner/name#12` and URLs of issues and pull requests, which share their numbers: their pages,
 * the API's (`api.github.com/repos/…`, which answers and deliveries hold), those that bots write so that nobody is notified
 * (`redirect.github.com`), and an issue that is open beside a list or a project's board (`?issue=owner|name|12`).
 */
export function parseIssue(text: string, site: IssueSite<GitHubOptions>): IssueLocation | null {
  const trimmed = text.trim();
  const bare = bareKey.exec(trimmed)?.[1];
  if (bare !== undefined) return { container: null, item: bare };
  return matchLocation(fullKey, trimmed) ?? parsePage(trimmed, site) ?? parseApiUrl(trimmed, site);
}

export function formatIssue(
  location: { readonly container: string; readonly item: string },
  site: IssueSite<GitHubOptions>,
): FormattedIssue {
  const displayKey = `${location.container}#${location.item}`;
  return {
    canonicalKey: displayKey.toLowerCase(),
    displayKey,
    url: `${webUrlOf(site)}/${location.container}/issues/${location.item}`,
  };
}

/** GitHub answers 414 beyond it: https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/creating-an-issue */
const longestUrl = 8_000;

/** The page for a new issue. A description that does not fit into an address is left out, and so is such a title. */
export function createUrl({ container, title, description }: IssueDraft, site: IssueSite<GitHubOptions>): string {
  const page = `${webUrlOf(site)}/${container}/issues/new`;
  return addressWith(
    page,
    [
      ["title", title],
      ["body", description],
    ],
    longestUrl,
  );
}

/** `owner/name` from a name or any URL of the repository; null for anything else. */
export function parseContainer(text: string): string | null {
  const trimmed = text.trim().replace(/^git@[^:/]+:/, "");
  const isUrl = /^https?:\/\//i.test(trimmed) && URL.canParse(trimmed);
  const matched = isUrl ? repositoryPath.exec(new URL(trimmed).pathname)?.[1] : containerName.exec(trimmed)?.[1];
  const container = matched?.replace(/\.git$/i, "");
  return container === undefined || !isContainer(container) ? null : container;
}

/** Owner and name for REST paths. */
export function splitContainer(container: string): { readonly owner: string; readonly repo: string } {
  const [ownerName = "", repositoryName = ""] = container.split("/");
  return { owner: ownerName, repo: repositoryName };
}

/** True if both name the same repository: GitHub ignores case. */
export function isSameContainer(first: string, second: string): boolean {
  return first.toLowerCase() === second.toLowerCase();
}

function matchLocation(pattern: RegExp, text: string): IssueLocation | null {
  const [, container, item] = pattern.exec(text) ?? [];
  return container === undefined || item === undefined || !isContainer(container) ? null : { container, item };
}

function isContainer(container: string): boolean {
  const { repo } = splitContainer(container);
  return containerName.test(container) && repo !== "." && repo !== "..";
}

function parsePage(text: string, site: IssueSite<GitHubOptions>): IssueLocation | null {
  const page = belowAddress(text, webUrlOf(site), hostOf);
  if (page === null) return null;
  const [, ownerName, name, item] = boardItem.exec(page.search.get("issue") ?? "") ?? [];
  const beside = item === undefined ? null : matchLocation(fullKey, `${ownerName}/${name}#${item}`);
  return matchLocation(issuePath, page.path) ?? beside;
}

function parseApiUrl(text: string, site: IssueSite<GitHubOptions>): IssueLocation | null {
  const resource = belowAddress(text, site.baseUrl, hostOf);
  return resource === null ? null : matchLocation(apiPath, resource.path);
}

function hostOf(url: URL): string {
  return url.host.replace(/^www\.|^redirect\.(?=github\.com$)/, "");
}
