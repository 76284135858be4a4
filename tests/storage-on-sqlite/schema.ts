import { StorageError, type TableName, tableDefinitions } from "@backref/core/storage";
import type { Database } from "./database.ts";

/** What `tableDefinitions` says of a table, seen by a program that treats all tables alike. */
interface AccessPaths {
  readonly unique: Readonly<Record<string, { readonly columns: readonly string[]; readonly global?: true }>>;
  readonly indexes: Readonly<Record<string, readonly string[]>>;
}

export const tableNames = Object.keys(tableDefinitions) as readonly TableName[];

export function accessPaths(table: TableName): AccessPaths {
  return tableDefinitions[table];
}

export function columnsOf(table: TableName, by: string): readonly string[] {
  const { unique, indexes } = accessPaths(table);
  const columns = by === "id" ? ["id"] : (unique[by]?.columns ?? indexes[by]);
  if (columns === undefined) throw new TypeError(`"${table}" cannot be read by "${by}".`);
  return columns;
}

/** Columns by which the system side reads; tableDefinitions says what `find` needs and no more. */
const systemColumns: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  source: ["providerId", "appScope", "enabled", "health", "budgetId"],
  budget: ["blockedUntil"],
  link: ["dueAt", "leaseUntil", "endedAt", "pausedAt"],
  pollScope: ["dueAt", "leaseUntil", "endedAt", "pausedAt"], // The last two are never there, hence always null.
  delivery: ["receivedAt"],
  activity: ["sequence"],
};

const systemIndexes = `
  CREATE INDEX "source:appScope" ON "source" ("providerId", "appScope");
  CREATE INDEX "link:due" ON "link" ("dueAt");
  CREATE INDEX "pollScope:due" ON "pollScope" ("dueAt");
  CREATE INDEX "delivery:received" ON "delivery" ("receivedAt");
  CREATE UNIQUE INDEX "activity:sequence" ON "activity" ("sequence");
`;

/** What a storage has to remember beside the tables of the contract. */
const ownTables = `
  CREATE TABLE "feed" ("lastSequence" INTEGER NOT NULL) STRICT;
  INSERT INTO "feed" VALUES (0);
  CREATE TABLE "installation" ("only" INTEGER PRIMARY KEY CHECK ("only" = 1), "id" TEXT NOT NULL) STRICT;
  CREATE TABLE "consumer" (
    "name" TEXT PRIMARY KEY, "cursor" INTEGER NOT NULL, "fence" INTEGER NOT NULL, "owner" TEXT, "leaseUntil" INTEGER
  ) STRICT;
  CREATE TABLE "turn" (
    "workTable" TEXT NOT NULL, "tenantId" TEXT NOT NULL, "sourceId" TEXT NOT NULL, "number" INTEGER NOT NULL,
    PRIMARY KEY ("workTable", "tenantId", "sourceId")
  ) STRICT;
`;

const VERSION = 1;

export function migrate(database: Database): void {
  database.inTransaction(() => {
    const version = readVersion(database);
    if (version > VERSION) throw wrongVersion(`The file has schema version ${version}; this is version ${VERSION}.`);
    if (version === VERSION) return;
    for (const table of tableNames) database.execute(tableSql(table));
    database.execute(`${systemIndexes}; ${ownTables}; PRAGMA user_version = ${VERSION}`);
  });
}

export function requireSchema(database: Database): void {
  if (readVersion(database) !== VERSION) throw wrongVersion("The file has no schema of this version; call migrate().");
}

function readVersion(database: Database): number {
  return Number(database.all("PRAGMA user_version")[0]?.["user_version"]);
}

function wrongVersion(message: string): StorageError {
  return new StorageError({ code: "storage-version", message });
}

/** A row is one JSON document; what is searched by is a column that SQLite computes from it. */
function tableSql(table: TableName): string {
  const { unique, indexes } = accessPaths(table);
  const searched = [
    ...Object.values(unique).flatMap(({ columns }) => columns),
    ...Object.values(indexes).flat(),
    ...(systemColumns[table] ?? []),
  ];
  const columns = [...new Set(searched)].map(
    (name) => `"${name}" ANY GENERATED ALWAYS AS ("document" ->> '$.${name}')`,
  );
  const own = [`"tenantId" TEXT NOT NULL`, `"id" TEXT NOT NULL`, `"document" TEXT NOT NULL`, ...columns];
  // SQLite, like the contract, compares no unique key that has a null in it.
  return [
    `CREATE TABLE "${table}" (${own.join(", ")}, PRIMARY KEY ("tenantId", "id")) STRICT`,
    ...Object.entries(unique).map(([name, key]) =>
      indexSql("UNIQUE INDEX", table, name, key.global ? key.columns : ["tenantId", ...key.columns]),
    ),
    ...Object.entries(indexes).map(([name, path]) => indexSql("INDEX", table, name, ["tenantId", ...path, "id"])),
  ].join(";\n");
}

function indexSql(kind: string, table: TableName, name: string, columns: readonly string[]): string {
  return `CREATE ${kind} "${table}:${name}" ON "${table}" (${columns.map((column) => `"${column}"`).join(", ")})`;
}
