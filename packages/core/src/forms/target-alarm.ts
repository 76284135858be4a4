import { isDeepStrictEqual } from "node:util";
import { describeActivity } from "../activity/activity.ts";
import type { ActivityEvent } from "../events/event-bus.ts";
import type { IssueFormField } from "../provider/groups/form.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Write } from "../storage/commit.ts";
import type { TargetRow } from "../storage/rows/source-rows.ts";
import { missingFields } from "./missing-fields.ts";

/** What happened to what a target lacks: told once when something is added, and once when nothing is left. */
export function alarmEvents(
  runtime: Pick<Runtime, "ids" | "clock">,
  target: Omit<TargetRow, "missingFields">,
  before: TargetRow["missingFields"],
  after: TargetRow["missingFields"],
): readonly ActivityEvent[] {
  const { tenantId, sourceId, projectId, container, issueType } = target;
  const isKnown = (id: string) => (before ?? []).some((field) => field.id === id);
  const added = (after ?? []).filter(({ id }) => !isKnown(id));
  const isOver = before !== null && after === null;
  if (added.length === 0 && !isOver) return [];
  const data = { target: projectId, container, issueType, fields: [...(added.length > 0 ? added : (before ?? []))] };
  const type = added.length > 0 ? "target-fields-missing" : "target-fields-complete";
  return [describeActivity(runtime, type, { tenantId, sourceId }, data)];
}

/** What a target lacks by a form; null for nothing. */
export function missingOf(
  fields: readonly IssueFormField[],
  { defaults }: Pick<TargetRow, "defaults">,
): TargetRow["missingFields"] {
  const missing = missingFields(fields, defaults).map(({ id, name }) => ({ id, name }));
  return missing.length === 0 ? null : missing;
}

/** What happens to a target by a form: the row's write, where something changed, and what is told. */
export function alarmOf(
  runtime: Pick<Runtime, "ids" | "clock">,
  target: TargetRow,
  fields: readonly IssueFormField[],
): { readonly write: readonly Write[]; readonly events: readonly ActivityEvent[] } {
  const missing = missingOf(fields, target);
  if (isDeepStrictEqual(missing, target.missingFields)) return { write: [], events: [] };
  return {
    write: [{ type: "update", table: "target", id: target.id, set: { missingFields: missing } }],
    events: alarmEvents(runtime, target, target.missingFields, missing),
  };
}
