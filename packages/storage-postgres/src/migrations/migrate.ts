import { StorageError } from "@backref/core/storage";
import { databaseFailure, isTransient, storageErrorOf } from "../connection/database-errors.ts";
import type { PostgresPool } from "../connection/postgres-pool.ts";
import { migrations, schemaVersion } from "./index.ts";
import { migrationStatement, schemaName } from "./migration-sql.ts";

const mostTries = 5;

/** Brings the schema to this version. Each migration is one transaction, so whatever stops it leaves a whole version. */
export async function migrate(pool: PostgresPool, schema: string): Promise<void> {
  const version = await versionOf(pool, schema);
  if (version > schemaVersion) {
    throw new StorageError({
      code: "storage-version",
      message: `The schema "${schema}" has version ${version}, and this version of @backref/storage-postgres knows ${schemaVersion}. Update the package; nothing was changed.`,
      operation: "migrate",
    });
  }
  for (const migration of migrations) {
    if (migration.version > version) await run(pool, migrationStatement(migration, schema));
  }
}

async function run(pool: PostgresPool, statement: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await pool.query(statement);
      return;
    } catch (error) {
      if (isTransient(error) && tries < mostTries) continue;
      throw storageErrorOf(error, "migrate");
    }
  }
}

/** 0 where nothing is there yet. */
async function versionOf(pool: PostgresPool, schema: string): Promise<number> {
  try {
    const statement = `SELECT coalesce(max(version), 0)::text AS version FROM ${schemaName(schema)}.migration`;
    const [row] = (await pool.query(statement)).rows as readonly { readonly version: string }[];
    return Number(row?.version ?? 0);
  } catch (error) {
    const { code } = databaseFailure(error);
    if (code === "42P01" || code === "3F000") return 0;
    throw storageErrorOf(error, "migrate");
  }
}
