import type { DefectComment } from "@backref/core";
import type { Queryable } from "../database.ts";
import { bugNumbers } from "./bug-numbers.ts";

interface CommentRow {
  readonly number: string;
  readonly bug_number: string;
  readonly body: string;
  readonly is_internal: boolean;
  readonly author: string;
  readonly sync_key: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly deleted_at: Date | null;
}

/** All comments of the bugs, deleted ones too: that is how Backref learns of a deletion. */
export async function readComments(
  database: Queryable,
  tenant: string,
  ids: readonly string[],
): Promise<readonly DefectComment[]> {
  const { rows } = await database.query(
    `SELECT number::text, bug_number::text, body, is_internal, author, sync_key, created_at, updated_at, deleted_at
     FROM bug_comment WHERE tenant = $1 AND bug_number = ANY ($2::bigint[])
     ORDER BY bug_number, created_at, bug_comment.number`,
    [tenant, bugNumbers(ids)],
  );
  return (rows as unknown as readonly CommentRow[]).map((row) => ({
    id: row.number,
    defectId: row.bug_number,
    body: row.body,
    visibility: row.is_internal ? "internal" : "public",
    authorName: row.author,
    origin: row.sync_key === null ? "host" : "tracker",
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
    deletedAt: row.deleted_at?.getTime() ?? null,
  }));
}
