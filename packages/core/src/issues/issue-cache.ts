import type { FormattedIssue, IssueAddress, IssueSnapshot } from "../domain/issue-snapshot.ts";
import type { ReadOutcome } from "../provider/groups/read.ts";
import type { IssueRow } from "../storage/rows/reference-rows.ts";
import type { Issue } from "./issue.ts";

/** Columns that a read can change. */
export type IssueColumns = Partial<Omit<IssueRow, "tenantId" | "id" | "sourceId">>;

/** `provider.formatIssue`, with the source's site filled in. */
export type FormatIssue = (location: { readonly container: string; readonly item: string }) => FormattedIssue;

/** How the tracker is asked for this issue. */
export function issueAddress(row: IssueRow): IssueAddress {
  return {
    remoteId: row.remoteId,
    container: row.container,
    item: row.item,
    raw: row.snapshot === null ? null : row.snapshot.raw,
  };
}

/** A row for an issue that was never read. */
export function newIssueRow(request: {
  readonly tenantId: string;
  readonly id: string;
  readonly sourceId: string;
  readonly container: string;
  readonly item: string;
  readonly formatted: FormattedIssue;
}): IssueRow {
  const { tenantId, id, sourceId, container, item, formatted } = request;
  return {
    tenantId,
    id,
    sourceId,
    remoteId: null,
    canonicalKey: formatted.canonicalKey,
    formerKeys: [],
    container,
    item,
    displayKey: formatted.displayKey,
    url: formatted.url,
    state: "live",
    snapshot: null,
    version: 0,
    fetchedAt: null,
  };
}

/**
 * The columns to write after a read; empty where the read is older than what the row already holds.
 * The version of one item never falls. A changed place re-keys the row, and the key it had is remembered.
 *
 * @param now our wall clock at the read, milliseconds since 1970 UTC
 */
export function issueRowUpdate(row: IssueRow, outcome: ReadOutcome, now: number, format: FormatIssue): IssueColumns {
  switch (outcome.kind) {
    case "live":
      if (outcome.issue.version < row.version) return {};
      return {
        ...placeColumns(row, outcome.issue, format),
        remoteId: outcome.issue.remoteId,
        state: "live",
        snapshot: outcome.issue,
        version: outcome.issue.version,
        fetchedAt: now,
      };
    case "moved":
      if (outcome.to === null) return { state: "moved", fetchedAt: now };
      return {
        ...placeColumns(row, outcome.to, format),
        remoteId: outcome.to.remoteId ?? row.remoteId,
        // Details stay readable until the issue is read at its new address.
        snapshot: row.snapshot === null ? null : movedSnapshot(row.snapshot, outcome.to),
        // Another item counts its versions from its own beginning.
        ...(isSameItem(row, outcome.to) ? {} : { version: 0 }),
        state: "moved",
        fetchedAt: now,
      };
    case "deleted":
      return { state: "deleted", fetchedAt: now };
    case "no-access":
      return { state: "no-access", fetchedAt: now };
  }
}

/** True where a moved issue has kept its id, and with it its versions. */
export function isSameItem(row: IssueRow, to: IssueAddress): boolean {
  return to.remoteId === null || to.remoteId === row.remoteId;
}

/** The columns of a row whose issue is here now: another key, with the one it had among the former ones. */
export function placeColumns(
  row: IssueRow,
  place: { readonly container: string; readonly item: string },
  format: FormatIssue,
): IssueColumns {
  const formatted = format(place);
  const formerKeys =
    formatted.canonicalKey === row.canonicalKey
      ? row.formerKeys
      : [
          ...row.formerKeys.filter((key) => key !== formatted.canonicalKey && key !== row.canonicalKey),
          row.canonicalKey,
        ];
  return {
    canonicalKey: formatted.canonicalKey,
    formerKeys,
    container: place.container,
    item: place.item,
    displayKey: formatted.displayKey,
    url: formatted.url,
  };
}

function movedSnapshot(snapshot: IssueSnapshot, to: IssueAddress): IssueSnapshot {
  return {
    ...snapshot,
    remoteId: to.remoteId ?? snapshot.remoteId,
    container: to.container,
    item: to.item,
    raw: to.raw,
  };
}

/** What hosts see of a row. @param now our wall clock, milliseconds since 1970 UTC */
export function issueView(row: IssueRow, now: number, { isHidden }: { readonly isHidden: boolean }): Issue {
  const snapshot = isHidden ? null : row.snapshot;
  return {
    id: row.id,
    sourceId: row.sourceId,
    container: row.container,
    key: row.displayKey,
    formerKeys: row.formerKeys,
    url: row.url,
    state: row.state,
    details: isHidden ? "hidden" : snapshot === null ? "unread" : "known",
    title: snapshot?.title ?? null,
    status:
      snapshot === null
        ? null
        : { name: snapshot.state.name, category: snapshot.state.category, reason: snapshot.state.reason },
    assignee: snapshot?.assignees[0] ?? null,
    assignees: snapshot?.assignees ?? [],
    priority: snapshot?.priority ?? null,
    labels: snapshot?.labels ?? [],
    type: snapshot?.type ?? null,
    fetchedAt: row.fetchedAt,
    ageMs: row.fetchedAt === null ? null : Math.max(0, now - row.fetchedAt),
  };
}
