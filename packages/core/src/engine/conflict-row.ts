import type { MergeConflict } from "../merge/merge-field.ts";
import type { InsertWrite } from "../storage/commit.ts";
import type { Workspace } from "./workspace.ts";

/** Nothing is overwritten without one of these. */
export function recordConflict(work: Workspace, field: string, conflict: MergeConflict): InsertWrite {
  const { link, pass } = work;
  const { ids, clock } = pass.runtime;
  const { base, local, remote, winner } = conflict;
  const of = { tenantId: link.tenantId, linkId: link.id, defectId: link.defectId };
  return {
    type: "insert",
    table: "conflict",
    row: { ...of, id: ids.id(), field, base, local, remote, winner, at: clock.now() },
  };
}
