import type { DefectStore } from "@backref/core";
import type { Queryable } from "../database.ts";

type Request = Parameters<NonNullable<DefectStore["changesSince"]>>[0];

/**
 * Bugs that changed since the cursor, in the order of their transactions. A transaction that is still open may have a
 * smaller number than others that are committed, so the answer ends before the oldest open one: nothing that commits late
 * is passed over.
 */
export async function changesSince(
  database: Queryable,
  { tenantId, cursor, limit }: Request,
): Promise<{ readonly ids: readonly string[]; readonly cursor: string }> {
  const [transactionId = "0", bugNumber = "0"] = cursor?.split(" ") ?? [];
  const { rows } = await database.query(
    `SELECT bug_number::text AS id, transaction_id::text || ' ' || bug_number AS cursor
     FROM bug_change
     WHERE tenant = $1 AND (transaction_id, bug_number) > ($2::text::xid8, $3::bigint)
       AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY transaction_id, bug_number LIMIT $4`,
    [tenantId, transactionId, bugNumber, limit],
  );
  const last = rows.at(-1)?.["cursor"];
  return {
    ids: rows.map((row) => String(row["id"])),
    cursor: last === undefined ? `${transactionId} ${bugNumber}` : String(last),
  };
}
