import type { Scalar, TableName } from "@backref/core/storage";
import type { Database } from "./database.ts";
import { type Document, parseDocument } from "./documents.ts";
import { columnsOf } from "./schema.ts";

export interface DocumentQuery {
  readonly table: TableName;
  readonly by: string;
  readonly keys: readonly (readonly Scalar[])[];
  readonly limit?: number;
  readonly after?: string;
  readonly newestFirst?: boolean;
}

/** All keys travel as one JSON list, which SQLite joins with the table: one statement, however many keys. */
export function findDocuments(database: Database, tenantId: string, query: DocumentQuery): readonly Document[] {
  const { table, by, keys, limit = -1, after = null, newestFirst = false } = query;
  const order = table === "activity" ? "sequence" : "id";
  // `IS` finds null by null, which `=` never does.
  const matches = columnsOf(table, by).map((column, place) => `AND item."${column}" IS wanted.value ->> ${place}`);
  const isLater = `item."${order}" ${newestFirst ? "<" : ">"}`;
  const start =
    order === "id"
      ? ":after"
      : `(SELECT "sequence" FROM "activity" AS seen WHERE seen."tenantId" = :tenantId AND seen."id" = :after)`;
  const sql = `
    SELECT DISTINCT item."${order}", item."document"
    FROM json_each(:keys) AS wanted CROSS JOIN "${table}" AS item
    WHERE item."tenantId" = :tenantId ${matches.join(" ")}
      AND (:after IS NULL OR ${isLater} ${start})
    ORDER BY item."${order}" ${newestFirst ? "DESC" : "ASC"}
    LIMIT :limit`;
  return database.all(sql, { tenantId, keys: JSON.stringify(keys), after, limit }).map(parseDocument);
}
