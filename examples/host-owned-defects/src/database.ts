import type { HostTransaction } from "@backref/core";
import { fromPGlite, type PostgresPool } from "@backref/storage-postgres";
import type { PGlite } from "@electric-sql/pglite";
import type { Pool } from "pg";

export type Row = Readonly<Record<string, unknown>>;

/** Where one statement can run: the database, or a transaction of it. */
export interface Queryable {
  query(text: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly Row[] }>;
}

/** The host's database. A transaction of it is what Backref takes as `{ transaction }`. */
export interface Database extends Queryable {
  /** For Backref's own tables, which live in the same database. */
  readonly pool: PostgresPool;
  /** Commits when the work is done, rolls back where it throws. */
  transaction<Result>(work: (transaction: Queryable & HostTransaction) => Promise<Result>): Promise<Result>;
}

export function createPoolDatabase(pool: Pool): Database {
  return {
    pool,
    query: async (text, values = []) => pool.query<Row>(text, [...values]),
    async transaction(work) {
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        const query = async (text: string, values: readonly unknown[] = []) => client.query<Row>(text, [...values]);
        const result = await work({ query });
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK");
        throw error;
      } finally {
        client.release();
      }
    },
  };
}

/** PostgreSQL inside this process: one connection, so a transaction makes all others wait. */
export function createPGliteDatabase(pglite: PGlite): Database {
  return {
    pool: pglite,
    query: async (text, values = []) => pglite.query<Row>(text, [...values]),
    transaction: (work) =>
      pglite.transaction((transaction) =>
        work({
          async query(text, values = []) {
            const { rows, rowCount } = await fromPGlite(transaction).query(text, values);
            return { rows: rows as readonly Row[], rowCount };
          },
        }),
      ),
  };
}
