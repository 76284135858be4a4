import type { DefectApplyOutcome, DefectChange } from "@backref/core";
import type { Queryable } from "../database.ts";
import { severities, states } from "../words.ts";
import { applyComments } from "./apply-comments.ts";
import { bugNumbers } from "./bug-numbers.ts";

/** Applies one change inside a transaction of its own: all of it, or nothing. */
export async function applyChange(
  transaction: Queryable,
  tenant: string,
  change: DefectChange,
): Promise<DefectApplyOutcome> {
  const [number] = bugNumbers([change.defectId]);
  if (number === undefined) return { status: "gone" };
  // The row is ours from here to the commit, so nobody's edit can come between the comparison and the update.
  const locked = await transaction.query(
    "SELECT revision::text FROM bug WHERE tenant = $1 AND number = $2::bigint FOR NO KEY UPDATE",
    [tenant, number],
  );
  const [bug] = locked.rows;
  if (bug === undefined) return { status: "gone" };
  if (bug["revision"] !== change.expectedRevision) return { status: "stale" };
  const refusal = refusalOf(change);
  if (refusal !== null) return refusal;

  const commentIds = await applyComments(transaction, { tenant, number }, change.comments);
  const { title = null, description = null, status = null, priority } = change.set;
  const { rows } = await transaction.query(
    `UPDATE bug SET title = coalesce($3, title), description = coalesce($4, description), state = coalesce($5, state),
       severity = CASE WHEN $6 THEN $7 ELSE severity END, changing_link = $8
     WHERE tenant = $1 AND number = $2::bigint RETURNING revision::text`,
    [tenant, number, title, description, status, priority !== undefined, priority ?? null, change.cause.linkId],
  );
  return { status: "applied", revision: String(rows[0]?.["revision"]), commentIds };
}

/** What our columns would not take. Thrown errors are tried again for hours; a refusal is told to people at once. */
function refusalOf({ set }: DefectChange): DefectApplyOutcome | null {
  const { title, status, priority } = set;
  if (title === "") return { status: "refused", field: "title", reason: "A bug needs a title." };
  if (typeof status === "string" && !states.includes(status)) {
    return { status: "refused", field: "status", reason: `A bug cannot be "${status}", only ${states.join(", ")}.` };
  }
  if (typeof priority === "string" && !severities.includes(priority)) {
    return { status: "refused", field: "priority", reason: `There is no severity "${priority}".` };
  }
  return null;
}
