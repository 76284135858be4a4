import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { inStorageTerms } from "./storage-errors.ts";

export type Parameters = Readonly<Record<string, SQLInputValue>>;

/** One connection. Everything runs synchronously, so within a process no two calls are ever interleaved. */
export interface Database {
  all(sql: string, parameters?: Parameters): readonly Record<string, SQLOutputValue>[];
  execute(sql: string): void;
  /** Everything inside happens or nothing; nobody else writes meanwhile, in this process or another. */
  inTransaction<Result>(work: () => Result): Result;
  /** Part of a transaction: undone by itself where `work` answers that it failed. */
  inSavepoint<Result>(work: () => Result, hasFailed: (result: Result) => boolean): Result;
  close(): void;
}

export function openDatabase(path: string, busyTimeoutMs: number): Database {
  const connection = inStorageTerms("open", () => new DatabaseSync(path, { timeout: busyTimeoutMs }));
  const prepared = new Map<string, StatementSync>();

  const statement = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const made = connection.prepare(sql);
    prepared.set(sql, made);
    return made;
  };

  return {
    all: (sql, parameters = {}) => statement(sql).all(parameters),
    execute: (sql) => connection.exec(sql),
    inTransaction(work) {
      // Immediate: the lock is taken before the first read, so what is read stays true until the commit.
      connection.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        connection.exec("COMMIT");
        return result;
      } finally {
        if (connection.isTransaction) connection.exec("ROLLBACK");
      }
    },
    inSavepoint(work, hasFailed) {
      connection.exec("SAVEPOINT part");
      const result = work();
      if (hasFailed(result)) connection.exec("ROLLBACK TO part");
      connection.exec("RELEASE part");
      return result;
    },
    close: () => connection.close(),
  };
}
