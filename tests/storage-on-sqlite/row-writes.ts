import type { CommitOutcome, DeleteWrite, InsertWrite, PutWrite, TableName, UpdateWrite } from "@backref/core/storage";
import type { Database } from "./database.ts";
import {
  type Document,
  deleteDocument,
  keptColumns,
  readDocument,
  takenKey,
  toDocument,
  withSequence,
  writeDocument,
} from "./documents.ts";

export type Failure = Exclude<CommitOutcome, { readonly status: "committed" }>;

type RowWrite = InsertWrite | UpdateWrite | PutWrite | DeleteWrite;

export function applyWrite(database: Database, tenantId: string, write: RowWrite): "done" | "skipped" | Failure {
  switch (write.type) {
    case "insert":
      return insert(database, tenantId, write);
    case "update": {
      const existing = readDocument(database, write.table, tenantId, write.id);
      if (existing === null) return { status: "missing", table: write.table, id: write.id };
      return replace(database, write.table, existing, { ...existing, ...toDocument(write.set) });
    }
    case "put": {
      const existing = readDocument(database, write.table, tenantId, write.row.id);
      const document = toDocument(write.row);
      if (existing !== null) return replace(database, write.table, existing, document);
      return add(database, write.table, document);
    }
    case "delete":
      deleteDocument(database, write.table, tenantId, write.id);
      return "done";
  }
}

function insert(
  database: Database,
  tenantId: string,
  { table, row, ifExists }: InsertWrite,
): "done" | "skipped" | Failure {
  const isThere = readDocument(database, table, tenantId, row.id) !== null;
  const result = isThere ? ({ status: "taken", table, key: "id" } as const) : add(database, table, toDocument(row));
  return result !== "done" && ifExists === "skip" ? "skipped" : result;
}

function add(database: Database, table: TableName, document: Document): "done" | Failure {
  const key = takenKey(database, table, document);
  if (key !== null) return { status: "taken", table, key };
  writeDocument(database, table, withSequence(database, table, document));
  return "done";
}

function replace(database: Database, table: TableName, existing: Document, next: Document): "done" | Failure {
  const key = takenKey(database, table, next);
  if (key !== null) return { status: "taken", table, key };
  writeDocument(database, table, { ...next, ...keptColumns(table, existing) });
  return "done";
}
