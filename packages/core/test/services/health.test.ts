import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { describe, expect, test } from "vitest";
import { createBackref, type Health, type Storage, StorageError } from "../../src/index.ts";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, settle } from "../support/github-world.ts";

const codes = ({ reasons }: Health) => reasons.map(({ code }) => code);

/** The storage, with another answer to the question how everything is. */
function answering(storage: Storage, overview: Storage["system"]["overview"]): Storage {
  return { ...storage, system: { ...storage.system, overview } };
}

async function pushed(world: GitHubWorld, title: string) {
  const { id } = await world.app.defects.create({ projectId: "web", title });
  await world.app.defects.push(id);
  await settle(world);
  return id;
}

describe("health", () => {
  test("is ok where all is well, and says what there is", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    await pushed(world, "Total is wrong");
    const health = await world.backref.health();
    expect(health).toMatchObject({
      status: "ok",
      reasons: [],
      checkedAt: world.time.now(),
      sources: { ok: 1, degraded: 0, reconnectRequired: 0, disabled: 0 },
      links: { stopped: 0, retrying: 0, frozen: 0, refused: 0 },
      due: { link: { count: 0, oldestForMs: null } },
      installation: { owner: null, own: null },
      worker: { isRunning: false, lastFailure: null },
    });
    expect(health.worker.lastPassAt).toBe(world.time.now());
    expect(health.storageMs).toBeGreaterThanOrEqual(0);
  });

  test("is degraded while a source needs another credential, and names no tenant and no source", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    const id = await pushed(world, "Total is wrong");
    world.github.faults.add({ kind: "status-before", status: 401, times: 9 });
    await world.app.defects.update(id, { title: "Total is off" });
    await settle(world);
    const health = await world.backref.health();
    expect(health.status).toBe("degraded");
    expect(codes(health)).toEqual(["sources-reconnect-required"]);
    expect(health.sources).toEqual({ ok: 0, degraded: 0, reconnectRequired: 1, disabled: 0 });
    for (const name of [source.name, source.id, "acme"]) expect(JSON.stringify(health)).not.toContain(name);
  });

  test("counts links that wait for a person", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const id = await pushed(world, "Total is wrong");
    world.github.faults.add({ kind: "status-before", status: 422, match: { method: "PATCH" } });
    await world.app.defects.update(id, { title: "Total is off" });
    await settle(world);
    expect((await world.backref.health()).links).toEqual({ stopped: 1, retrying: 0, frozen: 0, refused: 0 });
  });

  test("is degraded where due work waits for too long, whoever should have done it", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const id = await pushed(world, "Total is wrong");
    await world.app.defects.update(id, { title: "Total is off" });
    await world.time.advance(299_000);
    expect((await world.backref.health()).status).toBe("ok");
    await world.time.advance(2_000);
    const late = await world.backref.health();
    expect(codes(late)).toContain("work-late");
    expect(late.due?.link).toEqual({ count: 1, oldestForMs: 301_000 });
    expect((await world.backref.health({ maxLagMs: 600_000 })).status).toBe("ok");
    await settle(world);
    expect((await world.backref.health()).status).toBe("ok");
  });

  test("tells whether a worker of this process runs, and why its last pass failed", async () => {
    const time = createVirtualTime();
    let isAway = false;
    const memory = createMemoryStorage({ clock: time.clock });
    const storage: Storage = {
      ...memory,
      system: {
        ...memory.system,
        claim: (request) => {
          if (!isAway) return memory.system.claim(request);
          const message = "connect ECONNREFUSED password=abcdefgh12345678";
          throw new StorageError({ code: "storage-unavailable", operation: "claim", message });
        },
      },
    };
    const world = await createGitHubWorld({ time, storage });
    const stop = world.backref.sync.start();
    await time.advance(1_500);
    expect((await world.backref.health()).worker).toMatchObject({ isRunning: true, lastFailure: null });
    isAway = true;
    await time.advance(1_500);
    const health = await world.backref.health();
    expect(codes(health)).toEqual(["pass-failed"]);
    expect(health.worker.lastFailure?.code).toBe("storage-unavailable");
    expect(JSON.stringify(health)).not.toContain("abcdefgh12345678");
    isAway = false;
    await time.advance(1_500);
    expect((await world.backref.health()).status).toBe("ok");
    await stop();
    expect((await world.backref.health()).worker.isRunning).toBe(false);
  });

  test("tells when the newest delivery came in", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    await world.app.sources.registerWebhooks(source.id, { url: "https://host.example.com/hook" });
    const { endpoint } = await world.app.sources.webhook(source.id);
    expect((await world.backref.health()).lastDeliveryAt).toBeNull();
    const { url, headers, body } = world.github.webhooks.drop();
    await world.backref.webhooks.handle(new Request(url, { method: "POST", headers, body }), { endpoint });
    expect((await world.backref.health()).lastDeliveryAt).toBe(world.time.now());
  });

  test("is failing on a copy of somebody else's data", async () => {
    const storage = createMemoryStorage();
    const owner = createBackref({ storage, providers: [], installationId: "production" });
    await owner.sync.run();
    const copy = createBackref({ storage, providers: [], installationId: "staging" });
    const health = await copy.health();
    expect(health.status).toBe("failing");
    expect(codes(health)).toEqual(["installation-mismatch"]);
    expect(health.reasons[0]?.message).toMatch(/"production".*"staging".*takeOver/);
    expect((await owner.health()).status).toBe("ok");
  });
});

describe("health never throws", () => {
  const memory = createMemoryStorage();
  const failures: readonly (readonly [string, string, Storage["system"]["overview"]])[] = [
    ["is away", "storage-unreachable", () => Promise.reject(new Error("connect ECONNREFUSED"))],
    [
      "throws at once",
      "storage-unreachable",
      () => {
        throw new TypeError("broken");
      },
    ],
    ["does not answer", "storage-unreachable", () => new Promise(() => {})],
    [
      "was never migrated",
      "schema-missing",
      () =>
        Promise.reject(
          new StorageError({
            code: "storage-version",
            operation: "system.overview",
            message: "Run backref.migrate().",
          }),
        ),
    ],
  ];
  test.each(failures)("where the storage %s", async (_how, code, overview) => {
    const backref = createBackref({ storage: answering(memory, overview), providers: [] });
    const health = await backref.health({ timeoutMs: 20 });
    expect(health).toMatchObject({ status: "failing", storageMs: null, sources: null, due: null });
    expect(codes(health)).toEqual([code]);
  });

  test.each([
    ["older", 4, "failing", "schema-outdated", /migrate/],
    ["newer", 6, "degraded", "schema-newer", /Update/],
  ] as const)("and says what to do about a schema that is %s", async (_how, version, status, code, words) => {
    const overview = async (request: { readonly limit: number }) => ({
      ...(await memory.system.overview(request)),
      schema: { version, expected: 5 },
    });
    const health = await createBackref({ storage: answering(memory, overview), providers: [] }).health();
    expect(health.status).toBe(status);
    expect(codes(health)).toEqual([code]);
    expect(health.reasons[0]?.message).toMatch(words);
  });

  test("after close", async () => {
    const backref = createBackref({ storage: createMemoryStorage(), providers: [] });
    await backref.close();
    expect(codes(await backref.health())).toEqual(["closed"]);
  });

  test("but refuses a request that makes no sense", async () => {
    const backref = createBackref({ storage: memory, providers: [] });
    await expect(backref.health({ maxLag: 5 } as never)).rejects.toMatchObject({ code: "invalid-input" });
  });
});
