import type { StorageUnderTest } from "@backref/testing";
import { createPostgresStorage, type PostgresPool } from "../../src/index.ts";
import { advanceClock, installVirtualClock } from "./virtual-clock.ts";

/** Hands out one schema again and again, emptied in between: making it anew takes far longer. */
export function freshStorages(pool: PostgresPool, schema: string): () => Promise<StorageUnderTest> {
  let isMade = false;
  return async () => {
    if (!isMade) {
      await createPostgresStorage({ pool, schema }).migrate();
      await installVirtualClock(pool, schema);
      isMade = true;
    }
    await emptySchema(pool, schema);
    const storage = createPostgresStorage({ pool, schema });
    return { storage, advance: (durationMs) => advanceClock(pool, schema, durationMs) };
  };
}

async function emptySchema(pool: PostgresPool, schema: string): Promise<void> {
  const statement =
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 AND tablename NOT IN ('migration', 'virtual_time')";
  const rows = (await pool.query(statement, [schema])).rows as readonly { readonly name: string }[];
  await pool.query(`TRUNCATE ${rows.map(({ name }) => `${schema}.${name}`).join(", ")}`);
}
