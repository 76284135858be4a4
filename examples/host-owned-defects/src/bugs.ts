import type { Queryable } from "./database.ts";
import type { Severity, State } from "./words.ts";

/** Which bug of which tenant. */
export interface BugKey {
  readonly tenant: string;
  readonly number: string;
}

export interface BugDraft {
  readonly project: string;
  readonly title: string;
  readonly description?: string;
  readonly state?: State;
  readonly severity?: Severity | null;
}

export type BugEdit = Partial<Pick<BugDraft, "title" | "description" | "state" | "severity">>;

// What the host did before it knew of Backref. Everything takes the database or a transaction of it.

export async function createBug(database: Queryable, tenant: string, draft: BugDraft): Promise<string> {
  const { project, title, description = "", state = "new", severity = null } = draft;
  const { rows } = await database.query(
    `INSERT INTO bug (tenant, project, title, description, state, severity) VALUES ($1, $2, $3, $4, $5, $6)
     RETURNING number::text`,
    [tenant, project, title, description, state, severity],
  );
  return String(rows[0]?.["number"]);
}

export async function editBug(database: Queryable, { tenant, number }: BugKey, edit: BugEdit): Promise<void> {
  await database.query(
    `UPDATE bug SET title = coalesce($3, title), description = coalesce($4, description), state = coalesce($5, state),
       severity = CASE WHEN $6 THEN $7 ELSE severity END
     WHERE tenant = $1 AND number = $2::bigint`,
    [
      tenant,
      number,
      edit.title ?? null,
      edit.description ?? null,
      edit.state ?? null,
      edit.severity !== undefined,
      edit.severity ?? null,
    ],
  );
}

export async function deleteBug(database: Queryable, { tenant, number }: BugKey): Promise<void> {
  await database.query("DELETE FROM bug WHERE tenant = $1 AND number = $2::bigint", [tenant, number]);
}
