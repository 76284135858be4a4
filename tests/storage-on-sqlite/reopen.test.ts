import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { CommitUnit } from "@backref/core/storage";
import { createVirtualTime, sampleId, sampleRow, sampleTenantId } from "@backref/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSqliteStorage } from "./create-sqlite-storage.ts";

const scope = { tenantId: sampleTenantId };
const byId = { by: "id", keys: [[sampleId(1)]] } as const;
const claimAll = { table: "link", owner: "worker", leaseMs: 1_000, limit: 10, limitPerSource: 10 } as const;
const { clock, advance } = createVirtualTime();

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "storage-on-sqlite-"));
  path = join(folder, "backref.sqlite");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function openStorage() {
  const storage = createSqliteStorage({ path, clock });
  await storage.migrate();
  return storage;
}

test("rows, leases, the feed and its consumers are there when the file is opened again", async () => {
  const before = await openStorage();
  const link = sampleRow("link", { dueAt: 0 });
  await before.commit(scope, [
    { write: [{ type: "insert", table: "source", row: sampleRow("source", { endpoint: "hook" }) }] },
    { write: [{ type: "insert", table: "link", row: link }] },
    { write: [{ type: "insert", table: "activity", row: sampleRow("activity") }] },
  ]);
  await before.system.claim(claimAll);
  const consumer = { name: "mail", owner: "worker", leaseMs: 1_000 };
  const claimed = await before.system.claimConsumer(consumer);
  await before.system.commitConsumer({ name: "mail", fence: claimed?.fence ?? 0, cursor: 1, leaseMs: null });
  await before.close();

  const after = await openStorage();
  expect(await after.find(scope, { table: "link", ...byId })).toEqual([
    { ...link, fence: 1, leaseOwner: "worker", leaseUntil: clock.now() + 1_000 },
  ]);
  expect((await after.system.sourceByEndpoint("hook"))?.id).toBe(sampleId(1));
  expect((await after.system.claim(claimAll)).rows).toEqual([]);
  await advance(1_000);
  expect((await after.system.claim(claimAll)).rows.map(({ fence }) => fence)).toEqual([2]);
  const next = sampleRow("activity", { id: sampleId(2) });
  await after.commit(scope, [{ write: [{ type: "insert", table: "activity", row: next }] }]);
  const { cursor = 0 } = (await after.system.claimConsumer(consumer)) ?? {};
  expect(await after.system.readActivity({ after: cursor, limit: 10 })).toEqual([{ ...next, sequence: 2 }]);
  await after.close();
});

test("two storages on one file migrate at once, and of two same keys one is taken", async () => {
  const [one, two] = await Promise.all([openStorage(), openStorage()]);
  const unit = (id: string): CommitUnit => ({
    write: [{ type: "insert", table: "relation", row: sampleRow("relation", { id, name: "blocks" }) }],
  });
  const outcomes = await Promise.all([one.commit(scope, [unit(sampleId(1))]), two.commit(scope, [unit(sampleId(2))])]);
  expect(outcomes.flat()).toEqual([
    { status: "committed", skipped: 0 },
    { status: "taken", table: "relation", key: "name" },
  ]);
  await Promise.all([one.close(), two.close()]);
});

test("a file of a later version, or one that was never migrated, is refused", async () => {
  const storage = createSqliteStorage({ path, clock });
  const refused = { name: "StorageError", code: "storage-version" };
  await expect(storage.find(scope, { table: "link", ...byId })).rejects.toMatchObject(refused);
  const later = new DatabaseSync(path);
  later.exec("PRAGMA user_version = 2");
  later.close();
  await expect(storage.migrate()).rejects.toMatchObject(refused);
  await storage.close();
});

test("a file that another process holds is a conflict, which may be tried again", async () => {
  const storage = createSqliteStorage({ path, clock, busyTimeoutMs: 10 });
  await storage.migrate();
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  await expect(storage.commit(scope, [])).rejects.toMatchObject({ code: "storage-conflict", isRetryable: true });
  other.exec("ROLLBACK");
  other.close();
  expect(await storage.commit(scope, [])).toEqual([]);
  await storage.close();
});
