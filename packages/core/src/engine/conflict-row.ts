import type { MergeConflict } from "../merge/merge-field.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { InsertWrite } from "../storage/commit.ts";
import type { LinkRow } from "../storage/rows/link-rows.ts";

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
