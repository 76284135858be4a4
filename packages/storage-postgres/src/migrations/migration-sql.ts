import { type Migration, migrations } from "./index.ts";

/** A migration as one file that any tool can run. */
export interface MigrationFile {
  /** For example `0001-first.sql`. */
  readonly name: string;
  readonly sql: string;
}

const numberDigits = 4;
/** Of our migrations, whatever the schema: two processes that migrate at once wait for each other. */
const lockKey = 7_236_301_142;

/** Quotes a name of the database, unless it needs no quotes. */
export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/**
 * Plans that do not change with what the tables hold at the moment: all ways to rows have an index, and a plan made while a
 * table was empty must not last.
 */
const settings = [
  "enable_seqscan = off",
  "enable_hashjoin = off",
  "enable_mergejoin = off",
  "jit = off",
  "plan_cache_mode = force_generic_plan",
]
  .map((setting) => `SET ${setting}`)
  .join(" ");

function statementsOf({ statements }: Migration, schema: string): string {
  return statements.replaceAll("{settings}", settings).replaceAll("{schema}", quoteName(schema));
}

/**
 * One statement that makes the schema if need be, and applies the migration unless it was applied before. It waits for
 * others that migrate, and happens as a whole or not at all.
 */
export function migrationStatement(migration: Migration, schema: string): string {
  const name = quoteName(schema);
  return `DO $migration$
BEGIN
  PERFORM pg_advisory_xact_lock(${lockKey});
  IF to_regnamespace('${name.replaceAll("'", "''")}') IS NULL THEN
    CREATE SCHEMA ${name};
  END IF;
  IF to_regclass('${`${name}.migration`.replaceAll("'", "''")}') IS NULL THEN
    CREATE TABLE ${name}.migration (version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
  END IF;
  IF NOT EXISTS (SELECT 1 FROM ${name}.migration WHERE version = ${migration.version}) THEN
    EXECUTE $statements$${statementsOf(migration, schema)}$statements$;
    INSERT INTO ${name}.migration (version, name) VALUES (${migration.version}, '${migration.name}');
  END IF;
END $migration$`;
}

/**
 * The migrations as files, for hosts that run their own: in order, each once or more often.
 *
 * @param options.schema where the tables are @default "backref"
 */
export function exportMigrations(options: { readonly schema?: string } = {}): readonly MigrationFile[] {
  return migrations.map((migration) => ({
    name: `${String(migration.version).padStart(numberDigits, "0")}-${migration.name}.sql`,
    sql: `${migrationStatement(migration, options.schema ?? "backref")};\n`,
  }));
}
