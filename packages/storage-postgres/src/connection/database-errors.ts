import { BackrefError, StorageError } from "@backref/core/storage";

/** What a driver's error tells, whichever driver it is. */
export interface DatabaseFailure {
  /** SQLSTATE, or the code of the system's network error. */
  readonly code: string | null;
  readonly message: string;
}

/** Looks through what an ORM may have wrapped around the driver's error. */
export function databaseFailure(error: unknown): DatabaseFailure {
  for (let at = error, depth = 0; typeof at === "object" && at !== null && depth < 5; depth += 1) {
    const { code, message, cause } = at as {
      readonly code?: unknown;
      readonly message?: unknown;
      readonly cause?: unknown;
    };
    if (typeof code === "string" && (cause === undefined || isSqlState(code))) {
      return { code, message: typeof message === "string" ? message : String(at) };
    }
    at = cause;
  }
  return { code: null, message: error instanceof Error ? error.message : String(error) };
}

const isSqlState = (code: string) => /^[0-9A-Z]{5}$/.test(code);

const startsWith = (code: string, ...classes: readonly string[]) => classes.some((prefix) => code.startsWith(prefix));

/** Deadlock or serialisation failure: the transaction did nothing and may be tried again. */
export function isTransient(error: unknown): boolean {
  const { code } = databaseFailure(error);
  return code === "40001" || code === "40P01";
}

/** The typed error for what a driver threw. */
export function storageErrorOf(error: unknown, operation: string): Error {
  if (BackrefError.isInstance(error) || error instanceof TypeError) return error as Error;
  const { code, message } = databaseFailure(error);
  if (code === "3F000" || code === "42P01" || code === "42883") {
    return new StorageError({
      code: "storage-version",
      message: `The database lacks what this version of the storage needs: ${message}. Run backref.migrate() first.`,
      operation,
      cause: error,
    });
  }
  if (code === "42501") {
    return new StorageError({
      code: "storage-permission",
      message: `The database user lacks a right: ${message}. Grant it as described in docs/storage-postgres.md.`,
      operation,
      cause: error,
    });
  }
  if (code === "BR003") {
    return new StorageError({
      code: "transaction-unsupported",
      message: "Backref cannot write in a REPEATABLE READ transaction. Use READ COMMITTED or SERIALIZABLE.",
      operation,
      cause: error,
    });
  }
  if (code !== null && isSqlState(code) && startsWith(code, "22", "23", "54")) {
    // Text that the database cannot hold, or a key too long for an index, came from outside; the rest is misuse.
    if (startsWith(code, "22P05", "22021", "54000")) {
      return new BackrefError({
        code: "invalid-input",
        message: `The database cannot keep a value: ${message}.`,
        cause: error,
      });
    }
    return new TypeError(`The database refused a row: ${message}.`, { cause: error });
  }
  const isConflict = isTransient(error) || code === "55P03";
  return new StorageError({
    code: isConflict ? "storage-conflict" : "storage-unavailable",
    message: isConflict
      ? `The database could not get past other transactions: ${message}. Try again.`
      : `The database did not answer as it should: ${message}.`,
    operation,
    cause: error,
  });
}
