import { idleWork, type JsonValue, type Row, type TableName } from "@backref/core/storage";
import type { Database } from "./database.ts";
import { accessPaths } from "./schema.ts";

/** A row of any table. */
export type Document = Readonly<Record<string, JsonValue>>;

/** Rows are plain data of string keys; TypeScript does not let an interface be seen that way without being asked to. */
export function toDocument(row: Partial<Row<TableName>>): Document {
  return row as unknown as Document;
}

export function readDocument(database: Database, table: TableName, tenantId: string, id: string): Document | null {
  const sql = `SELECT "document" FROM "${table}" WHERE "tenantId" = :tenantId AND "id" = :id`;
  const found = database.all(sql, { tenantId, id })[0];
  return found === undefined ? null : parseDocument(found);
}

export function parseDocument(found: Record<string, unknown>): Document {
  return JSON.parse(String(found["document"])) as Document;
}

/** Inserts or replaces; whether its keys are free has been asked before. */
export function writeDocument(database: Database, table: TableName, document: Document): void {
  database.all(
    `INSERT INTO "${table}" ("tenantId", "id", "document") VALUES (:tenantId, :id, :document)
     ON CONFLICT ("tenantId", "id") DO UPDATE SET "document" = excluded."document"`,
    { tenantId: String(document["tenantId"]), id: String(document["id"]), document: JSON.stringify(document) },
  );
}

export function deleteDocument(database: Database, table: TableName, tenantId: string, id: string): void {
  database.all(`DELETE FROM "${table}" WHERE "tenantId" = :tenantId AND "id" = :id`, { tenantId, id });
}

/** The name of a unique key that another row has already, or null. */
export function takenKey(database: Database, table: TableName, document: Document): string | null {
  for (const [name, { columns, global }] of Object.entries(accessPaths(table).unique)) {
    const key = columns.map((column) => document[column] ?? null);
    if (key.includes(null)) continue;
    const others = database.all(
      `SELECT 1 FROM "${table}"
       WHERE ${columns.map((column, place) => `"${column}" = :key ->> ${place}`).join(" AND ")}
         AND ${global ? "" : `"tenantId" = :tenantId AND`} NOT ("tenantId" = :tenantId AND "id" = :id)`,
      { key: JSON.stringify(key), tenantId: String(document["tenantId"]), id: String(document["id"]) },
    );
    if (others.length > 0) return name;
  }
  return null;
}

const workColumns = Object.keys(idleWork);

/** The columns that no plain write changes once the row is there. */
export function keptColumns(table: TableName, existing: Document): Document {
  const names = table === "link" || table === "pollScope" ? workColumns : table === "activity" ? ["sequence"] : [];
  return Object.fromEntries(names.map((name) => [name, existing[name] ?? null]));
}

/** The feed is in commit order because a transaction holds the write lock from here until its commit. */
export function withSequence(database: Database, table: TableName, document: Document): Document {
  if (table !== "activity") return document;
  const given = database.all(`UPDATE "feed" SET "lastSequence" = "lastSequence" + 1 RETURNING "lastSequence"`)[0];
  return { ...document, sequence: Number(given?.["lastSequence"]) };
}
