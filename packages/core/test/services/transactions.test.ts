import { createPostgresStorage, fromPGlite } from "@backref/storage-postgres";
import { PGlite } from "@electric-sql/pglite";
import { describe, expect, it } from "vitest";
import { createBackref, generateSecretKey } from "../../src/index.ts";
import { createAuthoriser } from "../../src/security/authoriser.ts";
import { createIssuesService } from "../../src/services/issues/issues-service.ts";
import { createReferencesService } from "../../src/services/references/references-service.ts";
import { createSourcesService } from "../../src/services/sources/sources-service.ts";
import type { Storage, StorageScope } from "../../src/storage/storage.ts";
import { createShelfTracker } from "../support/shelf-tracker.ts";
import { createWorld, owner } from "../support/world.ts";

/** The memory storage cannot join a transaction, so this one pretends to and remembers who asked it to. */
function pretending(storage: Storage, seen: StorageScope[]): Storage {
  const plain = (scope: StorageScope) => {
    seen.push(scope);
    return { tenantId: scope.tenantId };
  };
  return {
    ...storage,
    find: (scope, query) => storage.find(plain(scope), query),
    commit: (scope, units) => storage.commit(plain(scope), units),
  };
}

async function inTransaction() {
  const world = createWorld();
  const source = await world.as(owner).sources.create({ name: "Ours", provider: "shelf", auth: { token: "t" } });
  world.tracker.put("blue", "1");
  world.events.length = 0;
  const seen: StorageScope[] = [];
  const runtime = { ...world.runtime, storage: pretending(world.storage, seen) };
  const transaction = { query: async () => ({ rows: [], rowCount: 0 }) };
  const scope = { tenantId: "acme", transaction };
  const authoriser = createAuthoriser();
  return {
    world,
    seen,
    transaction,
    source,
    sources: createSourcesService(runtime, authoriser, owner, scope),
    references: createReferencesService(runtime, authoriser, owner, scope),
    issues: createIssuesService(runtime, authoriser, owner, scope, { onStale: () => expect.unreachable() }),
  };
}

describe("inside a host's transaction", () => {
  it("only records: every call of the storage joins, nothing is read, nobody is told yet", async () => {
    const { world, seen, transaction, source, references, issues } = await inTransaction();
    const object = { type: "test-case", id: "T", projectId: "web" };
    const { issue, created } = await references.add({
      object,
      sourceId: source.id,
      issue: "blue#1",
      relation: "defect",
    });
    expect([created, issue.title]).toEqual([true, null]);
    await issues.get(issue.id);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every((scope) => scope.transaction === transaction)).toBe(true);
    expect(world.tracker.reads).toEqual([]);
    expect(world.events).toEqual([]);
    expect((await world.rows("activity")).map(({ type }) => type)).toEqual(["source-created", "reference-added"]);
  });

  it("refuses what speaks to the tracker", async () => {
    const { source, sources, issues } = await inTransaction();
    await expect(issues.refresh({ sourceId: source.id })).rejects.toThrow(TypeError);
    await expect(sources.test(source.id)).rejects.toThrow(/cannot run inside a transaction/);
    await expect(sources.preview(source.id)).rejects.toThrow(TypeError);
    expect(await sources.preview(source.id, { fresh: false })).toMatchObject({ items: [], links: 0 });
    await expect(sources.redeliverWebhooks(source.id)).rejects.toThrow(TypeError);
    await expect(sources.registerWebhooks(source.id, { url: "https://host.example" })).rejects.toThrow(TypeError);
  });
});

describe("inside a transaction of the one connection there is", () => {
  it("stored secrets are read through it, also those that it has written", { timeout: 20_000 }, async () => {
    const pool = await PGlite.create();
    const backref = createBackref({
      storage: createPostgresStorage({ pool }),
      providers: [createShelfTracker().provider],
      secretKeys: [{ id: "test", key: generateSecretKey() }],
    });
    await backref.migrate();
    const { id } = await backref.as(owner).sources.create({ name: "Ours", provider: "shelf", auth: { token: "t" } });
    const first = await pool.transaction(async (tx) => {
      const { sources } = backref.as(owner, { transaction: fromPGlite(tx) });
      await sources.update(id, { baseUrl: "https://other.example" });
      const made = await sources.webhook(id);
      expect(await sources.webhook(id)).toEqual(made);
      return made;
    });
    expect(await backref.as(owner).sources.webhook(id)).toEqual(first);
    expect(await backref.as(owner).sources.get(id)).toMatchObject({ baseUrl: "https://other.example" });
    await backref.close();
    await pool.close();
  });
});
