import { type FormatIssue, issueRowUpdate, newIssueRow } from "../../issues/issue-cache.ts";
import { planIssueMerge, unchangedIssue } from "../../issues/merge-issues.ts";
import type { ReadOutcome } from "../../provider/groups/read.ts";
import { siteOf } from "../../runtime/session.ts";
import type { CommitUnit } from "../../storage/commit.ts";
import type { IssueRow } from "../../storage/rows/reference-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import type { ServiceContext } from "../service-context.ts";
import { issueKey } from "./read-new-issues.ts";
import type { NamedIssue } from "./resolve-issue-text.ts";

/** Stored issues, by everything they can be recognised by. */
export interface KnownIssues {
  readonly byKey: Map<string, IssueRow>;
  readonly byRemoteId: Map<string, IssueRow>;
  /** Issues whose read is in an earlier unit of the same commit already. */
  readonly planned: Set<string>;
}

export interface PlannedIssue {
  readonly row: IssueRow;
  /** Null where nothing has to be written. */
  readonly unit: Required<CommitUnit> | null;
}

/** Loads what is stored, and first makes one row of rows that the reads showed to be one issue. */
export async function knownIssues(
  context: ServiceContext,
  issues: readonly NamedIssue[],
  outcomes: ReadonlyMap<string, ReadOutcome>,
): Promise<KnownIssues> {
  const named = [...new Map(issues.map((issue) => [issueKey(issue), issue])).values()];
  const known = await load(context, named, outcomes);
  const merges: CommitUnit[] = [];
  for (const issue of named) {
    const outcome = outcomes.get(issueKey(issue));
    const [winner, ...losers] = candidates(known, issue, outcome);
    if (winner === undefined || outcome === undefined) continue;
    for (const loser of losers.filter((row) => row.remoteId === null)) {
      const set =
        losers.length > 1 ? {} : issueRowUpdate(winner, outcome, context.runtime.clock.now(), formatOf(issue));
      const unit = await planIssueMerge(context.runtime.storage, context.scope, { winner, loser, set });
      if (unit !== null) merges.push(unit);
    }
  }
  if (merges.length === 0) return known;
  await context.runtime.storage.commit(context.scope, merges);
  return await load(context, named, outcomes);
}

/** The row an issue has or gets. */
export function planIssue(
  context: ServiceContext,
  known: KnownIssues,
  issue: NamedIssue,
  outcome: ReadOutcome | undefined,
): PlannedIssue {
  const { runtime, scope } = context;
  const key = issueKey(issue);
  const [stored] = candidates(known, issue, outcome);
  if (stored !== undefined && (outcome === undefined || known.planned.has(key))) return { row: stored, unit: null };
  known.planned.add(key);
  const base =
    stored ?? newIssueRow({ tenantId: scope.tenantId, id: runtime.ids.id(), sourceId: issue.source.id, ...issue });
  const set = outcome === undefined ? {} : issueRowUpdate(base, outcome, runtime.clock.now(), formatOf(issue));
  const row: IssueRow = { ...base, ...set };
  remember(known, key, row);
  if (stored === undefined) return { row, unit: { require: [], write: [{ type: "insert", table: "issue", row }] } };
  if (Object.keys(set).length === 0) return { row: stored, unit: null };
  return {
    row,
    unit: { require: [unchangedIssue(stored)], write: [{ type: "update", table: "issue", id: stored.id, set }] },
  };
}

async function load(
  context: ServiceContext,
  named: readonly NamedIssue[],
  outcomes: ReadonlyMap<string, ReadOutcome>,
): Promise<KnownIssues> {
  const { runtime, scope } = context;
  const keys = new Map<string, readonly [string, string]>();
  const remoteIds = new Map<string, readonly [string, string]>();
  for (const issue of named) {
    const outcome = outcomes.get(issueKey(issue));
    for (const key of [issue.formatted.canonicalKey, placeKey(issue, outcome)]) {
      if (key !== null) keys.set(`${issue.source.id} ${key}`, [issue.source.id, key]);
    }
    const remoteId = remoteIdOf(outcome);
    if (remoteId !== null) remoteIds.set(`${issue.source.id} ${remoteId}`, [issue.source.id, remoteId]);
  }
  const [byKey, byRemoteId] = await Promise.all([
    findByKeys(runtime.storage, scope, "issue", "canonicalKey", [...keys.values()]),
    findByKeys(runtime.storage, scope, "issue", "remoteId", [...remoteIds.values()]),
  ]);
  return {
    byKey: new Map(byKey.map((row) => [`${row.sourceId} ${row.canonicalKey}`, row])),
    byRemoteId: new Map(byRemoteId.map((row) => [`${row.sourceId} ${row.remoteId}`, row])),
    planned: new Set(),
  };
}

/** Rows that are this issue, the surest first: by its id, by the place the tracker named, by the key as typed. */
function candidates(known: KnownIssues, issue: NamedIssue, outcome: ReadOutcome | undefined): readonly IssueRow[] {
  const sourceId = issue.source.id;
  const remoteId = remoteIdOf(outcome);
  const place = placeKey(issue, outcome);
  const rows = [
    remoteId === null ? undefined : known.byRemoteId.get(`${sourceId} ${remoteId}`),
    place === null ? undefined : known.byKey.get(`${sourceId} ${place}`),
    known.byKey.get(issueKey(issue)),
  ].filter((row) => row !== undefined);
  const same = rows.filter((row) => remoteId === null || row.remoteId === null || row.remoteId === remoteId);
  return [...new Map(same.map((row) => [row.id, row])).values()];
}

function remember(known: KnownIssues, typedKey: string, row: IssueRow): void {
  known.byKey.set(typedKey, row);
  known.byKey.set(`${row.sourceId} ${row.canonicalKey}`, row);
  if (row.remoteId !== null) known.byRemoteId.set(`${row.sourceId} ${row.remoteId}`, row);
}

function formatOf({ provider, source }: NamedIssue): FormatIssue {
  const site = siteOf(source);
  return (place) => provider.formatIssue(place, site);
}

function placeOf(outcome: ReadOutcome | undefined): { readonly container: string; readonly item: string } | null {
  if (outcome?.kind === "live") return outcome.issue;
  return outcome?.kind === "moved" ? outcome.to : null;
}

function placeKey(issue: NamedIssue, outcome: ReadOutcome | undefined): string | null {
  const place = placeOf(outcome);
  return place === null ? null : formatOf(issue)(place).canonicalKey;
}

function remoteIdOf(outcome: ReadOutcome | undefined): string | null {
  if (outcome?.kind === "live") return outcome.issue.remoteId;
  return outcome?.kind === "moved" ? (outcome.to?.remoteId ?? null) : null;
}
