import { defectStoreSuite, registerSuite } from "@backref/testing";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTables } from "../src/create-tables.ts";
import { createPGliteDatabase, type Database } from "../src/database.ts";
import { storeUnderTest } from "./support/store-under-test.ts";

let pglite: PGlite;
let database: Database;

beforeAll(async () => {
  pglite = await PGlite.create();
  database = createPGliteDatabase(pglite);
  await createTables(database);
}, 60_000);
afterAll(() => pglite.close());

const skipped = new Map<string, string>();
const suite = defectStoreSuite({ create: () => storeUnderTest(database, { transactionsAtOnce: false })() });
registerSuite(suite, { describe, test }, (ruleId, reason) => skipped.set(ruleId, reason));

test("only rules about several transactions at once are skipped", () => {
  expect([...new Set(skipped.values())]).toEqual(["nobody gets through while a transaction of the host's is open"]);
});
