/**
 * Keeps everything Backref knows in PostgreSQL, or in PGlite on disk.
 * @packageDocumentation
 */
export type { PostgresPool } from "./connection/postgres-pool.ts";
export {
  type DrizzleSql,
  type DrizzleTransaction,
  fromDrizzle,
  fromKysely,
  fromPGlite,
  fromPrisma,
  type KyselyQueries,
  type KyselyTransaction,
  type PGliteTransaction,
  type PrismaTransaction,
} from "./host-transactions.ts";
export { exportMigrations, type MigrationFile } from "./migrations/migration-sql.ts";
export { createPostgresStorage, type PostgresStorageOptions } from "./postgres-storage.ts";
