import type { SyncField } from "../domain/fields.ts";
import type { LinkRow } from "../storage/rows/link-rows.ts";
import type { GuardAnswer, SourceRow } from "../storage/rows/source-rows.ts";
import type { FieldPlan } from "./plan-fields.ts";

/** True while changes of the link's issue wait for somebody's yes. */
export function isHeld(
  { heldEpoch }: Pick<LinkRow, "heldEpoch">,
  { heldSince, guardEpoch }: Pick<SourceRow, "heldSince" | "guardEpoch">,
): boolean {
  return heldSince !== null && heldEpoch === guardEpoch;
}

/** What was said to the changes that the link has held; null where they still wait, or there are none. */
export function answerTo(
  { heldEpoch }: Pick<LinkRow, "heldEpoch">,
  { guardEpoch, guardAnswers }: Pick<SourceRow, "guardEpoch" | "guardAnswers">,
): GuardAnswer | null {
  return heldEpoch === null || heldEpoch >= guardEpoch ? null : (guardAnswers[heldEpoch] ?? null);
}

/**
 * The values that would come in to a defect that was in step before. What a field begins with is somebody's doing, and what
 * a dead holder had begun to bring in was counted then.
 */
export function countedFields(link: Pick<LinkRow, "base" | "journal">, plan: FieldPlan): readonly SyncField[] {
  const isBegun = (field: SyncField) => link.journal.some((entry) => entry.direction === "in" && entry.field === field);
  return (Object.keys(plan.setLocal) as SyncField[]).filter(
    (field) => link.base[field] !== undefined && !isBegun(field),
  );
}

function without<Value>(
  record: Readonly<Partial<Record<SyncField, Value>>>,
  fields: readonly SyncField[],
): Readonly<Partial<Record<SyncField, Value>>> {
  const kept = Object.entries(record).filter(([field]) => !fields.includes(field as SyncField));
  return Object.fromEntries(kept) as Partial<Record<SyncField, Value>>;
}

/** The plan as if nobody had looked at these fields: the next look finds the same again. */
export function withheld(plan: FieldPlan, fields: readonly SyncField[]): FieldPlan {
  const isOther = ({ field }: { readonly field: SyncField }) => !fields.includes(field);
  return {
    ...plan,
    setLocal: without(plan.setLocal, fields),
    base: without(plan.base, fields),
    pushes: plan.pushes.filter(isOther),
    conflicts: plan.conflicts.filter(isOther),
  };
}

/**
 * The plan without the values that somebody does not want. `defects`: ours win, so that the next look sends them, and theirs
 * are recorded. `apart`: both sides count as agreed on as they are.
 */
export function declined(
  plan: FieldPlan,
  fields: readonly SyncField[],
  keep: Exclude<GuardAnswer, "confirmed">,
  sides: {
    readonly link: Pick<LinkRow, "base">;
    /** The defect's value. */
    readonly localOf: (field: SyncField) => string | null;
    /** False where the mapping lets nothing of the field out. */
    readonly goesOut: (field: SyncField) => boolean;
  },
): FieldPlan {
  const rest = withheld(plan, fields);
  const base: { -readonly [Field in SyncField]?: FieldPlan["base"][Field] } = { ...rest.base };
  const conflicts = [...rest.conflicts];
  for (const field of fields) {
    const agreed = plan.base[field];
    if (agreed === undefined) continue;
    const local = sides.localOf(field);
    if (keep === "apart" || !sides.goesOut(field)) {
      base[field] = { local, remote: agreed.remote, isApart: true };
      continue;
    }
    base[field] = agreed;
    const before = sides.link.base[field]?.local ?? null;
    conflicts.push({ field, base: before, local, remote: plan.setLocal[field] ?? null, winner: "local" });
  }
  return { ...rest, base, conflicts };
}
