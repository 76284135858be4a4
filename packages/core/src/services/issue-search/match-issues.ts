import type { IssueSnapshot } from "../../domain/issue-snapshot.ts";
import type { Issue } from "../../issues/issue.ts";
import { issueRowUpdate, newIssueRow } from "../../issues/issue-cache.ts";
import { siteOf } from "../../runtime/session.ts";
import type { IssueRow } from "../../storage/rows/reference-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import type { IssueMatch } from "../issue-search-types.ts";
import type { ServiceContext } from "../service-context.ts";
import type { SearchPlace } from "./search-place.ts";

/** An issue that was come across. */
export interface Seen {
  /** As it would be stored. */
  readonly row: IssueRow;
  /** False for a row that is made for showing only. */
  readonly isStored: boolean;
}

/** A row to show, of an issue that is not stored, or of which nothing else is known. */
export function unstoredRow(
  { runtime, scope }: ServiceContext,
  { source, provider }: SearchPlace,
  at: { readonly container: string; readonly item: string },
): IssueRow {
  const { container, item } = at;
  const formatted = provider.formatIssue({ container, item }, siteOf(source));
  return newIssueRow({
    tenantId: scope.tenantId,
    id: runtime.ids.id(),
    sourceId: source.id,
    container,
    item,
    formatted,
  });
}

/** Stored rows of what the tracker told, as new as either is; others as they would be stored. Nothing is written. */
export async function seenIssues(
  context: ServiceContext,
  place: SearchPlace,
  issues: readonly IssueSnapshot[],
): Promise<readonly Seen[]> {
  const { runtime, scope } = context;
  const { source, provider } = place;
  const fresh = issues.map((issue) => ({ issue, row: unstoredRow(context, place, issue) }));
  const [byId, byKey] = await Promise.all([
    findByKeys(
      runtime.storage,
      scope,
      "issue",
      "remoteId",
      issues.map(({ remoteId }) => [source.id, remoteId]),
    ),
    findByKeys(
      runtime.storage,
      scope,
      "issue",
      "canonicalKey",
      fresh.map(({ row }) => [source.id, row.canonicalKey]),
    ),
  ]);
  return fresh.map(({ issue, row }) => {
    const stored =
      byId.find(({ remoteId }) => remoteId === issue.remoteId) ??
      byKey.find(({ canonicalKey, remoteId }) => canonicalKey === row.canonicalKey && remoteId === null);
    const base = stored ?? row;
    const format = (at: { readonly container: string; readonly item: string }) =>
      provider.formatIssue(at, siteOf(source));
    const set = issueRowUpdate(base, { kind: "live", issue }, runtime.clock.now(), format);
    return { row: { ...base, ...set }, isStored: stored !== undefined };
  });
}

/** Whatever else refers to an issue is nobody's business here: without a link in the project it has no id. */
export function matchOf(
  { id, ...issue }: Issue,
  { lastLinked, linkedBy }: Pick<IssueMatch, "lastLinked" | "linkedBy">,
): IssueMatch {
  return { ...issue, id: lastLinked === null ? null : id, lastLinked, linkedBy };
}
