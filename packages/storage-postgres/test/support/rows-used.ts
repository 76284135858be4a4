import type { PostgresPool } from "../../src/index.ts";

export interface RowsUsed {
  /** Tables that were read from one end to the other, with how often. */
  readonly sequential: Readonly<Record<string, number>>;
  /** Entries that were read from indexes. */
  readonly rowsRead: number;
}

interface Counter {
  readonly name: string;
  readonly scans: number;
  readonly read: number;
}

/** What the large tables of a schema were read for a task. The pool must have one connection, and the server be the test's alone. */
export async function rowsUsed(pool: PostgresPool, schema: string, task: () => Promise<unknown>): Promise<RowsUsed> {
  const before = await counters(pool, schema);
  await task();
  const after = await counters(pool, schema);
  const changes = after.map((row) => {
    const old = before.find(({ name }) => name === row.name) ?? { scans: 0, read: 0 };
    return { name: row.name, scans: row.scans - old.scans, read: row.read - old.read };
  });
  return {
    sequential: Object.fromEntries(changes.filter(({ scans }) => scans > 0).map(({ name, scans }) => [name, scans])),
    rowsRead: changes.reduce((sum, { read }) => sum + read, 0),
  };
}

async function counters(pool: PostgresPool, schema: string): Promise<readonly Counter[]> {
  await pool.query("SELECT pg_stat_force_next_flush()");
  const { rows } = await pool.query(
    `SELECT t.relname AS name, t.seq_scan::integer AS scans, (
      SELECT coalesce(sum(i.idx_tup_read), 0)::integer FROM pg_stat_user_indexes i WHERE i.relid = t.relid) AS read
    FROM pg_stat_user_tables t WHERE t.schemaname = $1 AND t.n_live_tup > 1000`,
    [schema],
  );
  return rows as readonly Counter[];
}
