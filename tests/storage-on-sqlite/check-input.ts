import { BackrefError, StorageError, type StorageScope, type TableName } from "@backref/core/storage";
import type { DocumentQuery } from "./find-documents.ts";
import { columnsOf, tableNames } from "./schema.ts";

const MOST_KEYS_OF_FIND = 1_000;

/** Everything that is refused is refused before anything is written, so a refused call has changed nothing. */
export function checkScope(scope: StorageScope): void {
  if (scope.transaction !== undefined) {
    throw new StorageError({
      code: "transaction-unsupported",
      message: "SQLite storage has a connection of its own and cannot join a transaction.",
    });
  }
  checkText(scope.tenantId);
}

/** Looks into lists and objects too: text is refused wherever it stands. */
export function checkText(value: unknown): void {
  if (!hasNul(value)) return;
  throw new BackrefError({ code: "invalid-input", message: "Text holds a NUL character, which cannot be stored." });
}

function hasNul(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\0");
  if (Array.isArray(value)) return value.some(hasNul);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, part]) => hasNul(key) || hasNul(part));
}

export function checkTable(table: TableName): void {
  if (!tableNames.includes(table)) throw new TypeError(`There is no table "${table}".`);
}

export function checkWorkTable(table: TableName): void {
  if (table !== "link" && table !== "pollScope") throw new TypeError(`"${table}" has no work columns.`);
}

export function checkQuery({ table, by, keys }: DocumentQuery): void {
  checkKeys(table, by, keys);
  if (keys.length > MOST_KEYS_OF_FIND) throw new TypeError(`${keys.length} keys are more than ${MOST_KEYS_OF_FIND}.`);
}

export function checkKeys(table: TableName, by: string, keys: readonly (readonly unknown[])[]): void {
  checkTable(table);
  const columns = columnsOf(table, by);
  const other = keys.find((key) => key.length !== columns.length);
  if (other !== undefined) {
    throw new TypeError(`"${table}" by "${by}" takes ${columns.length} values in a key, not ${other.length}.`);
  }
}

/** Only plain values are compared. */
export function checkPlain(table: TableName, values: object): void {
  for (const [column, value] of Object.entries(values)) {
    if (typeof value === "object" && value !== null) {
      throw new TypeError(`"${column}" of "${table}" is no plain value and cannot be compared.`);
    }
  }
}
