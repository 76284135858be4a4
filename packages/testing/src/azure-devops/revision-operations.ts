import { asText, type JsonObject } from "../fake/json.ts";
import {
  type AzureDevOpsAnswer,
  type AzureDevOpsCall,
  type AzureDevOpsOperation,
  bodyOf,
  itemOf,
  numberOf,
  readScopes,
  scopeOf,
  sees,
} from "./call.ts";
import { AzureDevOpsFailure, invalid } from "./failure.ts";
import type { WorkItemRecord } from "./model.ts";
import { fieldsOf, identityText, listOf, plainExpansion, presentIdentity, presentItem } from "./views.ts";

const reporting = "/{project}/_apis/wit/reporting/workitemrevisions";
const revisions = "/{project}/_apis/wit/workItems/{id}/revisions";

/** Fields that hold long texts are left out of reports unless they are asked for. */
const longTexts = new Set(["html", "history"]);

/** Revisions of one item, and the reporting API over all of them. */
export const revisionOperations: readonly AzureDevOpsOperation[] = [
  { method: "GET", template: reporting, scopes: readScopes, handle: report },
  { method: "POST", template: reporting, scopes: readScopes, handle: report },
  { method: "GET", template: revisions, scopes: readScopes, handle: list },
];

/** Where a report goes on: watermark, item and revision of what was told last. */
interface Watermark {
  readonly watermark: number;
  readonly text: string | null;
}

/**
 * What changed since a watermark, or since a time at the first call, in the order of the changes. A revision that was
 * followed by another is left out where only the latest are asked for; an item in the recycle bin is told of only where
 * deleted ones are. A project is told only of what is in it now.
 */
function report(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const start = startOf(call);
  const isLatestOnly = option(call, "includeLatestOnly");
  const includeDeleted = option(call, "includeDeleted");
  const scope = scopeOf(call);
  const until = call.indexedAt ?? Number.POSITIVE_INFINITY;
  const known = call.world.revisions.filter(({ changedAt }) => changedAt <= until);
  const latest = new Map(known.map((revision) => [revision.id, revision.rev]));
  const wanted = known.filter((revision) => {
    if (revision.watermark <= start.watermark || !sees(call, call.world.projectOf(revision))) return false;
    if (start.since !== null && revision.changedAt < start.since) return false;
    if (scope !== null && revision.projectId !== scope.id) return false;
    if (isLatestOnly && latest.get(revision.id) !== revision.rev) return false;
    return (includeDeleted || !revision.isDeleted) && isOfType(call, revision);
  });
  const size = numberOf(call, "$maxPageSize", call.reportingPageSize, call.reportingPageSize);
  const page = wanted.slice(0, size);
  const isLastBatch = page.length === wanted.length;
  const told = (isLastBatch ? known.at(-1) : page.at(-1)) ?? null;
  const isPast = told !== null && told.watermark > start.watermark;
  const token = isPast ? `${told.watermark};${told.id};${told.rev}` : (start.text ?? "0;0;0");
  const next = new URLSearchParams([...call.query].filter(([name]) => name !== "startDateTime"));
  next.set("continuationToken", token);
  const path = scope === null ? call.url : `${call.url}/${scope.id}`;
  const body = {
    values: page.map((revision) => present(call, revision)),
    nextLink: `${path}/_apis/wit/reporting/workItemRevisions?${next}`,
    continuationToken: token,
    isLastBatch,
  };
  return { status: 200, body };
}

function startOf(call: AzureDevOpsCall): Watermark & { readonly since: number | null } {
  const token = call.query.get("continuationToken");
  const since = call.query.get("startDateTime");
  if (token !== null && since !== null)
    throw invalid("The startDateTime and continuationToken parameters cannot be used together.", "ArgumentException");
  if (token !== null) {
    if (!/^\d+(;\d+;\d+)?$/.test(token))
      throw new AzureDevOpsFailure(
        400,
        "ReportingWorkItemContinuationTokenFormatException",
        `VS402351: The continuation token ${token} is not valid.`,
      );
    return { watermark: Number.parseInt(token, 10), text: token, since: null };
  }
  const at = since === null ? null : Date.parse(since);
  if (at !== null && Number.isNaN(at))
    throw invalid(`The value '${since}' is not valid for DateTime.`, "ArgumentException");
  return { watermark: 0, text: null, since: at };
}

/** Of the query, or of the body where the report is asked for by POST. */
function option(call: AzureDevOpsCall, name: string): boolean {
  return (call.query.get(name) ?? asText(String(bodyOf(call)[name])) ?? "").toLowerCase() === "true";
}

function namesOf(call: AzureDevOpsCall, name: string): readonly string[] | null {
  const text = call.query.get(name);
  if (text !== null) return text.split(",");
  const given = bodyOf(call)[name];
  return Array.isArray(given) ? given.map(String) : null;
}

function isOfType(call: AzureDevOpsCall, revision: WorkItemRecord): boolean {
  const types = namesOf(call, "types");
  return types === null || types.includes(revision.type);
}

function present(call: AzureDevOpsCall, revision: WorkItemRecord): JsonObject {
  const wanted = namesOf(call, "fields");
  const isExpanded = (call.query.get("$expand") ?? asText(bodyOf(call)["$expand"]) ?? "").toLowerCase() === "fields";
  const isRef = option(call, "includeIdentityRef");
  const all = fieldsOf(call, revision, true, isRef ? (user) => presentIdentity(call, user) : identityText);
  const shown = Object.entries(all).filter(([name]) => {
    if (wanted !== null) return wanted.includes(name);
    return isExpanded || !longTexts.has(call.world.findField(name)?.kind ?? "string");
  });
  return { id: revision.id, rev: revision.rev, fields: Object.fromEntries(shown) };
}

function list(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const { id } = itemOf(call);
  const all = call.world.revisions.filter((revision) => revision.id === id);
  const skip = numberOf(call, "$skip", 0, all.length);
  const page = all.slice(skip, skip + numberOf(call, "$top", 200, 200));
  return { status: 200, body: listOf(page.map((revision) => presentItem(call, revision, plainExpansion))) };
}
