import { describeActivity } from "../activity/activity.ts";
import type { FieldValue, SyncField } from "../domain/fields.ts";
import type { ActivityEvent } from "../events/event-bus.ts";
import type { MergeConflict } from "../merge/merge-field.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { InsertWrite } from "../storage/commit.ts";
import type { LinkRow } from "../storage/rows/link-rows.ts";
import type { StagedChange, Workspace } from "./workspace.ts";

/** Nothing is overwritten without one of these. */
export function recordConflict(
  { ids, clock }: Pick<Runtime, "ids" | "clock">,
  link: LinkRow,
  field: string,
  { base, local, remote, winner }: MergeConflict,
): InsertWrite {
  const of = { tenantId: link.tenantId, linkId: link.id, defectId: link.defectId };
  return {
    type: "insert",
    table: "conflict",
    row: { ...of, id: ids.id(), field, base, local, remote, winner, at: clock.now() },
  };
}

/** Rows and reports of values that lose: both sides', what they had agreed on, and where the defect's had come from. */
export function recordedConflicts(
  work: Workspace,
  conflicts: readonly (MergeConflict & { readonly field: SyncField })[],
): Required<Pick<StagedChange, "write" | "activities">> {
  return {
    write: conflicts.map((conflict) => recordConflict(work.pass.runtime, work.link, conflict.field, conflict)),
    activities: conflicts.map(({ field, base, local, remote, winner }) => {
      const localLinkId = localSourceOf(work, field, local);
      return ["conflict-recorded", { field, base, local, remote, winner, localLinkId }] as const;
    }),
  };
}

/** The link by which the defect's value had come in; null for a person's, and where that is not known. */
function localSourceOf({ defect, link }: Workspace, field: SyncField, local: FieldValue): string | null {
  const linkId = defect?.[field] === local ? defect.changedBy?.[field] : undefined;
  return linkId === undefined || linkId === link.id ? null : linkId;
}

/**
 * Losers of a look that was broken off over a host's own store. Whether their values were replaced is only found out by the next
 * look, and a link that ends has none: better recorded in vain than lost.
 */
export function recordInterrupted(
  runtime: Pick<Runtime, "ids" | "clock">,
  link: LinkRow,
  actorId: string | null,
): { readonly write: readonly InsertWrite[]; readonly events: readonly ActivityEvent[] } {
  const losers = link.journal.flatMap(({ direction, field, conflict }) =>
    direction === "in" && conflict !== undefined ? [{ field, conflict }] : [],
  );
  const { tenantId, sourceId, defectId, id: linkId } = link;
  return {
    write: losers.map(({ field, conflict }) => recordConflict(runtime, link, field, conflict)),
    events: losers.map(({ field, conflict }) =>
      describeActivity(
        runtime,
        "conflict-recorded",
        { tenantId, actorId, sourceId, defectId, linkId },
        { field, ...conflict, localLinkId: null },
      ),
    ),
  };
}
