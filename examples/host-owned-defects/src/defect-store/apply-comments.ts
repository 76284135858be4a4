import type { DefectCommentChange } from "@backref/core";
import type { BugKey } from "../bugs.ts";
import type { Queryable } from "../database.ts";
import { bugNumbers } from "./bug-numbers.ts";

/** Whoever calls this holds the bug's row. Answers ids of added comments by their keys. */
export async function applyComments(
  transaction: Queryable,
  { tenant, number }: BugKey,
  changes: readonly DefectCommentChange[],
): Promise<Readonly<Record<string, string>>> {
  const ids: Record<string, string> = {};
  for (const change of changes) {
    if (change.kind === "add") {
      // Setting the key to what it is changes nothing, and answers the number of a comment that is there already.
      const { rows } = await transaction.query(
        `INSERT INTO bug_comment (tenant, bug_number, sync_key, author, body, created_at)
         VALUES ($1, $2::bigint, $3, $4, $5, to_timestamp($6::float8 / 1000))
         ON CONFLICT (tenant, sync_key) DO UPDATE SET sync_key = EXCLUDED.sync_key RETURNING number::text`,
        [tenant, number, change.key, change.authorName, change.body, change.createdAt],
      );
      ids[change.key] = String(rows[0]?.["number"]);
      continue;
    }
    const [comment] = bugNumbers([change.commentId]);
    if (comment === undefined) continue;
    const own = "WHERE tenant = $1 AND bug_number = $2::bigint AND number = $3::bigint AND deleted_at IS NULL";
    if (change.kind === "edit") {
      const edit = `UPDATE bug_comment SET body = $4, updated_at = now() ${own}`;
      await transaction.query(edit, [tenant, number, comment, change.body]);
    } else {
      await transaction.query(`UPDATE bug_comment SET deleted_at = now() ${own}`, [tenant, number, comment]);
    }
  }
  return ids;
}
