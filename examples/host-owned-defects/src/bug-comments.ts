import type { BugKey } from "./bugs.ts";
import type { Queryable } from "./database.ts";

// Comments as people of the host write them. A change of a comment takes its bug's row first, as whatever changes a bug
// does: two that took them in opposite order would wait for each other.

export async function addComment(
  database: Queryable,
  { tenant, number }: BugKey,
  comment: { readonly author: string; readonly body: string; readonly isInternal?: boolean },
): Promise<string> {
  const { rows } = await database.query(
    `INSERT INTO bug_comment (tenant, bug_number, author, body, is_internal)
     SELECT tenant, number, $3, $4, $5 FROM bug WHERE tenant = $1 AND number = $2::bigint FOR NO KEY UPDATE
     RETURNING number::text`,
    [tenant, number, comment.author, comment.body, comment.isInternal ?? false],
  );
  return String(rows[0]?.["number"]);
}

const ofLockedBug = `(SELECT number AS bug FROM bug WHERE tenant = $1 AND number = $2::bigint FOR NO KEY UPDATE) locked
  WHERE bug_comment.tenant = $1 AND bug_comment.bug_number = locked.bug AND bug_comment.number = $3::bigint`;

export async function editComment(database: Queryable, bug: BugKey, comment: string, body: string): Promise<void> {
  await database.query(`UPDATE bug_comment SET body = $4, updated_at = now() FROM ${ofLockedBug}`, [
    bug.tenant,
    bug.number,
    comment,
    body,
  ]);
}

/** The row stays, so that Backref can see the deletion. A nightly job may remove it after some weeks. */
export async function deleteComment(database: Queryable, bug: BugKey, comment: string): Promise<void> {
  await database.query(`UPDATE bug_comment SET deleted_at = now() FROM ${ofLockedBug}`, [
    bug.tenant,
    bug.number,
    comment,
  ]);
}
