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

/**
 * The name of a schema as statements say it.
 *
 * @throws TypeError for names that would need more than quotes
 */
export function schemaName(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) {
    throw new TypeError(
      `The schema "${name}" must have a name of letters, digits and underscores, at most 63 of them.`,
    );
  }
  // Quotes make capital letters and words of SQL, such as `references`, names like any other.
  return name === "backref" ? name : `"${name}"`;
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
  return statements.replaceAll("{settings}", settings).replaceAll("{schema}", schemaName(schema));
}

/**
 * One statement that makes the schema if need be, and applies the migration unless it was applied before. It waits for
 * others that migrate, and happens as a whole or not at all.
 */
export function migrationStatement(migration: Migration, schema: string): string {
  const name = schemaName(schema);
  return `DO $migration$
BEGIN
  PERFORM pg_advisory_xact_lock(${lockKey});
  IF to_regnamespace('${name}') IS NULL THEN
    CREATE SCHEMA ${name};
  END IF;
  IF to_regclass('${name}.migration') IS NULL THEN
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
