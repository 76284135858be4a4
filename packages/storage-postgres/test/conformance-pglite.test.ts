import { registerSuite, storageSuite } from "@backref/testing";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freshStorages } from "./support/fresh-storage.ts";

let pool: PGlite;
let create: ReturnType<typeof freshStorages>;

beforeAll(async () => {
  pool = await PGlite.create();
  create = freshStorages(pool, "conformance");
}, 60_000);

afterAll(async () => {
  await pool.close();
});

const skipped: string[] = [];
registerSuite(storageSuite({ create: () => create() }), { describe, test }, (ruleId) => skipped.push(ruleId));

test("no rule is skipped", () => {
  expect(skipped).toEqual([]);
});
