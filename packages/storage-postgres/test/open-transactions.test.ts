import type { CommitUnit, HostTransaction, Storage } from "@backref/core/storage";
import { sampleRow, sampleTenantId } from "@backref/testing";
import { startServer, type TestServer } from "backref-postgres-server";
import type { Pool, PoolClient } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPostgresStorage } from "../src/index.ts";
import { insertLinks, manyLinksTenantId } from "./support/many-links.ts";

const schema = "opened";
let server: TestServer;
let pool: Pool;
let storage: Storage;

beforeAll(async () => {
  server = await startServer();
  pool = server.createPool();
  storage = createPostgresStorage({ pool, schema });
  await storage.migrate();
}, 120_000);
afterAll(async () => {
  await server.stop();
});

/** A transaction of the host's that stays open until the test ends it. */
async function openTransaction(
  begin = "BEGIN",
): Promise<{ readonly client: PoolClient; end(how: "COMMIT" | "ROLLBACK"): Promise<void> }> {
  const client = await pool.connect();
  await client.query(begin);
  return {
    client,
    async end(how) {
      await client.query(how);
      client.release();
    },
  };
}

const activity = (id: string): CommitUnit => ({
  write: [{ type: "insert", table: "activity", row: sampleRow("activity", { id }) }],
});
const scope = { tenantId: sampleTenantId };
const inside = (transaction: HostTransaction) => ({ ...scope, transaction });

describe("the feed, while a transaction of the host is open", () => {
  test("does not pass over what it will commit late, and does not show what it rolls back", async () => {
    const read = async (after: number) =>
      (await storage.system.readActivity({ after, limit: 100 })).map(({ id }) => id);
    await storage.commit(scope, [activity("before")]);
    const late = await openTransaction();
    await storage.commit(inside(late.client), [activity("late")]);
    const lost = await openTransaction();
    await storage.commit(inside(lost.client), [activity("lost")]);
    await storage.commit(scope, [activity("after")]);
    expect(await read(0)).toEqual(["before"]);
    await lost.end("ROLLBACK");
    expect(await read(0)).toEqual(["before"]);
    await late.end("COMMIT");
    expect(await read(0)).toEqual(["before", "late", "after"]);
  });

  test("goes on beside transactions that have nothing to do with it", async () => {
    const [last] = (await storage.system.readActivity({ after: 0, limit: 100 })).slice(-1);
    const other = await openTransaction();
    await other.client.query(`CREATE TABLE IF NOT EXISTS ${schema}.something_of_the_hosts (id integer)`);
    await storage.commit(scope, [activity("beside")]);
    const rows = await storage.system.readActivity({ after: last?.sequence ?? 0, limit: 10 });
    expect(rows.map(({ id }) => id)).toEqual(["beside"]);
    await other.end("ROLLBACK");
  });
});

describe("rows that a transaction of the host holds", () => {
  test("keep nobody else's commit waiting, and are answered `stale` after a while", { timeout: 30_000 }, async () => {
    await insertLinks(pool, schema, { first: 0, count: 50, sources: 1 });
    const links = { tenantId: manyLinksTenantId };
    const claim = { table: "link", owner: "worker", leaseMs: 60_000, limit: 50, limitPerSource: 50 } as const;
    const { rows } = await storage.system.claim(claim);
    const [held] = rows;
    if (held === undefined) throw new TypeError("fifty links were due");
    const host = await openTransaction();
    const edit: CommitUnit = { write: [{ type: "update", table: "link", id: held.id, set: { targetId: "t" } }] };
    await storage.commit({ ...links, transaction: host.client }, [edit]);

    const committing = storage.commit(
      links,
      rows.map(({ id, fence, mark }) => ({
        require: [{ table: "link", id, match: { active: 1 } }],
        write: [
          { type: "release", table: "link", id, fence, seenMark: mark, nextAfterMs: null, set: { seenVersion: 9 } },
        ],
      })),
    );
    const free = () => pool.query(`SELECT 1 FROM ${schema}.link_work WHERE lease_owner IS NULL`);
    while ((await free()).rows.length < 49) await new Promise((resolve) => setTimeout(resolve, 20));
    // Whoever waits for the host now waits alone.
    const outcomes = await committing;
    expect(outcomes.filter(({ status }) => status === "committed")).toHaveLength(49);
    expect(outcomes[0]).toEqual({ status: "stale", table: "link", id: held.id });
    await host.end("COMMIT");
  });

  test("a transaction that would see too little is refused, and serialisable ones are fine", async () => {
    const repeatable = await openTransaction("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await expect(storage.commit(inside(repeatable.client), [activity("r")])).rejects.toMatchObject({
      code: "transaction-unsupported",
    });
    await repeatable.end("ROLLBACK");
    const serializable = await openTransaction("BEGIN ISOLATION LEVEL SERIALIZABLE");
    const outcomes = await storage.commit(inside(serializable.client), [activity("s")]);
    expect(outcomes).toEqual([{ status: "committed", skipped: 0 }]);
    await serializable.end("COMMIT");
  });

  test("a unit that cannot be committed leaves the host's transaction alive", async () => {
    const host = await openTransaction();
    await host.client.query(`CREATE TABLE ${schema}.bug (id integer)`);
    const relation = sampleRow("relation", { id: "r1", name: "blocks" });
    const insert = (id: string): CommitUnit => ({
      write: [{ type: "insert", table: "relation", row: { ...relation, id } }],
    });
    const outcomes = await storage.commit(inside(host.client), [insert("r1"), insert("r2"), activity("kept")]);
    expect(outcomes.map(({ status }) => status)).toEqual(["committed", "taken", "committed"]);
    await host.client.query(`INSERT INTO ${schema}.bug VALUES (1)`);
    await host.end("COMMIT");
    expect((await pool.query(`SELECT id FROM ${schema}.bug`)).rows).toEqual([{ id: 1 }]);
    expect(await storage.find(scope, { table: "relation", by: "all", keys: [[]] })).toHaveLength(1);
  });
});
