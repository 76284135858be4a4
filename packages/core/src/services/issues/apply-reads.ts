import { isDeepStrictEqual } from "node:util";
import { describeActivity } from "../../activity/activity.ts";
import type { IssueSnapshot } from "../../domain/issue-snapshot.ts";
import type { ActivityEvent } from "../../events/event-bus.ts";
import { type FormatIssue, issueRowUpdate } from "../../issues/issue-cache.ts";
import { findTwin, planIssueMerge, unchangedIssue } from "../../issues/merge-issues.ts";
import type { ReadOutcome } from "../../provider/groups/read.ts";
import type { CommitUnit, Write } from "../../storage/commit.ts";
import type { IssueRow } from "../../storage/rows/reference-rows.ts";
import { announce, withActivity } from "../commit-plan.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";

export interface IssueRead {
  readonly row: IssueRow;
  readonly outcome: ReadOutcome;
}

/**
 * Brings the rows up to date, one unit each, and makes sync links of changed issues due. A row that somebody changed in
 * the meantime keeps what is newer. Returns how many changed.
 */
export async function applyReads(
  context: ServiceContext,
  reads: readonly IssueRead[],
  format: FormatIssue,
): Promise<number> {
  const { runtime, scope } = context;
  const plans = reads.map((read) => ({ ...read, ...planRead(context, read, format) }));
  const outcomes = await runtime.storage.commit(
    scope,
    plans.map(({ unit }) => unit),
  );
  let changed = 0;
  for (const [index, plan] of plans.entries()) {
    const outcome = outcomes[index];
    const isDone = outcome?.status === "taken" ? await mergeTwin(context, plan) : outcome?.status === "committed";
    if (!isDone) continue;
    announce(runtime, scope, plan.events);
    if (plan.isChanged) changed += 1;
  }
  return changed;
}

/** Two changes within one moment of a tracker whose versions are times have the same version. */
function saysTheSame(before: IssueSnapshot | null, after: IssueSnapshot | null): boolean {
  // As a storage gives it back: without what is undefined.
  const content = (snapshot: IssueSnapshot | null): unknown => JSON.parse(JSON.stringify({ ...snapshot, raw: null }));
  return before === after || isDeepStrictEqual(content(before), content(after));
}

function planRead(context: ServiceContext, { row, outcome }: IssueRead, format: FormatIssue) {
  const set = issueRowUpdate(row, outcome, context.runtime.clock.now(), format);
  const updated: IssueRow = { ...row, ...set };
  const isChanged =
    row.fetchedAt === null ||
    updated.version !== row.version ||
    updated.state !== row.state ||
    updated.url !== row.url ||
    !saysTheSame(row.snapshot, updated.snapshot);
  const event = isChanged && row.fetchedAt !== null ? changeEvent(context, row, updated) : null;
  const events: readonly ActivityEvent[] = event === null ? [] : [event];
  const mark: Write = {
    type: "mark",
    table: "link",
    by: "issue",
    keys: [[row.id, 1]],
    afterMs: 0,
    checkIssue: true,
  };
  const unit: CommitUnit = {
    require: [unchangedIssue(row)],
    write:
      Object.keys(set).length === 0
        ? []
        : [{ type: "update", table: "issue", id: row.id, set }, ...(isChanged ? [mark] : [])],
  };
  return { set, updated, isChanged, events, unit: withActivity(unit, events) };
}

function changeEvent(context: ServiceContext, before: IssueRow, after: IssueRow): ActivityEvent {
  const isGone = after.state !== "live" && before.state !== after.state;
  return describeActivity(
    context.runtime,
    isGone ? "issue-gone" : "issue-updated",
    { tenantId: context.scope.tenantId, actorId: actorIdOf(context.actor), sourceId: after.sourceId },
    { issueId: after.id, issueKey: after.displayKey, state: after.state },
  );
}

/** The read showed that another row is the same issue: it was typed under another key, or moved here. */
async function mergeTwin(context: ServiceContext, plan: IssueRead & ReturnType<typeof planRead>): Promise<boolean> {
  const { runtime, scope } = context;
  const { row, updated } = plan;
  const twin = await findTwin(runtime.storage, scope, updated);
  // Two items that were read apart are two, whatever the keys say.
  if (twin === null || (twin.remoteId !== null && row.remoteId !== null)) return false;
  const [winner, loser] = twin.remoteId === null ? [row, twin] : [twin, row];
  const set = winner === row ? plan.set : {};
  const unit = await planIssueMerge(runtime.storage, scope, { winner, loser, set });
  if (unit === null) return false;
  const [outcome] = await runtime.storage.commit(scope, [withActivity(unit, plan.events)]);
  return outcome?.status === "committed";
}
