import type { SyncField } from "../../domain/fields.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { Vocabulary } from "../../domain/vocabulary.ts";
import type { MarkWrite, UpdateWrite } from "../../storage/commit.ts";
import type { DefectRow } from "../../storage/rows/defect-rows.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import type { ParsedFields } from "./defect-input.ts";

/** A new defect, not stored yet. */
export function newDefect(
  context: ServiceContext,
  input: ParsedFields & { readonly projectId: string; readonly title: string },
): DefectRow {
  const { runtime, actor, scope } = context;
  const now = runtime.clock.now();
  const at = { title: now, description: now, status: now, priority: now, assignee: now };
  return {
    tenantId: scope.tenantId,
    id: runtime.ids.id(),
    projectId: input.projectId,
    title: input.title,
    description: input.description ?? "",
    status: input.status ?? firstOpenStatus(runtime.vocabulary),
    priority: input.priority ?? null,
    assignee: input.assignee ?? null,
    revision: 1,
    changedAt: at,
    changedBy: {},
    createdBy: actorIdOf(actor),
    createdAt: now,
    updatedAt: now,
  };
}

export function firstOpenStatus(vocabulary: Vocabulary): string {
  const open = vocabulary.statuses.find((status) => status.category === "open") ?? vocabulary.statuses[0];
  if (open === undefined) throw new TypeError("A vocabulary needs at least one status.");
  return open.id;
}

/** Every link of the defect has to look at it again. */
export function markDefectLinks(defectId: string): MarkWrite {
  return { type: "mark", table: "link", by: "defect", keys: [[defectId]], afterMs: 0, reset: true };
}

/** A person's change of fields; null where nothing differs. */
export function planFieldChange(
  row: DefectRow,
  input: ParsedFields,
  now: number,
): { readonly row: DefectRow; readonly write: UpdateWrite; readonly fields: readonly SyncField[] } | null {
  const given: Partial<Record<SyncField, string | null>> = {
    ...(input.title === undefined ? {} : { title: input.title }),
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(input.status === undefined ? {} : { status: input.status }),
    ...(input.priority === undefined ? {} : { priority: input.priority }),
    ...(input.assignee === undefined ? {} : { assignee: input.assignee }),
  };
  const fields = (Object.keys(given) as SyncField[]).filter((field) => given[field] !== row[field]);
  if (fields.length === 0) return null;
  const changedBy = Object.fromEntries(
    Object.entries(row.changedBy).filter(([field]) => !fields.includes(field as SyncField)),
  );
  const set: Partial<DefectRow> = {
    ...(Object.fromEntries(fields.map((field) => [field, given[field]])) as Partial<DefectRow>),
    revision: row.revision + 1,
    changedAt: { ...row.changedAt, ...Object.fromEntries(fields.map((field) => [field, now])) },
    changedBy,
    updatedAt: now,
  };
  return { row: { ...row, ...set }, write: { type: "update", table: "defect", id: row.id, set }, fields };
}

/** What stands in the activity of a change: its fields and, where it is one of them, the status before and after. */
export function updateData(
  before: Pick<DefectRow, "status">,
  { fields, row }: { readonly fields: readonly SyncField[]; readonly row: Pick<DefectRow, "status"> },
): JsonObject {
  return { fields, ...(fields.includes("status") ? { status: { from: before.status, to: row.status } } : {}) };
}
