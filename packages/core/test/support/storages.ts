import { createMemoryStorage } from "@backref/storage-memory";
import { createPostgresStorage } from "@backref/storage-postgres";
import { startServer, type TestServer } from "backref-postgres-server";
import { afterAll } from "vitest";
import type { Storage } from "../../src/storage/storage.ts";

let running: Promise<Pick<TestServer, "stop"> & { readonly pool: ReturnType<TestServer["createPool"]> }> | null = null;
let schemas = 0;

/**
 * What a service has to do the same on: `describe.each(storages())(…)` gives a name and how to make an empty one. The server
 * is one for the whole test file, and each storage has a schema of its own.
 */
export function storages(): readonly (readonly [name: string, create: () => Promise<Storage>])[] {
  afterAll(async () => {
    const server = running;
    running = null;
    await (await server)?.stop();
  });
  return [
    ["memory", async () => createMemoryStorage()],
    ["PostgreSQL", emptyPostgresStorage],
  ];
}

async function emptyPostgresStorage(): Promise<Storage> {
  running ??= startServer().then((server) => ({ pool: server.createPool(), stop: () => server.stop() }));
  const { pool } = await running;
  schemas += 1;
  const storage = createPostgresStorage({ pool, schema: `services_${schemas}` });
  await storage.migrate();
  return storage;
}
