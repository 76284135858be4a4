import type { FormattedIssue, IssueDraft, IssueLocation, IssueSite } from "@backref/core/provider";
import { addressWith, belowAddress } from "@backref/provider-kit";
import { collectionDepth, organisationOfHost, segment } from "./site.ts";
import type { AzureDevOpsOptions } from "./types.ts";

const number = "[1-9][0-9]{0,9}";
const bareKey = new RegExp(`^(?:(?:AB)?#)?(${number})$`, "i");
const editPath = new RegExp(`/_workitems/edit/(${number})$`, "i");
const apiPath = new RegExp(`/_apis/wit/workitems/(${number})(?:/.*)?$`, "i");
const exactNumber = new RegExp(`^${number}$`);
/** Ids are 32-bit integers. */
const largestId = 2 ** 31 - 1;

/** https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions#project-names, and control characters */
const forbidden = /[\\/:*?"<>|;#${},+=[\]\p{Cc}]/u;
const longestName = 64;

/**
 * Reads `12`, `#12`, `AB#12`, and URLs: a work item's page, one that is open beside a board, a list or a sprint
 * (`?workitem=12`, `?id=12`), and the API's. Ids are unique in an organisation: a key names no project, and a page may.
 */
export function parseIssue(text: string, site: IssueSite<AzureDevOpsOptions>): IssueLocation | null {
  const trimmed = text.trim();
  const bare = bareKey.exec(trimmed)?.[1];
  const found = bare === undefined ? parsePage(trimmed, site.baseUrl) : { container: null, item: bare };
  return found === null || idIn(found.item) === null ? null : found;
}

/** The id that a text is by itself; null for what cannot be one. */
export function idIn(text: string): string | null {
  return exactNumber.test(text) && Number(text) <= largestId ? text : null;
}

export function formatIssue(
  { container, item }: { readonly container: string; readonly item: string },
  { baseUrl }: IssueSite<AzureDevOpsOptions>,
): FormattedIssue {
  return {
    canonicalKey: `${container}#${item}`.toLowerCase(),
    displayKey: `#${item}`,
    url: `${baseUrl}/${segment(container)}/_workitems/edit/${item}`,
  };
}

/** Longer addresses are refused by most servers on the way. */
const longestUrl = 8_000;

/** The page for a new work item; fields stand in brackets in its query. */
export function createUrl(
  { container, title, description }: IssueDraft,
  { baseUrl, options }: IssueSite<AzureDevOpsOptions>,
): string {
  const page = `${baseUrl}/${segment(container)}/_workitems/create/${segment(options.workItemType)}`;
  return addressWith(
    page,
    [
      ["[System.Title]", title],
      ["[System.Description]", description],
    ],
    longestUrl,
  );
}

/** A project's name, of itself or of any page of the project; null for anything else. */
export function parseContainer(text: string): string | null {
  const trimmed = text.trim();
  const isUrl = /^https?:\/\//i.test(trimmed);
  const name = isUrl ? projectOf(trimmed) : trimmed;
  const isGood = name !== null && name !== "" && name.length <= longestName && !forbidden.test(name);
  return isGood && !/^[._]/.test(name) ? name : null;
}

function projectOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { hostname, pathname } = new URL(text);
  const parts = pathname.split("/").filter(Boolean);
  if (hostname === "dev.azure.com") return decode(parts[1]);
  if (organisationOfHost(hostname) !== null) return decode(parts[parts[0] === "DefaultCollection" ? 1 : 0]);
  return decode(parts[collectionDepth(parts) ?? parts.length]);
}

function parsePage(text: string, baseUrl: string): IssueLocation | null {
  const page = belowAddress(inCaseOf(baseUrl, text), baseUrl) ?? belowOwnHost(text, baseUrl);
  if (page === null) return null;
  const item = editPath.exec(page.path)?.[1] ?? apiPath.exec(page.path)?.[1] ?? besideOf(page.path, page.search);
  if (item === null) return null;
  const [first] = page.path.split("/").filter(Boolean);
  const container = first === undefined || first.startsWith("_") ? null : parseContainer(decode(first) ?? "");
  // The API's addresses have a project's id in its place, which no key has.
  const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(first ?? "");
  return { container: isId ? null : container, item };
}

/** The same page with the base URL spelt as it is here: Azure DevOps does not mind the case of names. */
function inCaseOf(baseUrl: string, text: string): string {
  const absolute = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(absolute)) return text;
  const url = new URL(absolute);
  const base = new URL(baseUrl).pathname.replace(/\/$/, "");
  const isBelow = `${url.pathname}/`.toLowerCase().startsWith(`${base}/`.toLowerCase());
  if (isBelow) url.pathname = base + url.pathname.slice(base.length);
  return url.href;
}

/** An item that is open beside something else. */
function besideOf(path: string, search: URLSearchParams): string | null {
  if (!/\/_(?:workitems|boards|backlogs|sprints|queries|dashboards)(?:\/|$)/i.test(path)) return null;
  return idIn(search.get("workitem") ?? search.get("id") ?? "");
}

/** `https://acme.visualstudio.com/…` of the organisation `https://dev.azure.com/acme`. */
function belowOwnHost(text: string, baseUrl: string): ReturnType<typeof belowAddress> {
  const { hostname, pathname } = new URL(baseUrl);
  const organisation = pathname.split("/")[1] ?? "";
  if (hostname !== "dev.azure.com" || !/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(organisation)) return null;
  const page = belowAddress(text, `https://${organisation}.visualstudio.com`);
  return page === null ? null : { ...page, path: page.path.replace(/^\/DefaultCollection(?=\/|$)/i, "") };
}

function decode(part: string | undefined): string | null {
  try {
    return part === undefined ? null : decodeURIComponent(part);
  } catch {
    return null;
  }
}
