import type { DefectSnapshot, SyncField } from "@backref/core";
import type { Queryable } from "../database.ts";
import { bugNumbers } from "./bug-numbers.ts";

interface BugRow {
  readonly number: string;
  readonly project: string;
  readonly revision: string;
  readonly title: string;
  readonly description: string;
  readonly state: string;
  readonly severity: string | null;
  readonly stamps: Readonly<Partial<Record<SyncField, { readonly at: number; readonly by?: string }>>>;
}

/** Bugs as Backref sees them, in one statement: fields and revision are of one moment. */
export async function readBugs(
  database: Queryable,
  tenant: string,
  ids: readonly string[],
): Promise<readonly DefectSnapshot[]> {
  const { rows } = await database.query(
    `SELECT number::text, project, revision::text, title, description, state, severity, stamps
     FROM bug WHERE tenant = $1 AND number = ANY ($2::bigint[])`,
    [tenant, bugNumbers(ids)],
  );
  return (rows as unknown as readonly BugRow[]).map(snapshotOf);
}

function snapshotOf({
  number,
  project,
  revision,
  title,
  description,
  state,
  severity,
  stamps,
}: BugRow): DefectSnapshot {
  const stamped = Object.entries(stamps);
  return {
    id: number,
    projectId: project,
    revision,
    title,
    description,
    status: state,
    priority: severity,
    changedAt: Object.fromEntries(stamped.map(([field, { at }]) => [field, at])),
    changedBy: Object.fromEntries(stamped.flatMap(([field, { by }]) => (by === undefined ? [] : [[field, by]]))),
  };
}
