import { createMemoryStorage } from "@backref/storage-memory";
import { describe, expect, test } from "vitest";
import { createBackref } from "../../src/index.ts";
import { errorOf } from "../support/error-of.ts";
import { addGitHubSource, createGitHubWorld, settle } from "../support/github-world.ts";
import { createToyProvider } from "../support/toy-provider.ts";

async function pushed() {
  const world = await createGitHubWorld();
  await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "One" });
  const link = await world.app.defects.push(defect.id);
  await settle(world);
  return { world, defect, link };
}

describe("options that can never work", () => {
  const base = { storage: createMemoryStorage(), providers: [] };
  const words = { ...base, mapping: {} };
  const one = { statuses: [{ id: "open", category: "open" }] };
  const create = createBackref as unknown as (options?: unknown) => unknown;
  test.each<[string, unknown, RegExp]>([
    ["none", undefined, /needs options/],
    ["no storage", { providers: [] }, /"storage" is missing/],
    ["no providers", { storage: base.storage }, /"providers" is missing/],
    ["a misspelt option", { ...base, secretKey: [] }, /no option "secretKey"/],
    ["a misspelt limit", { ...base, limits: { pushWait: 1 } }, /limits has no "pushWait"/],
    ["a limit that is no number", { ...base, limits: { leaseMs: Number.NaN } }, /limits\.leaseMs/],
    ["a lease in which nothing could be sent", { ...base, limits: { leaseMs: 5_000 } }, /limits\.leaseMs/],
    ["a negative limit", { ...base, limits: { pushWaitMs: -1 } }, /limits\.pushWaitMs/],
    ["an unknown choice", { ...base, limits: { createInDoubt: "maybe" } }, /createInDoubt/],
    ["no words", { ...base, vocabulary: { statuses: [], priorities: [] }, mapping: {} }, /vocabulary\.statuses/],
    ["a logger without log", { ...base, logger: {} }, /logger has no method "log"/],
    ["a fetch that is none", { ...base, fetch: 5 }, /fetch must be a function/],
    ["a mapping of foreign words", { ...base, mapping: { priority: [{ remote: "x", local: ["nope"] }] } }, /nope/],
    [
      "a storage that was not called",
      { ...base, storage: createMemoryStorage },
      /createMemoryStorage: should it be called/,
    ],
    [
      "a storage that is still made",
      { ...base, storage: Promise.resolve(base.storage) },
      /storage is a promise; await/,
    ],
    ["null for an option", { ...base, fetch: null }, /fetch must be a function, not null/],
    ["a provider that was not called", { ...base, providers: [createToyProvider] }, /createToyProvider: call it/],
    ["a hole among the providers", { ...base, providers: [undefined] }, /providers\[0\] is of the kind undefined/],
    ["a provider's name", { ...base, providers: ["github"] }, /providers\[0\] is of the kind string.*factory/],
    ["something without an id", { ...base, providers: [{}] }, /providers\[0\] has no `id`/],
    ["half a provider", { ...base, providers: [{ id: "x", specVersion: 1 }] }, /"x" has no method "describe"/],
    ["a provider of another contract", { ...base, providers: [{ id: "x", specVersion: 2 }] }, /speaks version 2/],
    ["one provider twice", { ...base, providers: [createToyProvider(), createToyProvider()] }, /the id "toy"/],
    ["a key by itself", { ...base, secretKeys: ["c2VjcmV0"] }, /every key is \{ id, key \}/],
    ["no key at all", { ...base, secretKeys: [null] }, /every key is \{ id, key \}/],
    ["half a worker", { ...base, limits: { claimBatch: 1.5 } }, /claimBatch must be a whole number/],
    [
      "a status as a word",
      { ...words, vocabulary: { statuses: ["open"], priorities: [] } },
      /statuses\[0\] needs an `id`/,
    ],
    [
      "an unknown category",
      { ...words, vocabulary: { statuses: [{ id: "a", category: "done" }], priorities: [] } },
      /"a".*open, active, closed/,
    ],
    [
      "priorities without words",
      { ...words, vocabulary: { ...one, priorities: [1] } },
      /priorities must be a list of texts/,
    ],
    ["a priority twice", { ...words, vocabulary: { ...one, priorities: ["x", "x"] } }, /priorities has "x" twice/],
    ["a misspelt part of a mapping", { ...base, mapping: { stauts: [] } }, /mapping.*"stauts"/],
    [
      "an unknown direction",
      { ...base, mapping: { fields: { title: { direction: "outwards" } } } },
      /fields\.title\.direction/,
    ],
    ["a mapping of another shape", { ...base, mapping: { status: { open: "x" } } }, /mapping.*status/],
    ["a hole in a mapping", { ...base, mapping: { priority: [null] } }, /priority\.?\[0\]/],
    ["a name no storage can hold", { ...base, installationId: "a\0b" }, /installationId/],
  ])("%s", (_name, options, words) => {
    expect(() => create(options)).toThrow(TypeError);
    expect(() => create(options)).toThrow(words);
  });
});

describe("calls that cannot be meant", () => {
  test("a misspelt option of `as` is no call outside of the transaction", () => {
    const { as } = createBackref({ storage: createMemoryStorage(), providers: [] });
    const actor = { tenantId: "acme", system: true } as const;
    const transaction = { query: async () => ({ rows: [], rowCount: 0 }) };
    expect(() => as(actor, { transactoin: transaction } as never)).toThrow(/no option "transactoin"/);
    expect(() => as(actor, { transaction: null } as never)).toThrow(/query\(text, values\)/);
    expect(as(actor, { transaction: undefined } as never)).toHaveProperty("defects");
    expect(as(actor, null as never)).toHaveProperty("defects");
  });

  test("whoever is told of progress and fails over it, at once or later, ends the call and nothing else", async () => {
    const { world, defect } = await pushed();
    const { app } = world;
    await app.references.add({
      object: { type: "test-case", id: "TC-1", projectId: "web" },
      issue: "#1",
      relation: "relates-to",
    });
    const atOnce = () => {
      throw new Error("of the host's own");
    };
    for (const onProgress of [atOnce, async () => atOnce()]) {
      await expect(app.defects.pushMany([defect.id], { onProgress })).rejects.toThrow("of the host's own");
      await expect(app.issues.refresh({ projectId: "web" }, { onProgress })).rejects.toThrow("of the host's own");
    }
  });

  test("are told in few words, however much was given", async () => {
    const { app } = (await pushed()).world;
    const nonsense = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key ${index}`, index]));
    for (const call of [
      () => app.issues.search(nonsense as never),
      () => app.traceability.coverage("nonsense".repeat(10_000) as never),
      () => app.defects.pushMany(Array.from({ length: 1_000 }, (_, index) => index) as never),
      () => app.people.setMany({ sourceId: "1", people: Array.from({ length: 1_000 }, () => nonsense) as never }),
    ]) {
      const error = await errorOf(call());
      expect(error.code).toBe("invalid-input");
      expect(error.message.length).toBeLessThan(30_000);
    }
  });

  test("resolve takes nothing but a field in conflict and a side", async () => {
    const { world, link } = await pushed();
    const resolve = world.app.defects.resolve as unknown as (id: string, request?: unknown) => Promise<unknown>;
    for (const request of [
      undefined,
      null,
      { field: "title", winner: "both" },
      { field: "body", winner: "local" },
      { winner: "local" },
    ]) {
      expect((await errorOf(resolve(link.id, request))).code).toBe("invalid-input");
    }
  });

  test("a list or a refresh of nothing, or of two things, is refused in words, and so is a wrong part of one", async () => {
    const { world } = await pushed();
    const { references, issues } = world.app;
    const list = references.list as unknown as (query?: unknown) => Promise<unknown>;
    const refresh = issues.refresh as unknown as (request?: unknown) => Promise<unknown>;
    for (const query of [undefined, {}, { issueId: "1", projectId: "web" }]) {
      expect((await errorOf(list(query))).message).toContain("give one of `object`, `issueId` and `projectId`");
    }
    for (const request of [undefined, {}, { sourceId: "1", projectId: "web" }]) {
      expect((await errorOf(refresh(request))).message).toContain("give one of `ids`, `object`, `projectId`");
    }
    const object = { type: "test-case", id: "a\0b" };
    for (const call of [list, refresh]) {
      expect(await errorOf(call({ object }))).toMatchObject({ issues: [{ path: ["object", "id"] }] });
    }
    expect(await errorOf(list({ projectId: "web", limit: 0 }))).toMatchObject({ issues: [{ path: ["limit"] }] });
  });

  test("what changes nothing is not written into the history", async () => {
    const { world, defect, link } = await pushed();
    const types = async () => (await world.app.activity.list({ linkId: link.id })).items.map((item) => item.type);
    await world.app.defects.pause(link.id);
    await world.app.defects.pause(link.id);
    await world.app.defects.resume(link.id);
    await world.app.defects.resume(link.id);
    await world.app.defects.detach(link.id);
    await world.app.defects.detach(link.id);
    expect((await types()).filter((type) => type.startsWith("link-")).sort()).toEqual([
      "link-created",
      "link-detached",
      "link-paused",
      "link-resumed",
    ]);
    for (const change of ["pause", "resume", "retry"] as const) {
      expect((await errorOf(world.app.defects[change](link.id))).code).toBe("link-detached");
    }
    expect((await errorOf(world.app.defects.push(defect.id))).code).toBe("link-detached");
  });

  test("a cursor is good for its own list, project and tenant only", async () => {
    const world = await createGitHubWorld();
    for (let index = 0; index < 3; index += 1) await world.app.defects.create({ projectId: "web", title: `D${index}` });
    const { nextCursor } = await world.app.defects.list({ projectId: "web", limit: 1 });
    const cursor = nextCursor ?? "";
    expect((await world.app.defects.list({ projectId: "web", cursor })).items).toHaveLength(2);
    expect((await errorOf(world.app.defects.list({ projectId: "api", cursor }))).code).toBe("invalid-input");
    const other = world.backref.as({ tenantId: "globex", userId: "u", role: "owner" });
    expect((await errorOf(other.defects.list({ projectId: "web", cursor }))).code).toBe("invalid-input");
  });

  test("text that no storage can hold is refused at the door", async () => {
    const world = await createGitHubWorld();
    for (const title of ["a\0b", "a\ud800b"]) {
      expect((await errorOf(world.app.defects.create({ projectId: "web", title }))).code).toBe("invalid-input");
    }
  });

  test("a closed instance says so instead of failing for ever", async () => {
    const world = await createGitHubWorld();
    await world.backref.close();
    expect(() => world.backref.sync.start()).toThrow(/closed/);
    expect((await errorOf(world.backref.sync.run())).code).toBe("closed");
  });

  test("unknown events, wrong limits of a pass and odd endpoints", async () => {
    const world = await createGitHubWorld();
    const on = world.backref.on as unknown as (type: string, listener: unknown) => void;
    expect(() => on("nonsense", () => {})).toThrow(TypeError);
    expect(() => on("issue-created", null)).toThrow(TypeError);
    expect((await errorOf(world.backref.sync.run({ maxMs: Number.NaN }))).code).toBe("invalid-input");
    const headers = { "content-type": "application/json" };
    const request = new Request("https://host.example.com/hook", { method: "POST", headers, body: "{}" });
    expect((await world.backref.webhooks.handle(request, { endpoint: "a\0b" })).status).toBe(401);
  });
});

describe("durable events under slow handlers", () => {
  test("a handler longer than the lease keeps its place; nobody works beside it", async () => {
    const { world } = await pushed();
    const seen: string[] = [];
    const slow = world.backref.events.process({
      consumer: "mail",
      maxMs: 600_000,
      handler: async (event) => {
        if (seen.length === 0) await world.time.scheduler.sleep(100_000);
        seen.push(event.type);
      },
    });
    await world.time.advance(90_000);
    expect(await world.backref.events.process({ consumer: "mail", handler: () => {} })).toEqual({
      processed: 0,
      busy: true,
    });
    await world.time.advance(20_000);
    expect((await slow).processed).toBe(seen.length);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("maxMs bounds the pass after every event", async () => {
    const { world } = await pushed();
    const handler = () => world.time.scheduler.sleep(400);
    const first = world.backref.events.process({ consumer: "mail", maxMs: 500, handler });
    await world.time.advance(5_000);
    expect((await first).processed).toBe(2);
  });
});
