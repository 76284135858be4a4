import type { PostgresPool } from "../../src/index.ts";

/** Puts a clock into a schema that moves only when it is told to, in place of the database's. */
export async function installVirtualClock(pool: PostgresPool, schema: string): Promise<void> {
  await pool.query(`CREATE TABLE ${schema}.virtual_time (now_ms bigint NOT NULL)`);
  await pool.query(`INSERT INTO ${schema}.virtual_time VALUES ((extract(epoch FROM now()) * 1000)::bigint)`);
  await pool.query(
    `CREATE OR REPLACE FUNCTION ${schema}.storage_now() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT now_ms FROM ${schema}.virtual_time $$`,
  );
}

export async function advanceClock(pool: PostgresPool, schema: string, durationMs: number): Promise<void> {
  await pool.query(`UPDATE ${schema}.virtual_time SET now_ms = now_ms + $1`, [Math.round(durationMs)]);
}
