import { defectStoreSuite, registerSuite } from "@backref/testing";
import { startServer, type TestServer } from "backref-postgres-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTables } from "../src/create-tables.ts";
import { createPoolDatabase, type Database } from "../src/database.ts";
import { storeUnderTest } from "./support/store-under-test.ts";

let server: TestServer;
let database: Database;

beforeAll(async () => {
  server = await startServer();
  database = createPoolDatabase(server.createPool());
  await createTables(database);
}, 120_000);
afterAll(() => server.stop());

const skipped: string[] = [];
const suite = defectStoreSuite({ create: () => storeUnderTest(database, { transactionsAtOnce: true })() });
registerSuite(suite, { describe, test }, (ruleId) => skipped.push(ruleId));

test("no rule is skipped", () => {
  expect(skipped).toEqual([]);
});
