import type { FormattedIssue, IssueDraft, IssueLocation, IssueSite } from "@backref/core/provider";
import { addressWith, belowAddress } from "@backref/provider-kit";
import { webUrlOf } from "./site.ts";
import type { JiraOptions } from "./types.ts";

// https://confluence.atlassian.com/adminjiraserver/changing-the-project-key-format-938847081.html; the dash is in no key.
const project = "[A-Za-z][A-Za-z0-9_]{0,99}";
const number = "[1-9][0-9]{0,9}";

const issueKey = new RegExp(`^(${project})-(${number})$`);
const browsePath = new RegExp(`^/browse/(${project})-(${number})$`);
const projectIssuePath = new RegExp(
  `/projects/${project}/(?:.*/)?(?:issues|queues/custom/\\d+)/(${project})-(${number})$`,
);
const apiPath = new RegExp(`^/rest/api/(?:2|3|latest)/issue/(${project})-(${number})$`);
const projectKey = new RegExp(`^${project}$`);
const projectPath = new RegExp(`/(?:browse|projects)/(${project})(?:-${number})?(?:/.*)?$`);

/**
 * Reads `WEB-12` in any case, and URLs: an issue's page, one that is open beside a board or a list
 * (`?selectedIssue=WEB-12`), a service project's, and the API's by key.
 */
export function parseIssue(text: string, site: IssueSite<JiraOptions>): IssueLocation | null {
  const trimmed = text.trim();
  return locationOf(issueKey.exec(trimmed)) ?? parsePage(trimmed, site);
}

export function formatIssue(
  { container, item }: { readonly container: string; readonly item: string },
  site: IssueSite<JiraOptions>,
): FormattedIssue {
  const displayKey = `${container}-${item}`;
  return { canonicalKey: displayKey.toLowerCase(), displayKey, url: `${webUrlOf(site)}/browse/${displayKey}` };
}

/** Longer addresses are refused by most servers on the way. */
const longestUrl = 8_000;

/** Jira's form takes what is in its address, but only with ids of project and type, which are not known here. */
export function createUrl({ title, description }: IssueDraft, site: IssueSite<JiraOptions>): string {
  const page = `${webUrlOf(site)}/secure/CreateIssue!default.jspa`;
  return addressWith(
    page,
    [
      ["summary", title],
      ["description", description],
    ],
    longestUrl,
  );
}

/** A project's key in capitals, of the key or of any page of the project; null for anything else. */
export function parseContainer(text: string): string | null {
  const trimmed = text.trim();
  if (projectKey.test(trimmed)) return trimmed.toUpperCase();
  const isUrl = /^https?:\/\//i.test(trimmed) && URL.canParse(trimmed);
  return isUrl ? (projectPath.exec(new URL(trimmed).pathname)?.[1]?.toUpperCase() ?? null) : null;
}

/** Where an issue with this key is; null for what is no key. */
export function splitKey(key: string): { readonly container: string; readonly item: string } | null {
  return locationOf(issueKey.exec(key));
}

function locationOf(match: RegExpExecArray | null): { readonly container: string; readonly item: string } | null {
  const [, container, item] = match ?? [];
  return container === undefined || item === undefined ? null : { container: container.toUpperCase(), item };
}

function parsePage(text: string, site: IssueSite<JiraOptions>): IssueLocation | null {
  const page = belowAddress(text, webUrlOf(site)) ?? belowAddress(text, site.baseUrl);
  if (page === null) return null;
  const beside = page.search.get("selectedIssue");
  for (const pattern of [browsePath, projectIssuePath, apiPath]) {
    const found = locationOf(pattern.exec(page.path));
    if (found !== null) return found;
  }
  return beside === null ? null : splitKey(beside);
}
