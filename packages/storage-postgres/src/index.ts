/**
 * Keeps everything Backref knows in PostgreSQL, or in PGlite on disk.
 * @packageDocumentation
 */
export type { PostgresPool } from "./connection/postgres-pool.ts";
export { exportMigrations, type MigrationFile } from "./migrations/migration-sql.ts";
export { createPostgresStorage, type PostgresStorageOptions } from "./postgres-storage.ts";
