import {
  type ClaimRequest,
  type Clock,
  type FindQuery,
  type Row,
  type Storage,
  StorageError,
  type StorageScope,
  systemClock,
  type TableName,
  type WorkTableName,
} from "@backref/core/storage";
import { checkQuery, checkScope, checkText, checkWorkTable } from "./check-input.ts";
import { checkUnits } from "./check-units.ts";
import { claimWork, nextDueInMs } from "./claim-work.ts";
import { commitUnit } from "./commit-unit.ts";
import { claimConsumer, commitConsumer } from "./consumers.ts";
import { openDatabase } from "./database.ts";
import type { Document } from "./documents.ts";
import { findDocuments } from "./find-documents.ts";
import { installation } from "./installation.ts";
import { overview } from "./overview.ts";
import { migrate, requireSchema } from "./schema.ts";
import { inStorageTerms } from "./storage-errors.ts";
import { prune, readActivity, sourceByEndpoint, sourcesByAppScope } from "./system-reads.ts";
import { reserve } from "./work-writes.ts";

export interface SqliteStorageOptions {
  /** A file, or `:memory:`. */
  readonly path: string;
  /** @default the system's */
  readonly clock?: Clock;
  /** How long a call waits for another process that writes; this one stands still meanwhile. @default 5,000 */
  readonly busyTimeoutMs?: number;
}

/** Backref's data in one SQLite file, by the SQLite that Node brings with it. */
export function createSqliteStorage({
  path,
  clock = systemClock,
  busyTimeoutMs = 5_000,
}: SqliteStorageOptions): Storage {
  const database = openDatabase(path, busyTimeoutMs);
  let isClosed = false;

  /** Every method but `close` begins here. Async, so that a refusal is a rejection and never thrown at the caller. */
  async function call<Result>(operation: string, work: () => Result): Promise<Result> {
    if (isClosed) throw new StorageError({ code: "closed", message: "The storage was closed.", operation });
    return inStorageTerms(operation, work);
  }
  /** One that reads or writes rows. */
  const onRows = <Result>(operation: string, request: unknown, work: () => Result): Promise<Result> =>
    call(operation, () => {
      checkText(request);
      requireSchema(database);
      return work();
    });
  const inTransaction = <Result>(operation: string, request: unknown, work: (now: number) => Result) =>
    onRows(operation, request, () => database.inTransaction(() => work(clock.now())));

  return {
    specVersion: 1,
    find: <Table extends TableName>(scope: StorageScope, query: FindQuery<Table>) =>
      onRows("find", query, () => {
        checkScope(scope);
        checkQuery(query);
        return rows<Table>(findDocuments(database, scope.tenantId, query));
      }),
    commit: (scope, units) =>
      inTransaction("commit", null, (now) => {
        checkScope(scope);
        checkUnits(scope.tenantId, units);
        return units.map((unit) => commitUnit(database, scope.tenantId, now, unit));
      }),
    system: {
      claim: <Table extends WorkTableName>(request: ClaimRequest<Table>) =>
        inTransaction("claim", request, (now) => {
          checkWorkTable(request.table);
          return { rows: rows<Table>(claimWork(database, now, request)), now };
        }),
      nextDueInMs: (table) => onRows("nextDueInMs", table, () => nextDueInMs(database, clock.now(), table)),
      sourceByEndpoint: (endpoint) => onRows("sourceByEndpoint", endpoint, () => sourceByEndpoint(database, endpoint)),
      sourcesByAppScope: (request) => onRows("sourcesByAppScope", request, () => sourcesByAppScope(database, request)),
      readActivity: (request) => onRows("readActivity", request, () => readActivity(database, request)),
      claimConsumer: (request) =>
        inTransaction("claimConsumer", request, (now) => claimConsumer(database, now, request)),
      commitConsumer: (request) =>
        inTransaction("commitConsumer", request, (now) => commitConsumer(database, now, request)),
      installation: (request) => inTransaction("installation", request, () => installation(database, request)),
      reserve: (request) => inTransaction("reserve", request, (now) => reserve(database, now, request)),
      overview: (request) => onRows("overview", request, () => overview(database, clock.now(), request.limit)),
      prune: (request) => inTransaction("prune", request, () => prune(database, request)),
    },
    migrate: () => call("migrate", () => migrate(database)),
    async close() {
      if (!isClosed) database.close();
      isClosed = true;
    },
  };
}

/** What was stored as a row of a table is one. */
function rows<Table extends TableName>(documents: readonly Document[]): readonly Row<Table>[] {
  return documents as unknown as readonly Row<Table>[];
}
