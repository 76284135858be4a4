import type { HostTransaction } from "@backref/core/storage";

/*
 * ORMs by shape, so that none of them is a dependency. What makes a query is handed over by the host: then it is of the
 * version that the host has installed.
 */

/** A transaction of Drizzle over `node-postgres` or PGlite. */
export interface DrizzleTransaction<Query> {
  execute(query: Query): PromiseLike<unknown>;
}

/** Drizzle's `sql`. */
export interface DrizzleSql<Query> {
  raw(text: string): Query;
  param(value: unknown): unknown;
  join(chunks: unknown[]): Query;
}

/** A transaction of Kysely over its dialects for PostgreSQL and PGlite. */
export interface KyselyTransaction<Query> {
  withoutPlugins(): {
    executeQuery(query: Query): Promise<{ readonly rows: readonly unknown[]; readonly numAffectedRows?: bigint }>;
  };
}

/** Kysely's `CompiledQuery`. */
export interface KyselyQueries<Query> {
  raw(text: string, values: unknown[]): Query;
}

/** A transaction of PGlite's. */
export interface PGliteTransaction {
  query(
    text: string,
    values?: unknown[],
  ): Promise<{ readonly rows: readonly unknown[]; readonly affectedRows?: number }>;
}

/** The client of an interactive transaction of Prisma's. */
export interface PrismaTransaction {
  $queryRawUnsafe(text: string, ...values: unknown[]): PromiseLike<unknown>;
}

/**
 * A Drizzle transaction as `backref.as(actor, { transaction })` takes it.
 *
 *     db.transaction((tx) => backref.as(actor, { transaction: fromDrizzle(tx, sql) }).defects.push(id))
 */
export function fromDrizzle<Query>(transaction: DrizzleTransaction<Query>, sql: DrizzleSql<Query>): HostTransaction {
  return {
    async query(text, values) {
      // Text and parameters in turn; `$1` may stand in several places. Drizzle numbers them anew.
      const chunks = text.split(/\$(\d+)/).map((part, index) => {
        return index % 2 === 0 ? sql.raw(part) : sql.param(values[Number(part) - 1]);
      });
      return answerOf(await transaction.execute(sql.join(chunks)), "fromDrizzle");
    },
  };
}

/**
 * A Kysely transaction as `backref.as(actor, { transaction })` takes it. Plugins have no part in its queries.
 *
 *     db.transaction().execute((tx) => backref.as(actor, { transaction: fromKysely(tx, CompiledQuery) }).defects.push(id))
 */
export function fromKysely<Query>(
  transaction: KyselyTransaction<Query>,
  queries: KyselyQueries<Query>,
): HostTransaction {
  const plain = transaction.withoutPlugins();
  return {
    async query(text, values) {
      const { rows, numAffectedRows } = await plain.executeQuery(queries.raw(text, [...values]));
      return { rows, rowCount: numAffectedRows === undefined ? rows.length : Number(numAffectedRows) };
    },
  };
}

/**
 * A Prisma transaction as `backref.as(actor, { transaction })` takes it. For statements that answer rows, as all of
 * Backref's do.
 *
 *     prisma.$transaction((tx) => backref.as(actor, { transaction: fromPrisma(tx) }).defects.push(id))
 */
export function fromPrisma(transaction: PrismaTransaction): HostTransaction {
  return {
    query: async (text, values) => answerOf(await transaction.$queryRawUnsafe(text, ...values), "fromPrisma"),
  };
}

/** A PGlite transaction as `backref.as(actor, { transaction })` takes it. A client of `pg` is one without a wrapper. */
export function fromPGlite(transaction: PGliteTransaction): HostTransaction {
  return {
    query: async (text, values) => answerOf(await transaction.query(text, [...values]), "fromPGlite"),
  };
}

/** Rows as they come, or in the answer of `pg` or PGlite. */
function answerOf(answer: unknown, wrapper: string): Awaited<ReturnType<HostTransaction["query"]>> {
  if (Array.isArray(answer)) return { rows: answer, rowCount: answer.length };
  const { rows, rowCount, affectedRows } = (answer ?? {}) as {
    readonly rows?: unknown;
    readonly rowCount?: number | null;
    readonly affectedRows?: number;
  };
  if (Array.isArray(rows)) return { rows, rowCount: rowCount ?? affectedRows ?? rows.length };
  throw new TypeError(`${wrapper}: the transaction answered a statement without rows. Its driver is not supported.`);
}
