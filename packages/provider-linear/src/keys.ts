import type { FormattedIssue, IssueDraft, IssueLocation, IssueSite } from "@backref/core/provider";
import { addressWith } from "@backref/provider-kit";
import { workspaceUrlOf } from "./site.ts";
import type { LinearOptions } from "./types.ts";

// Keys of teams are letters and digits; five at most today, and longer ones were possible.
const teamKey = "[A-Za-z][A-Za-z0-9]{0,31}";
const number = "[1-9][0-9]{0,9}";

const identifier = new RegExp(`^(${teamKey})-(${number})$`);
const issuePath = new RegExp(`^/([^/]+)/issue/(${teamKey}-${number})(?:/.*)?$`);
const teamPath = new RegExp(`^/([^/]+)/team/(${teamKey})(?:/.*)?$`);
const teamName = new RegExp(`^${teamKey}$`);

/** Reads `ENG-12` and URLs of issues of the workspace, with or without the words behind the identifier. */
export function parseIssue(text: string, site: IssueSite<LinearOptions>): IssueLocation | null {
  const trimmed = text.trim();
  return locationOf(trimmed) ?? locationOf(pathIn(trimmed, issuePath, site.options.workspace) ?? "");
}

export function formatIssue(
  location: { readonly container: string; readonly item: string },
  site: IssueSite<LinearOptions>,
): FormattedIssue {
  const displayKey = `${location.container.toUpperCase()}-${location.item}`;
  return {
    canonicalKey: displayKey.toLowerCase(),
    displayKey,
    url: `${workspaceUrlOf(site)}/issue/${displayKey}`,
  };
}

/** Browsers and proxies refuse addresses that are much longer. */
const longestUrl = 8_000;

/** The page for a new issue of a team; see https://linear.app/developers/create-issues-using-linear-new */
export function createUrl({ container, title, description }: IssueDraft, site: IssueSite<LinearOptions>): string {
  const page = `${workspaceUrlOf(site)}/team/${container.toUpperCase()}/new`;
  const parts = [
    ["title", title],
    ["description", description],
  ] as const;
  return addressWith(page, parts, longestUrl);
}

/** A team's key, from itself or from the URL of one of the team's pages; null for anything else. */
export function parseContainer(text: string): string | null {
  const trimmed = text.trim();
  const key = teamName.test(trimmed) ? trimmed : pathIn(trimmed, teamPath, null);
  return key?.toUpperCase() ?? null;
}

/** What `ENG-12` says. */
export function locationOf(text: string): { readonly container: string; readonly item: string } | null {
  const [, container, item] = identifier.exec(text) ?? [];
  return container === undefined || item === undefined ? null : { container: container.toUpperCase(), item };
}

/** @param workspace null for any */
function pathIn(text: string, pattern: RegExp, workspace: string | null): string | null {
  const absolute = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(absolute)) return null;
  const { host, pathname } = new URL(absolute);
  if (host !== "linear.app" && host !== "www.linear.app") return null;
  const [, named, found] = pattern.exec(pathname.replace(/\/+$/, "")) ?? [];
  const isHere = workspace === null || named?.toLowerCase() === workspace.toLowerCase();
  return found !== undefined && isHere ? found : null;
}
