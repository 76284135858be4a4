import { type HostTransaction, type Storage, StorageError, type StorageScope } from "@backref/core/storage";
import { commitUnits } from "./commit/commit-units.ts";
import { createDatabase, type Database } from "./connection/database.ts";
import type { PostgresPool } from "./connection/postgres-pool.ts";
import { findRows } from "./find/find-rows.ts";
import { migrate } from "./migrations/migrate.ts";
import { schemaName } from "./migrations/migration-sql.ts";
import { createSystemCalls } from "./system/system-calls.ts";

/** Options of `createPostgresStorage`. */
export interface PostgresStorageOptions {
  /** A `pg` Pool, a PGlite, or anything of their shape. It stays yours: `close` leaves it open. */
  readonly pool: PostgresPool;
  /** Where the tables are. @default "backref" */
  readonly schema?: string;
}

/**
 * A storage on PostgreSQL 14 to 18 or on PGlite. Nothing happens before `migrate`, which makes the schema.
 *
 * Calls in a scope with a `transaction` run inside it: what they write is there once the host commits.
 * @example
 * ```ts
 * import { createPostgresStorage } from "@backref/storage-postgres";
 * import { Pool } from "pg";
 *
 * export const storage = createPostgresStorage({ pool: new Pool({ connectionString: process.env["DATABASE_URL"] }) });
 * await storage.migrate();
 * ```
 */
export function createPostgresStorage(options: PostgresStorageOptions): Storage {
  const { pool, schema = "backref", ...others } = (options ?? {}) as PostgresStorageOptions;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new TypeError(`createPostgresStorage has no option "${unknown}". There are: pool, schema.`);
  }
  if (typeof pool?.query !== "function") {
    throw new TypeError(
      "createPostgresStorage needs { pool }: a pg Pool, a PGlite, or an object with query(text, values).",
    );
  }
  let isClosed = false;
  const common = { schema: schemaName(schema), isClosed: () => isClosed };
  const own = createDatabase(pool, { ...common, isHosts: false });
  const databaseOf = ({ transaction }: StorageScope): Database =>
    transaction === undefined ? own : createDatabase(hostPool(transaction), { ...common, isHosts: true });
  return {
    specVersion: 1,
    find: (scope, query) => findRows(databaseOf(scope), scope.tenantId, query),
    commit: async (scope, units) => commitUnits(databaseOf(scope), scope.tenantId, units),
    system: createSystemCalls(own),
    async migrate() {
      if (isClosed)
        throw new StorageError({ code: "closed", message: "The storage was closed.", operation: "migrate" });
      await migrate(pool, schema);
    },
    async close() {
      isClosed = true;
    },
  };
}

function hostPool(transaction: HostTransaction): PostgresPool {
  return { query: (text, values = []) => transaction.query(text, values) };
}
