import { type Clock, type Storage, StorageError, type StorageScope, systemClock } from "@backref/core/storage";
import { commitUnits } from "./commit.ts";
import { createDatabase } from "./database.ts";
import { findRows } from "./find.ts";
import { createSystemCalls } from "./system-calls.ts";
import type { QueueProbe } from "./work-queue.ts";

/** Options of `createMemoryStorage`. */
export interface MemoryStorageOptions {
  /** The storage's clock: leases, due times and blocks count by its `now`. @default the system's */
  readonly clock?: Clock;
}

/**
 * A storage that keeps everything in this process's memory and forgets it at the end: for tests, demos and trying out.
 * Each call takes effect as a whole before it returns its promise, so calls never overlap.
 */
export function createMemoryStorage(options: MemoryStorageOptions = {}): Storage {
  return createProbedStorage(options);
}

/** The same with a look inside, for tests of this package. */
export function createProbedStorage(options: MemoryStorageOptions, probe?: QueueProbe): Storage {
  const { clock = systemClock, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new TypeError(`createMemoryStorage has no option "${unknown}". There is: clock.`);
  if (typeof clock?.now !== "function") throw new TypeError('createMemoryStorage: clock has no method "now".');
  const database = createDatabase(clock, probe);
  let isClosed = false;
  const enter = (operation: string) => {
    if (isClosed) throw new StorageError({ code: "closed", message: "The storage was closed.", operation });
  };
  const enterScope = (operation: string, scope: StorageScope) => {
    enter(operation);
    if (scope.transaction === undefined) return;
    const message = "The memory storage cannot join a host's transaction; use a storage on the host's database.";
    throw new StorageError({ code: "transaction-unsupported", message, operation });
  };
  return {
    specVersion: 1,
    async find(scope, query) {
      enterScope("find", scope);
      return findRows(database.tables, scope.tenantId, query);
    },
    async commit(scope, units) {
      enterScope("commit", scope);
      return commitUnits(database, scope.tenantId, units);
    },
    system: createSystemCalls(database, enter),
    async migrate() {
      enter("migrate");
    },
    async close() {
      isClosed = true;
    },
  };
}
