import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom, createVirtualTime } from "@backref/testing";
import { describe, expect, it } from "vitest";
import { type CredentialVault, createBackref } from "../../src/index.ts";
import type { Form, Provider } from "../../src/provider/index.ts";
import { createShelfTracker } from "../support/shelf-tracker.ts";
import { createToyProvider } from "../support/toy-provider.ts";

const object = { type: "test-case", id: "TC-7", projectId: "web" };
const key = Buffer.alloc(32, 7).toString("base64");

type Keys =
  | { readonly secretKeys?: readonly { id: string; key: string }[] }
  | { readonly credentials: CredentialVault };

/** A host that only links, with neither keys nor a vault unless given. */
async function start(keys: Keys = {}, providers: readonly Provider[] = [createToyProvider()]) {
  const time = createVirtualTime();
  const storage = createMemoryStorage({ clock: time.clock });
  const sent: string[] = [];
  const backref = createBackref({
    storage,
    providers,
    clock: time.clock,
    scheduler: time.scheduler,
    random: createSeededRandom(3),
    fetch: async (input) => {
      sent.push(String(input));
      throw new TypeError("nobody listens");
    },
    ...keys,
  });
  const app = backref.as({ tenantId: "acme", userId: "olga", role: "owner" });
  const source = await app.sources.create({ name: "Toys", provider: "toy", auth: undefined });
  const add = (issue: string) => app.references.add({ object, issue, relation: "relates-to" });
  const report = async () =>
    (await app.defects.report({ projectId: "web", failure: { caseId: "TC-7", title: "It breaks" } })).defect;
  const rows = (table: "secret" | "source") => storage.find({ tenantId: "acme" }, { table, by: "all", keys: [[]] });
  return { backref, app, source, add, report, rows, sent, time };
}

describe("a source without a credential", () => {
  it("needs no auth, no keys and no vault, and stores no secret", async () => {
    const { source, rows } = await start();
    expect(source).toMatchObject({ provider: "toy", health: { status: "ok", reason: null }, account: null });
    expect(await rows("secret")).toEqual([]);
  });

  it("takes a written null for the same, and nothing else", async () => {
    const { app } = await start();
    expect(await app.sources.create({ name: "B", provider: "toy", auth: null })).toMatchObject({ name: "B" });
    const credential = { name: "C", provider: "toy", auth: { token: "t" } };
    await expect(app.sources.create(credential)).rejects.toMatchObject({ code: "invalid-input" });
  });

  it("seals nothing under keys that are there for others, and asks no vault for anything", async () => {
    expect(await (await start({ secretKeys: [{ id: "k", key }] })).rows("secret")).toEqual([]);
    const written: unknown[] = [];
    const credentials: CredentialVault = {
      read: async () => null,
      write: async (_, value) => void written.push(value),
    };
    const { app, source, add } = await start({ credentials });
    const { issue } = await add("bears#1");
    await app.issues.refresh({ ids: [issue.id] });
    await app.sources.update(source.id, { name: "Other" });
    expect(written).toEqual([]);
  });

  it("still wants the credential of those that need one", async () => {
    const { app } = await start({ secretKeys: [{ id: "k", key }] }, [
      createToyProvider(),
      createShelfTracker().provider,
    ]);
    const missing = app.sources.create({ name: "Shelf", provider: "shelf", auth: undefined });
    await expect(missing).rejects.toMatchObject({ code: "invalid-input", issues: [{ path: ["auth", "token"] }] });
  });

  it("is edited, moved, switched off and deleted like any other", async () => {
    const { app, source } = await start();
    expect(await app.sources.update(source.id, { auth: null })).toMatchObject({ health: { status: "ok" } });
    const moved = await app.sources.update(source.id, { baseUrl: "https://other.example" });
    expect(moved).toMatchObject({ baseUrl: "https://other.example", health: { status: "ok" } });
    expect(await app.sources.update(source.id, { enabled: false })).toMatchObject({ health: { status: "disabled" } });
    await app.sources.delete(source.id);
    await expect(app.sources.get(source.id)).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("a provider that takes a credential or none", () => {
  it("keeps one that is given, and drops it when it is taken away", async () => {
    const seen: unknown[] = [];
    const shelf = createShelfTracker().provider;
    const { auth, ...description } = shelf.describe();
    const orNone: Form<unknown> = {
      schema: auth.schema,
      parse: (input) => (input === null ? { ok: true, value: null } : auth.parse(input)),
    };
    const account = { id: "1", login: "robot", displayName: "Robot" };
    const either = {
      ...shelf,
      describe: () => ({ ...description, auth: orNone }),
      connect: {
        ...shelf.connect,
        test: async (call: { readonly auth: unknown }) => {
          seen.push(call.auth);
          return { ok: true, account, scopes: [], expiresAt: null, containers: [], problems: [] };
        },
      },
    } as unknown as Provider;
    const { app, rows } = await start({ secretKeys: [{ id: "k", key }] }, [createToyProvider(), either]);
    const source = await app.sources.create({ name: "Shelf", provider: "shelf", auth: { token: "t" } });
    expect(await rows("secret")).toHaveLength(1);
    await app.sources.test(source.id);
    expect((await app.sources.get(source.id)).account).toMatchObject({ name: "robot" });
    expect((await app.sources.update(source.id, { auth: null })).account).toBeNull();
    expect(await rows("source")).toMatchObject([{}, { credentialVersion: 2 }]);
    expect(await rows("secret")).toEqual([]);
    await app.sources.test(source.id);
    expect(seen).toEqual([{ token: "t" }, null]);
  });
});

describe("links only", () => {
  it("links by URL and by key, shown with key and URL", async () => {
    const { add, app, sent } = await start();
    const first = await add("https://toy.example/bears/12?tab=all#c4");
    expect(first.issue).toMatchObject({ key: "bears#12", url: "https://toy.example/bears/12", title: null });
    const second = await add("bears#12");
    expect(second.created).toBe(false);
    expect((await app.references.list({ object })).items).toMatchObject([{ issue: { key: "bears#12" } }]);
    expect(sent).toEqual([]);
  });

  it("sources.test says in words that there is nothing to test", async () => {
    const { app, source } = await start();
    await expect(app.sources.test(source.id)).rejects.toMatchObject({
      code: "capability-missing",
      message: expect.stringContaining("nothing to test"),
    });
    expect((await app.sources.get(source.id)).health).toMatchObject({ status: "ok", reason: null });
  });

  it("issues.refresh says why nothing was read, and does no harm to the source", async () => {
    const { app, source, add, sent } = await start();
    const { issue } = await add("bears#12");
    expect(await app.issues.refresh({ ids: [issue.id] })).toMatchObject({
      requested: 1,
      read: 0,
      failed: 1,
      requests: 0,
      problems: [
        { sourceId: source.id, code: "capability-missing", message: expect.stringContaining("key and URL only") },
      ],
    });
    expect(await app.issues.get(issue.id)).toMatchObject({ key: "bears#12", state: "live" });
    expect((await app.sources.get(source.id)).health.status).toBe("ok");
    expect(sent).toEqual([]);
  });

  it("push refuses, whether or not there is a target, and leaves nothing behind", async () => {
    const { app, source, report } = await start();
    const defect = await report();
    const refused = { code: "capability-missing", message: expect.stringContaining("add a reference") };
    await expect(app.defects.push(defect.id)).rejects.toMatchObject(refused);
    await expect(app.defects.push(defect.id, { sourceId: source.id })).rejects.toMatchObject(refused);
    await app.sources.update(source.id, { targets: { upsert: [{ projectId: "web", container: "bears" }] } });
    await expect(app.defects.push(defect.id)).rejects.toMatchObject(refused);
    expect(await app.defects.links(defect.id)).toEqual([]);
  });

  it("attach makes a reference and says that nothing is kept in step", async () => {
    const { app, source, report } = await start();
    const defect = await report();
    await expect(app.defects.attach(defect.id, { sourceId: source.id, issue: "bears#1" })).rejects.toMatchObject({
      code: "capability-missing",
      message: expect.stringContaining("reference was made instead"),
    });
    expect(await app.defects.links(defect.id)).toEqual([]);
    const { items } = await app.references.list({ object: { type: "defect", id: defect.id } });
    expect(items).toMatchObject([{ relation: { id: "defect" }, issue: { key: "bears#1" } }]);
  });

  it("does not make a push ambiguous where another source takes defects", async () => {
    const { app, source, report } = await start({ secretKeys: [{ id: "k", key }] }, [
      createToyProvider(),
      { ...createShelfTracker().provider, create: {} } as unknown as Provider,
    ]);
    const targets = [{ projectId: "web", container: "bears" }];
    await app.sources.update(source.id, { targets: { upsert: targets } });
    const shelf = await app.sources.create({ name: "Shelf", provider: "shelf", auth: { token: "t" }, targets });
    const defect = await report();
    const link = await app.defects.push(defect.id, { waitMs: 0 });
    expect(link.sourceId).toBe(shelf.id);
  });

  it("sync has nothing to do with it", async () => {
    const { backref, app, source, add, sent, time } = await start();
    await app.sources.update(source.id, { targets: { upsert: [{ projectId: "web", container: "bears" }] } });
    await add("bears#12");
    expect(await backref.sync.run()).toEqual({ processed: 0, nextDueAt: null, more: false });
    await time.advance(86_400_000);
    expect(await backref.sync.run()).toMatchObject({ processed: 0, more: false });
    expect((await app.sources.get(source.id)).health).toMatchObject({ status: "ok" });
    expect(sent).toEqual([]);
  });
});

describe("a tracker with one container only", () => {
  const single: Provider = {
    ...createToyProvider(),
    id: "single",
    describe: () => ({ ...createToyProvider().describe(), defaultBaseUrl: "https://single.example" }),
    onlyContainer: () => "all",
  } as Provider;

  it("takes a key that names no container, without a target", async () => {
    const { app, source, add } = await start({}, [createToyProvider(), single]);
    await app.sources.delete(source.id);
    await app.sources.create({ name: "Single", provider: "single", auth: undefined });
    expect((await add("#12")).issue).toMatchObject({ key: "all#12" });
  });

  it("leaves such a key to a source that has a target for the project", async () => {
    const { app, source, add } = await start({}, [createToyProvider(), single]);
    await app.sources.create({ name: "Single", provider: "single", auth: undefined });
    await expect(add("#12")).rejects.toMatchObject({ code: "invalid-input", issues: [{ path: ["sourceId"] }] });
    await app.sources.update(source.id, { targets: { upsert: [{ projectId: "web", container: "bears" }] } });
    expect((await add("#12")).issue).toMatchObject({ key: "bears#12" });
  });
});
