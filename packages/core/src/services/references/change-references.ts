import { describeActivity } from "../../activity/activity.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { ActivityEvent, ActivityType } from "../../events/event-bus.ts";
import type { CommitUnit, Requirement } from "../../storage/commit.ts";
import type { ReferenceRow } from "../../storage/rows/reference-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import { linkKey } from "./plan-references.ts";

/** A reference, and what it is to become. */
export interface WantedChange {
  readonly row: ReferenceRow;
  readonly after: ReferenceRow;
  /** What has to hold beside the reference itself. */
  readonly require: readonly Requirement[];
}

export interface PlannedChange extends WantedChange {
  /** The reference that is there in the end: the changed one, or the equal one that was there already. */
  readonly result: ReferenceRow;
  /** True where the object has an equal reference: that one stays, with its id and its history, and this one goes. */
  readonly merged: boolean;
  readonly unit: CommitUnit;
  readonly events: readonly ActivityEvent[];
}

/** What to write for each change, a unit each. No two of them may lead to the same reference. */
export async function planChanges(
  context: ServiceContext,
  changes: readonly WantedChange[],
): Promise<readonly PlannedChange[]> {
  const equal = await equalReferences(
    context,
    changes.map(({ after }) => after),
  );
  return changes.map((change): PlannedChange => {
    const { row, after } = change;
    const existing = equal.get(linkKey(after));
    if (existing !== undefined && existing.id !== row.id) {
      const event = referenceEvent(context, "reference-removed", row, { mergedInto: existing.id });
      const require = [unchangedReference(row), unchangedReference(existing), ...change.require];
      const unit: CommitUnit = { require, write: [{ type: "delete", table: "reference", id: row.id }] };
      return { ...change, result: existing, merged: true, unit, events: [event] };
    }
    const { objectType, objectId, projectId, relationId } = after;
    const event = referenceEvent(context, "reference-updated", after, { before: placeOf(row) });
    const unit: CommitUnit = {
      require: [unchangedReference(row), ...change.require],
      write: [{ type: "update", table: "reference", id: row.id, set: { objectType, objectId, projectId, relationId } }],
    };
    return { ...change, result: after, merged: false, unit, events: [event] };
  });
}

/** References that are there already, by what is unique about them. */
export async function equalReferences(
  { runtime, scope }: ServiceContext,
  rows: readonly ReferenceRow[],
): Promise<ReadonlyMap<string, ReferenceRow>> {
  const keys = rows.map(({ objectType, objectId, relationId, issueId }) => [objectType, objectId, relationId, issueId]);
  const found = await findByKeys(runtime.storage, scope, "reference", "link", keys);
  return new Map(found.map((row) => [linkKey(row), row]));
}

/** Still the same object, relation and issue. */
export function unchangedReference(row: ReferenceRow): Requirement {
  const { objectType, objectId, projectId, relationId, issueId } = row;
  return { table: "reference", id: row.id, match: { objectType, objectId, projectId, relationId, issueId } };
}

export function referenceEvent(
  { runtime, actor, scope }: ServiceContext,
  type: ActivityType,
  row: ReferenceRow,
  data: JsonObject = {},
): ActivityEvent {
  const subject = { tenantId: scope.tenantId, actorId: actorIdOf(actor), sourceId: row.sourceId, referenceId: row.id };
  return describeActivity(runtime, type, subject, { ...placeOf(row), issueId: row.issueId, ...data });
}

function placeOf(row: ReferenceRow) {
  return {
    projectId: row.projectId,
    object: { type: row.objectType, id: row.objectId },
    relation: row.relationId,
  };
}
