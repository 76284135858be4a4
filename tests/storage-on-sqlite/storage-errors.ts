import { BackrefError, StorageError } from "@backref/core/storage";

const BUSY = 5;
const LOCKED = 6;
const NO_ACCESS = [3, 8, 14, 23];

/** Runs it, and says in the contract's words what the database says in its own. */
export function inStorageTerms<Result>(operation: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw translate(operation, error);
  }
}

function translate(operation: string, cause: unknown): unknown {
  // Refusals of ours, and mistakes of the caller, go out as they are.
  if (!(cause instanceof Error) || BackrefError.isInstance(cause) || !("errcode" in cause)) return cause;
  const errcode = Number(cause.errcode) & 0xff; // The low byte is the kind, the rest its details.
  if (errcode === BUSY || errcode === LOCKED) {
    return new StorageError({ code: "storage-conflict", message: "Another process holds the file.", operation, cause });
  }
  const code = NO_ACCESS.includes(errcode) ? "storage-permission" : "storage-unavailable";
  return new StorageError({ code, message: `SQLite: ${cause.message}.`, operation, cause });
}
