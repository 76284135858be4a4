import type { FieldValue } from "../domain/fields.ts";
import type { LinkRow, RefusedField } from "../storage/rows/link-rows.ts";
import type { LinkCase } from "./link-case.ts";
import type { Workspace } from "./workspace.ts";

/** Whoever is told who somebody is at the tracker wants them assigned, and not only after a further look. */
function mappingVersionFor({ link, pass }: LinkCase, field: RefusedField["field"]): number {
  return field === "assignee" ? pass.session.source.mappingVersion : link.mappingVersion;
}

/** A refused value as it is remembered. */
export function refusal(
  work: LinkCase,
  field: RefusedField["field"],
  value: FieldValue,
  reason: string,
  direction: RefusedField["direction"] = "out",
): RefusedField {
  return {
    field,
    direction,
    value,
    reason,
    mappingVersion: mappingVersionFor(work, field),
    credentialVersion: work.pass.session.source.credentialVersion,
  };
}

/** True while a refusal still stands: neither the value nor the mapping nor the credential has changed since. */
export function isRefused(
  work: LinkCase,
  field: RefusedField["field"],
  value: FieldValue,
  direction: RefusedField["direction"] = "out",
): boolean {
  return work.link.refused.some(
    (row) =>
      row.field === field &&
      row.direction === direction &&
      JSON.stringify(row.value) === JSON.stringify(value) &&
      row.mappingVersion === mappingVersionFor(work, field) &&
      row.credentialVersion === work.pass.session.source.credentialVersion,
  );
}

/** Remembers refusals and tells about them; the newest per field counts. */
export function stageRefusals(work: Workspace, rows: readonly LinkRow["refused"][number][]): void {
  if (rows.length === 0) return;
  const fields = rows.map((row) => row.field);
  for (const row of rows) work.activity("field-refused", { field: row.field, reason: row.reason });
  work.stage({ set: { refused: [...work.link.refused.filter((row) => !fields.includes(row.field)), ...rows] } });
}
