import { PGlite } from "@electric-sql/pglite";
import { startServer } from "backref-postgres-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBug, editBug } from "../src/bugs.ts";
import { createPGliteDatabase, createPoolDatabase, type Database } from "../src/database.ts";
import { ann, createWorld, type World } from "./support/world.ts";

interface Opened {
  readonly database: Database;
  close(): Promise<void>;
}

async function openServer(): Promise<Opened> {
  const server = await startServer();
  return { database: createPoolDatabase(server.createPool()), close: () => server.stop() };
}

async function openPGlite(): Promise<Opened> {
  const pglite = await PGlite.create();
  return { database: createPGliteDatabase(pglite), close: () => pglite.close() };
}

describe.each([
  ["PostgreSQL", openServer],
  ["PGlite", openPGlite],
])("a transaction of the host's on %s", (_name, open) => {
  let opened: Opened;
  let world: World;
  beforeAll(async () => {
    opened = await open();
    world = await createWorld(opened.database);
  }, 120_000);
  afterAll(async () => {
    await world.backref.close();
    await opened.close();
  });

  const draft = { project: "shop", title: "Total is wrong", severity: "S2" } as const;
  const issues = () => world.github.issues("acme/shop");
  const titlesHere = async () => {
    const { rows } = await world.database.query("SELECT title FROM bug ORDER BY number");
    return rows.map(({ title }) => title);
  };
  const linkCount = async () => {
    const { rows } = await world.database.query("SELECT count(*)::int AS count FROM backref.link");
    return rows[0]?.["count"];
  };
  const failure = new Error("Something else in the transaction failed.");

  test("that is rolled back leaves neither the bug nor its push", async () => {
    const work = world.database.transaction(async (transaction) => {
      const number = await createBug(transaction, ann.tenantId, draft);
      const link = await world.backref.as(ann, { transaction }).defects.push(number);
      expect(link).toMatchObject({ status: "creating", defectId: number });
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    await world.quiet();
    expect([await titlesHere(), await linkCount(), issues()]).toEqual([[], 0, []]);
  });

  test("that is committed leaves both, and the issue is made once", async () => {
    const { number, link } = await world.bugs.file(ann, draft);
    expect(issues()).toEqual([]);
    await Promise.all([world.backref.sync.run(), world.backref.sync.run()]);
    await world.quiet();
    expect(issues()).toMatchObject([{ title: "Total is wrong", labels: ["severity:2"] }]);
    const view = await world.backref.as(ann).defects.link(link.id);
    expect(view).toMatchObject({ defectId: number, status: "synced", badge: { text: "#1" } });
    expect(await linkCount()).toBe(1);
  });

  test("carries an edit and the notice of it, or neither", async () => {
    const [number = ""] = (await world.database.query("SELECT number::text FROM bug")).rows.map((row) =>
      String(row["number"]),
    );
    const edited = world.database.transaction(async (transaction) => {
      await editBug(transaction, { tenant: ann.tenantId, number }, { title: "Given up" });
      await world.backref.as(ann, { transaction }).defects.changed([number]);
      throw failure;
    });
    await expect(edited).rejects.toBe(failure);
    const mark = world.github.mark();
    await world.quiet();
    expect(world.github.requestsSince(mark).filter(({ method }) => method !== "GET")).toEqual([]);
    expect(await titlesHere()).toEqual(["Total is wrong"]);

    await world.bugs.edit(ann, number, { title: "Total is wrong with a voucher" });
    await world.bugs.comment(ann, number, { author: "Ann", body: "Only in euros." });
    await world.quiet();
    expect(issues()).toHaveLength(1);
    expect(issues()[0]).toMatchObject({ title: "Total is wrong with a voucher" });
    expect(issues()[0]?.comments.map(({ body }) => body)).toEqual([expect.stringContaining("Only in euros.")]);
    expect(world.github.violations).toEqual([]);
  });
});
