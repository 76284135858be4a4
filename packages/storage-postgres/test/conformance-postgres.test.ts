import { registerSuite, storageSuite } from "@backref/testing";
import { startServer, type TestServer } from "backref-postgres-server";
import type { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freshStorages } from "./support/fresh-storage.ts";

let server: TestServer;
let create: ReturnType<typeof freshStorages>;
let pool: Pool;

beforeAll(async () => {
  // Activity is shown once no older transaction is open, and autovacuum has some of its own that end when they like.
  server = await startServer({ settings: { autovacuum: "off" } });
  pool = server.createPool();
  create = freshStorages(pool, "conformance");
}, 120_000);

afterAll(async () => {
  await server.stop();
});

const skipped: string[] = [];
registerSuite(storageSuite({ create: () => create() }), { describe, test }, (ruleId) => skipped.push(ruleId));

test("no rule is skipped", () => {
  expect(skipped).toEqual([]);
});
