import type { LinkRow } from "../storage/rows/link-rows.ts";
import type { BulkGuard } from "./bulk-guard.ts";
import { answerTo, countedFields, declined, withheld } from "./held-changes.ts";
import type { FieldPlan } from "./plan-fields.ts";
import type { StagedChange, Workspace } from "./workspace.ts";

/** A plan with no more coming in than may. */
export interface GuardedPlan {
  readonly plan: FieldPlan;
  /** How the link remembers it; belongs into the commit of the plan's decisions. */
  readonly staged: StagedChange & { readonly set: Partial<LinkRow> };
  /** Values were declined: the next look does what follows from that. */
  readonly isDeclined: boolean;
}

/** Asks for what was not let in yet: a link that is looked at twice before a write counts once. */
export function countedOnce(guard: BulkGuard): BulkGuard {
  let admitted = 0;
  return {
    async admit(values) {
      if (values <= admitted) return true;
      const isAdmitted = await guard.admit(values - admitted);
      if (isAdmitted) admitted = values;
      return isAdmitted;
    },
  };
}

/** Takes out of a plan what has to wait for a yes or got a no. People's own edits stay in it. */
export async function guardPlan(work: Workspace, plan: FieldPlan, guard: BulkGuard): Promise<GuardedPlan> {
  const { link, defect, mapping, pass } = work;
  const { source } = pass.session;
  const fields = countedFields(link, plan);
  const free = { plan, staged: { set: link.heldEpoch === null ? {} : { heldEpoch: null } }, isDeclined: false };
  if (fields.length === 0) return free;
  const answer = answerTo(link, source);
  if (answer === "confirmed") return free;
  if (answer !== null) {
    const isOut = (direction: string) => direction === "two-way" || direction === "out";
    const kept = declined(plan, fields, answer, {
      link,
      localOf: (field) => defect?.[field] ?? null,
      goesOut: (field) => isOut(mapping.fields[field].direction),
    });
    return { plan: kept, staged: { set: { heldEpoch: null } }, isDeclined: true };
  }
  if (await guard.admit(fields.length)) return free;
  const { id, guardEpoch } = source;
  return {
    plan: withheld(plan, fields),
    // An answer that came meanwhile has asked the links it found to look again, and this would not be one of them.
    staged: {
      set: { heldEpoch: guardEpoch },
      require: [{ table: "source", id, match: { guardEpoch } }],
    },
    isDeclined: false,
  };
}
