import type { DefectSnapshot } from "../defect-store/defect-store.ts";
import type { JournalEntry } from "../storage/rows/link-rows.ts";

/**
 * Of a defect that says what it said before a value was to come in: true where nobody can tell whether it never came in, or
 * came in and a person put the old value back.
 */
export function mayBePutBack({ field, revision, changedAt }: JournalEntry, defect: DefectSnapshot): boolean {
  const isUntouched = changedAt !== undefined && changedAt === (defect.changedAt?.[field] ?? null);
  return revision !== defect.revision && !isUntouched;
}
