import { createBackref } from "@backref/core";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPostgresStorage, exportMigrations } from "../src/index.ts";
import { schemaVersion } from "../src/migrations/index.ts";

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
}, 60_000);
afterAll(async () => {
  await database.close();
});

function backrefOn(schema: string) {
  const statements: string[] = [];
  const storage = createPostgresStorage({
    schema,
    pool: {
      query(text, values) {
        statements.push(text);
        return database.query(text, values);
      },
    },
  });
  return { backref: createBackref({ storage, providers: [] }), statements };
}

test("health takes one statement", async () => {
  const { backref, statements } = backrefOn("well");
  await backref.migrate();
  statements.length = 0;
  const health = await backref.health();
  expect(health).toMatchObject({ status: "ok", schema: { version: schemaVersion, expected: schemaVersion } });
  expect(statements).toHaveLength(1);
});

test("health says that the schema is missing, older or newer, and what to do", async () => {
  const missing = await backrefOn("missing").backref.health();
  expect(missing.reasons.map(({ code }) => code)).toEqual(["schema-missing"]);
  expect(missing.reasons[0]?.message).toMatch(/migrate/);

  for (const { sql } of exportMigrations({ schema: "older" }).slice(0, -1)) await database.exec(sql);
  const { backref } = backrefOn("older");
  const older = await backref.health();
  expect(older.status).toBe("failing");
  expect(older.reasons.map(({ code }) => code)).toEqual(["schema-outdated"]);

  await backref.migrate();
  expect((await backref.health()).status).toBe("ok");
  await database.query("INSERT INTO older.migration (version, name) VALUES (999, 'future')");
  const newer = await backref.health();
  expect(newer.status).toBe("degraded");
  expect(newer.reasons.map(({ code }) => code)).toEqual(["schema-newer"]);
});
