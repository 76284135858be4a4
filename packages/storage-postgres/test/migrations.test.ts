import { createHash } from "node:crypto";
import { StorageError } from "@backref/core/storage";
import { sampleRow, sampleTenantId } from "@backref/testing";
import { startServer, type TestServer } from "backref-postgres-server";
import type { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPostgresStorage, exportMigrations } from "../src/index.ts";
import { migrations } from "../src/migrations/index.ts";

let server: TestServer;
let pool: Pool;
beforeAll(async () => {
  server = await startServer();
  pool = server.createPool();
}, 120_000);
afterAll(async () => {
  await server.stop();
});

const scope = { tenantId: sampleTenantId };
const relation = sampleRow("relation");

async function works(schema: string, on: Pool = pool): Promise<void> {
  const storage = createPostgresStorage({ pool: on, schema });
  const [outcome] = await storage.commit(scope, [{ write: [{ type: "insert", table: "relation", row: relation }] }]);
  expect(outcome).toEqual({ status: "committed", skipped: 0 });
  expect(await storage.find(scope, { table: "relation", by: "all", keys: [[]] })).toEqual([relation]);
}

async function failure(task: Promise<unknown>): Promise<StorageError> {
  const error = await task.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!StorageError.isInstance(error)) throw new TypeError(`expected a StorageError, not ${String(error)}`);
  return error;
}

const tablesIn = async (schema: string) =>
  (await pool.query("SELECT tablename FROM pg_tables WHERE schemaname = $1", [schema])).rows.length;

describe("migrating", () => {
  test("from many processes at once makes one schema", async () => {
    await Promise.all(
      Array.from({ length: 6 }, () =>
        createPostgresStorage({ pool: server.createPool({ max: 1 }), schema: "at_once" }).migrate(),
      ),
    );
    const { rows } = await pool.query("SELECT version, name FROM at_once.migration ORDER BY version");
    expect(rows).toEqual(migrations.map(({ version, name }) => ({ version, name })));
    await works("at_once");
  });

  test("that breaks half way leaves nothing behind, and can be repeated", async () => {
    // Somebody has a table in the way of one that comes late.
    await pool.query("CREATE SCHEMA broken; CREATE TABLE broken.consumer (name text)");
    const storage = createPostgresStorage({ pool, schema: "broken" });
    await expect(storage.migrate()).rejects.toThrow(/consumer/);
    expect(await tablesIn("broken")).toBe(1);
    await pool.query("DROP TABLE broken.consumer");
    await storage.migrate();
    await works("broken");
  });

  test("whose connection dies while it waits for another says so, and can be repeated", async () => {
    const blocker = await pool.connect();
    await blocker.query("BEGIN; SELECT pg_advisory_xact_lock(7236301142)");
    const name = "backref-migrating";
    const dying = server.createPool({ max: 1, name });
    const storage = createPostgresStorage({ pool: dying, schema: "cut_off" });
    const migrating = failure(storage.migrate());
    const statement =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND wait_event = 'advisory'";
    while ((await pool.query(statement, [name])).rows.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await migrating).code).toBe("storage-unavailable");
    await blocker.query("ROLLBACK");
    blocker.release();
    expect(await tablesIn("cut_off")).toBe(0);
    await storage.migrate();
    await works("cut_off");
  });

  test("by hand from the exported files is the same", async () => {
    const files = exportMigrations({ schema: "by_hand" });
    expect(files.map(({ name }) => name)).toEqual([
      "0001-first.sql",
      "0002-reserve.sql",
      "0003-claims.sql",
      "0004-source-features.sql",
      "0005-registered-webhooks.sql",
      "0006-source-certificate.sql",
      "0007-overview.sql",
      "0008-create-forms.sql",
      "0009-identity-accounts.sql",
      "0010-bulk-guard.sql",
      "0011-poll-claims.sql",
    ]);
    for (const { sql } of files) await pool.query(sql);
    await works("by_hand");
    await createPostgresStorage({ pool, schema: "by_hand" }).migrate();
    for (const { sql } of files) await pool.query(sql);
  });

  test("that was done somewhere stays as it was", () => {
    const digestOf = (sql: string) => createHash("sha256").update(sql).digest("hex").slice(0, 16);
    // A change is a new migration, which gets its line here.
    expect(exportMigrations().map(({ name, sql }) => `${name} ${digestOf(sql)}`)).toEqual([
      "0001-first.sql 9ef1d70460322201",
      "0002-reserve.sql 5d5bb72825e8684d",
      "0003-claims.sql 956eab265adfb815",
      "0004-source-features.sql 2fb4151f8845828c",
      "0005-registered-webhooks.sql 6a9ed640ec8f71ad",
      "0006-source-certificate.sql da1e31585e7b458e",
      "0007-overview.sql 4b4efe40ba145819",
      "0008-create-forms.sql fc98877f9765bc0d",
      "0009-identity-accounts.sql a4026def4974e8b6",
      "0010-bulk-guard.sql 918df376fc350833",
      "0011-poll-claims.sql 4e8e4687cb5f18ce",
    ]);
  });

  test("a database of a newer version is refused and left alone", async () => {
    const storage = createPostgresStorage({ pool, schema: "newer" });
    await storage.migrate();
    await pool.query("INSERT INTO newer.migration (version, name) VALUES (999, 'future')");
    const { code, message } = await failure(storage.migrate());
    expect(code).toBe("storage-version");
    expect(message).toMatch(/version 999.*Update the package/);
  });

  test("schemas may have capital letters or names that mean something in SQL, and no odd ones", async () => {
    for (const schema of ["Quality", "references"]) {
      await createPostgresStorage({ pool, schema }).migrate();
      await works(schema);
    }
    for (const schema of ["", "a b", 'a"b', "a'b", "1a", "x".repeat(64)]) {
      expect(() => createPostgresStorage({ pool, schema })).toThrow(TypeError);
      expect(() => exportMigrations({ schema })).toThrow(TypeError);
    }
  });
});

describe("rights", () => {
  test("a database that was not migrated says what to do", async () => {
    const storage = createPostgresStorage({ pool, schema: "nowhere" });
    const { code, message } = await failure(storage.find(scope, { table: "source", by: "all", keys: [[]] }));
    expect(code).toBe("storage-version");
    expect(message).toContain("backref.migrate()");
    expect((await failure(storage.commit(scope, [{ write: [] }]))).code).toBe("storage-version");
    expect((await failure(storage.system.nextDueInMs("link"))).code).toBe("storage-version");
  });

  test("missing ones are named, and the documented ones suffice", async () => {
    await pool.query("CREATE ROLE app LOGIN PASSWORD 'app'");
    const apps = server.createPool({ max: 2, user: "app" });
    const storage = createPostgresStorage({ pool: apps, schema: "granted" });
    expect((await failure(storage.migrate())).code).toBe("storage-permission");
    expect(await tablesIn("granted")).toBe(0);

    await createPostgresStorage({ pool, schema: "granted" }).migrate();
    expect((await failure(storage.find(scope, { table: "source", by: "all", keys: [[]] }))).code).toBe(
      "storage-permission",
    );
    await pool.query(`
      GRANT USAGE ON SCHEMA granted TO app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA granted TO app;
      GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA granted TO app;
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA granted TO app;
    `);
    // Nothing to migrate is no reason to need more.
    await storage.migrate();
    await works("granted", apps);
    const activity = { type: "insert", table: "activity", row: sampleRow("activity") } as const;
    await storage.commit(scope, [{ write: [activity] }]);
    expect(await storage.system.readActivity({ after: 0, limit: 10 })).toHaveLength(1);
    await storage.system.claim({ table: "link", owner: "w", leaseMs: 1, limit: 1, limitPerSource: 1 });
  });
});
