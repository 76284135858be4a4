import type { DefectSnapshot } from "../defect-store/defect-store.ts";
import type { FieldValue } from "../domain/fields.ts";
import type { MergeConflict } from "../merge/merge-field.ts";
import type { JournalEntry } from "../storage/rows/link-rows.ts";

/**
 * Of a defect that says what it said before a value was to come in: true where nobody can tell whether it never came in, or
 * came in and a person put the old value back.
 */
function mayBePutBack({ field, revision, changedAt }: JournalEntry, defect: DefectSnapshot): boolean {
  const isUntouched = changedAt !== undefined && changedAt === (defect.changedAt?.[field] ?? null);
  return revision !== defect.revision && !isUntouched;
}

/** One field of a defect beside the value of the tracker's that was to come in when the process died. */
export interface InterruptedField {
  readonly inbound: JournalEntry;
  readonly local: FieldValue;
  /** The defect's half of what counts as agreed. */
  readonly agreed: FieldValue;
  /** What comes in now; undefined where nothing does. */
  readonly next: FieldValue | undefined;
  /** The defect says what was to come in. */
  readonly hasArrived: boolean;
  /** It says something else than before. */
  readonly isChanged: boolean;
}

/** A person's value that gives way now, or has given way before; null for none. Better recorded in vain than lost. */
export function loserOf(field: InterruptedField, defect: DefectSnapshot): MergeConflict | null {
  const { inbound, local, agreed, next } = field;
  const known = inbound.conflict ?? null;
  const replaced = next === undefined ? null : { base: agreed, local, remote: next, winner: "remote" as const };
  // What looks like the value that was to come in may be a person's all the same.
  if (field.hasArrived) return replaced;
  if (field.isChanged) return null;
  if (mayBePutBack(inbound, defect)) return replaced ?? known;
  // That attempt came to nothing; what it would have recorded may have been known from the one before it only.
  return known === null ? null : replaced;
}
