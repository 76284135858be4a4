import { startServer, type TestServer } from "backref-postgres-server";
import type { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPostgresStorage } from "../src/index.ts";
import { insertLinks, manyLinksTenantId as tenantId } from "./support/many-links.ts";

const schema = "claimed";
let server: TestServer;
let pool: Pool;
beforeAll(async () => {
  server = await startServer();
  pool = server.createPool();
}, 120_000);
afterAll(() => server.stop());

test("a claim shows what was committed while it was leasing", async () => {
  const storage = createPostgresStorage({ pool, schema });
  await storage.migrate();
  await insertLinks(pool, schema, { first: 0, count: 2, sources: 1 });
  const [first, second] = ["link-000000000", "link-000000001"];
  // The claim stops where it leases the first link, and has not come to the second one yet.
  await pool.query(`
    CREATE FUNCTION ${schema}.stop_here() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$;
    CREATE TRIGGER stop_here BEFORE UPDATE ON ${schema}.link_work FOR EACH ROW
    WHEN (NEW.id = '${first}') EXECUTE FUNCTION ${schema}.stop_here();
  `);
  const holder = await pool.connect();
  await holder.query("BEGIN; SELECT pg_advisory_xact_lock(1)");
  const claiming = storage.system.claim({ table: "link", owner: "w", leaseMs: 60_000, limit: 2, limitPerSource: 2 });
  const waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 1";
  while ((await pool.query(waiting)).rows.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));

  const [outcome] = await storage.commit({ tenantId }, [
    {
      require: [{ table: "link", id: second, match: { fence: 1, leaseOwner: null } }],
      write: [{ type: "update", table: "link", id: second, set: { attempts: 7 } }],
    },
  ]);
  expect(outcome?.status).toBe("committed");
  await holder.query("COMMIT");
  holder.release();
  expect((await claiming).rows.map(({ id, attempts }) => [id, attempts])).toEqual([
    [first, 0],
    [second, 7],
  ]);
});
