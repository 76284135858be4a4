import { createBackref, generateSecretKey } from "@backref/core";
import { createGitHubProvider } from "@backref/provider-github";
import { createFakeGitHub } from "@backref/testing/github";
import { PGlite } from "@electric-sql/pglite";
import { startServer, type TestServer } from "backref-postgres-server";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPostgresStorage, fromDrizzle, fromPrisma } from "../../src/index.ts";
import { drizzleOn, drizzleOnPool, kyselyOn, kyselyOnPool, type Orm, pgliteAlone, prismaLikeOnPool } from "./orm.ts";

let server: TestServer;
let pglite: PGlite;

beforeAll(async () => {
  server = await startServer();
  pglite = await PGlite.create();
}, 120_000);
afterAll(async () => {
  await pglite.close();
  await server.stop();
});

const pool = () => server.createPool();
const orms: readonly (readonly [string, () => Orm])[] = [
  ["Drizzle on node-postgres", () => drizzleOnPool(pool())],
  ["Drizzle on PGlite", () => drizzleOn(pglite)],
  ["Kysely on PostgreSQL", () => kyselyOnPool(pool())],
  ["Kysely on PGlite", () => kyselyOn(pglite)],
  ["PGlite itself", () => pgliteAlone(pglite)],
  ["something of Prisma's shape", () => prismaLikeOnPool(pool())],
];

const ann = { tenantId: "acme", userId: "ann", role: "owner" } as const;
const title = `It's "$1" \\ ü \u{1F41E} {"a": 1}`;

describe.each(orms)("a transaction of %s", (_name, open) => {
  async function createWorld() {
    const orm = open();
    const { pool } = orm;
    await pool.query("DROP TABLE IF EXISTS note");
    await pool.query("DROP SCHEMA IF EXISTS host_transactions CASCADE");
    await pool.query("CREATE TABLE note (body text NOT NULL)");
    const github = createFakeGitHub({ repositories: ["acme/web"] });
    const backref = createBackref({
      storage: createPostgresStorage({ pool, schema: "host_transactions" }),
      providers: [createGitHubProvider()],
      secretKeys: [{ id: "test", key: generateSecretKey() }],
      fetch: github.fetch,
    });
    await backref.migrate();
    await backref.as(ann).sources.create({
      name: "GitHub",
      provider: "github",
      auth: { type: "token", token: github.token },
      targets: [{ projectId: "web", container: "acme/web" }],
    });
    /** A row of the host's, a defect and its push. */
    const file = (end: () => void) =>
      orm.transaction(async ({ transaction, insertNote }) => {
        const { defects } = backref.as(ann, { transaction });
        await insertNote("Filed");
        const defect = await defects.create({ projectId: "web", title, priority: "major" });
        const link = await defects.push(defect.id);
        end();
        return { defect, link };
      });
    const noteCount = async () => (await pool.query("SELECT body FROM note")).rows.length;
    const quiet = async () => {
      while ((await backref.sync.run()).processed > 0);
    };
    return { backref, github, file, noteCount, quiet };
  }

  test("carries a push to its commit, or to its rollback", { timeout: 60_000 }, async () => {
    const { backref, github, file, noteCount, quiet } = await createWorld();
    const failure = new Error("The host rolls back.");
    const rolledBack = file(() => {
      throw failure;
    });
    await expect(rolledBack).rejects.toBe(failure);
    await quiet();
    expect(await noteCount()).toBe(0);
    expect((await backref.as(ann).defects.list({ projectId: "web" })).items).toEqual([]);
    expect(github.issues("acme/web")).toEqual([]);

    const { defect, link } = await file(() => {});
    expect(github.issues("acme/web")).toEqual([]);
    await quiet();
    expect(await noteCount()).toBe(1);
    expect(await backref.as(ann).defects.get(defect.id)).toMatchObject({ title });
    expect(github.issues("acme/web")).toMatchObject([{ title }]);
    expect(await backref.as(ann).defects.link(link.id)).toMatchObject({ status: "synced" });
    await backref.close();
  });
});

test("values keep their places, also where one stands twice and where there are more than nine", async () => {
  const statement =
    "SELECT $2::text || $1 || $2 || $10 AS answer, $3::int[] AS list, $4::text AS nothing, $5::text || $6 || $7 || $8 || $9 AS rest";
  const values = ["a", "b", [1, 2], null, "5", "6", "7", "8", "9", "ten"];
  const expected = { rows: [{ answer: "babten", list: [1, 2], nothing: null, rest: "56789" }] };
  for (const [name, open] of orms) {
    const answer = await open().transaction(({ transaction }) => transaction.query(statement, values));
    expect(answer, name).toMatchObject(expected);
  }
});

test("a driver that answers no rows is refused", async () => {
  const answer = async () => ({ count: 1 });
  const drizzle = fromDrizzle({ execute: answer }, sql);
  await expect(drizzle.query("SELECT 1", [])).rejects.toThrow(/^fromDrizzle: .* driver is not supported/);
  await expect(fromPrisma({ $queryRawUnsafe: answer }).query("SELECT 1", [])).rejects.toThrow(TypeError);
});
