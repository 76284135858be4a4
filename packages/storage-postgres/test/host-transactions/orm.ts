import type { HostTransaction } from "@backref/core/storage";
import type { PGlite } from "@electric-sql/pglite";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { drizzle as drizzleOnPGlite } from "drizzle-orm/pglite";
import { CamelCasePlugin, CompiledQuery, Kysely, PGliteDialect, PostgresDialect } from "kysely";
import type { Pool } from "pg";
import { fromDrizzle, fromKysely, fromPGlite, fromPrisma, type PostgresPool } from "../../src/index.ts";

/** How a host opens a transaction with its ORM, in which it also writes rows of its own. */
export interface Orm {
  readonly pool: PostgresPool;
  transaction<Result>(
    work: (open: {
      readonly transaction: HostTransaction;
      insertNote(text: string): Promise<unknown>;
    }) => Promise<Result>,
  ): Promise<Result>;
}

export const drizzleOnPool = (pool: Pool): Orm => ({
  pool,
  transaction: (work) =>
    drizzle(pool).transaction((tx) =>
      work({
        transaction: fromDrizzle(tx, sql),
        insertNote: (text) => tx.execute(sql`INSERT INTO note (body) VALUES (${text})`),
      }),
    ),
});

export const drizzleOn = (pglite: PGlite): Orm => ({
  pool: pglite,
  transaction: (work) =>
    drizzleOnPGlite(pglite).transaction((tx) =>
      work({
        transaction: fromDrizzle(tx, sql),
        insertNote: (text) => tx.execute(sql`INSERT INTO note (body) VALUES (${text})`),
      }),
    ),
});

export const pgliteAlone = (pglite: PGlite): Orm => ({
  pool: pglite,
  transaction: (work) =>
    pglite.transaction((tx) =>
      work({
        transaction: fromPGlite(tx),
        insertNote: (text) => tx.query("INSERT INTO note (body) VALUES ($1)", [text]),
      }),
    ),
});

interface HostTables {
  note: { body: string };
}

const kyselyOf = (pool: PostgresPool, dialect: PostgresDialect | PGliteDialect): Orm => ({
  pool,
  transaction: (work) =>
    new Kysely<HostTables>({ dialect, plugins: [new CamelCasePlugin()] }).transaction().execute((tx) =>
      work({
        transaction: fromKysely(tx, CompiledQuery),
        insertNote: (text) => tx.insertInto("note").values({ body: text }).execute(),
      }),
    ),
});

export const kyselyOnPool = (pool: Pool): Orm => kyselyOf(pool, new PostgresDialect({ pool }));
export const kyselyOn = (pglite: PGlite): Orm => kyselyOf(pglite, new PGliteDialect({ pglite }));

/**
 * The part of Prisma's generated client that counts, over a `pg` client: making the real one needs a generated schema.
 * As there, values come one by one, and rows without anything around them.
 */
interface PrismaLike {
  $queryRawUnsafe<Rows = unknown>(query: string, ...values: unknown[]): Promise<Rows>;
  $executeRawUnsafe(query: string, ...values: unknown[]): Promise<number>;
}

export const prismaLikeOnPool = (pool: Pool): Orm => ({
  pool,
  async transaction(work) {
    const client = await pool.connect();
    const tx: PrismaLike = {
      $queryRawUnsafe: async <Rows>(query: string, ...values: unknown[]) =>
        (await client.query(query, values)).rows as Rows,
      $executeRawUnsafe: async (query, ...values) => (await client.query(query, values)).rowCount ?? 0,
    };
    try {
      await client.query("BEGIN");
      const insertNote = (text: string) => tx.$executeRawUnsafe("INSERT INTO note (body) VALUES ($1)", text);
      const result = await work({ transaction: fromPrisma(tx), insertNote });
      await client.query("COMMIT");
      return result;
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    } finally {
      client.release();
    }
  },
});
