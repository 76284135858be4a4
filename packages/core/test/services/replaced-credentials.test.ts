import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom, createVirtualTime } from "@backref/testing";
import { createFakeGitHub } from "@backref/testing/github";
import { describe, expect, it } from "vitest";
import { type CredentialName, type CredentialVault, createBackref } from "../../src/index.ts";
import { errorOf } from "../support/error-of.ts";
import { createGitHubWorld, poll, provider, settle } from "../support/github-world.ts";

const oldToken = "ghp_old0123456789abcdefghijABCDEFGHIJ01";
const newToken = "ghp_new0123456789abcdefghijABCDEFGHIJ01";

/** GitHub with tokens that a test takes back and gives; `onRequest` runs before each request is answered. */
async function createTokenWorld() {
  const time = createVirtualTime();
  const github = createFakeGitHub({
    repositories: ["acme/web"],
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    webhooks: "manual",
  });
  const good = new Set([oldToken]);
  const used: string[] = [];
  const hooks: { onRequest?: ((request: Request) => Promise<void>) | undefined } = {};
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    await hooks.onRequest?.(request);
    const token = request.headers.get("authorization")?.replace(/^(?:token|bearer) /i, "") ?? "";
    used.push(token);
    const headers = new Headers(request.headers);
    if (good.has(token)) headers.set("authorization", `token ${github.token}`);
    return github.fetch(new Request(request, { headers }));
  };
  const world = await createGitHubWorld({ time, github, fetch });
  const source = await world.app.sources.create({
    name: "GitHub",
    provider: "github",
    auth: { type: "token", token: oldToken },
    targets: [{ projectId: "web", container: "acme/web" }],
  });
  const defectIds: string[] = [];
  for (let count = 0; count < 6; count += 1) {
    const { id } = await world.app.defects.create({ projectId: "web", title: `Defect ${count}` });
    await world.app.defects.push(id);
    defectIds.push(id);
  }
  const statuses = async () =>
    Promise.all(defectIds.map(async (id) => (await world.app.defects.links(id)).map(({ status }) => status)));
  const edit = async (title: string) => {
    for (const id of defectIds) await world.app.defects.update(id, { title });
  };
  const told = async () => (await world.app.activity.list({ limit: 100 })).items.map(({ type }) => type);
  return { ...world, source, good, used, hooks, statuses, edit, told };
}

const all = (status: string) => Array.from({ length: 6 }, () => [status]);
const trouble = ["source-health-changed", "link-blocked", "link-failed"];

describe("a credential that is replaced while a pass works with the old one", () => {
  it.each(["PATCH", "POST", "GET"])(
    "and the tracker refuses the old one from the first %s on: the pass ends cleanly, nothing is blocked, nothing is lost",
    async (method) => {
      const world = await createTokenWorld();
      await world.edit("Edited");
      // So that there are reads too.
      await world.time.advance(61_000);
      world.hooks.onRequest = async (request) => {
        if (request.method !== method) return;
        world.hooks.onRequest = undefined;
        world.good.add(newToken);
        await world.app.sources.update(world.source.id, { auth: { type: "token", token: newToken } });
        world.good.delete(oldToken);
      };
      await world.backref.sync.run({ maxMs: 1_000 });
      for (const [status] of await world.statuses()) expect(["pending", "synced"]).toContain(status);
      await settle(world);
      expect(world.hooks.onRequest).toBeUndefined();
      expect(world.github.issues("acme/web").map(({ title }) => title)).toEqual(Array(6).fill("Edited"));
      expect(await world.statuses()).toEqual(all("synced"));
      for (const type of trouble) expect(await world.told()).not.toContain(type);
      expect(await world.app.sources.get(world.source.id)).toMatchObject({ health: { status: "ok" } });
      expect(world.used.at(-1)).toBe(newToken);
    },
  );

  it("while the old one still works: the pass ends with it, the next has the new one", async () => {
    const world = await createTokenWorld();
    await world.edit("Edited");
    world.good.add(newToken);
    world.hooks.onRequest = async () => {
      world.hooks.onRequest = undefined;
      await world.app.sources.update(world.source.id, { auth: { type: "token", token: newToken } });
    };
    await settle(world);
    expect(await world.statuses()).toEqual(all("synced"));
    await poll(world);
    expect(world.used.at(-1)).toBe(newToken);
    for (const type of trouble) expect(await world.told()).not.toContain(type);
  });

  it("by one that is refused too: then the source asks for another, once", async () => {
    const world = await createTokenWorld();
    await world.edit("Edited");
    world.hooks.onRequest = async () => {
      world.hooks.onRequest = undefined;
      await world.app.sources.update(world.source.id, { auth: { type: "token", token: newToken } });
      world.good.delete(oldToken);
    };
    await settle(world);
    expect(await world.statuses()).toEqual(all("blocked"));
    expect((await world.told()).filter((type) => type === "source-health-changed")).toHaveLength(1);
    world.good.add(newToken);
    await world.app.sources.test(world.source.id);
    await settle(world);
    expect(await world.statuses()).toEqual(all("synced"));
  });
});

describe("a credential that is replaced while a person waits for the tracker", () => {
  it.each(["registerWebhooks", "redeliverWebhooks"] as const)("%s goes on with the new one", async (method) => {
    const world = await createTokenWorld();
    const { sources } = world.app;
    const { id } = world.source;
    const call = async () =>
      method === "registerWebhooks"
        ? sources.registerWebhooks(id, { url: "https://host.example/hooks" })
        : sources.redeliverWebhooks(id);
    const containers = (await call()).map(({ container }) => container);
    const asked = world.used.length;
    world.hooks.onRequest = async () => {
      world.hooks.onRequest = undefined;
      world.good.add(newToken);
      await sources.update(id, { auth: { type: "token", token: newToken } });
      world.good.delete(oldToken);
    };
    expect((await call()).map(({ container }) => container)).toEqual(containers);
    expect(world.hooks.onRequest).toBeUndefined();
    expect(world.used.slice(asked)).toContain(oldToken);
    expect(world.used.at(-1)).toBe(newToken);
    for (const type of trouble) expect(await world.told()).not.toContain(type);
  });
});

function createVault() {
  const kept = new Map<string, string>();
  const keyOf = ({ tenantId, sourceId, name }: CredentialName) => `${tenantId}/${sourceId}/${name}`;
  const trouble: { isAway: boolean } = { isAway: false };
  const reach = () => {
    if (trouble.isAway) throw new Error("the vault is sealed");
  };
  const vault: CredentialVault = {
    async read(name) {
      reach();
      return kept.get(keyOf(name)) ?? null;
    },
    async write(name, value) {
      reach();
      if (value === null) kept.delete(keyOf(name));
      else kept.set(keyOf(name), value);
    },
  };
  return { vault, kept, trouble };
}

describe("a host with its own vault", () => {
  async function createVaultWorld() {
    await provider.preload?.();
    const time = createVirtualTime();
    const github = createFakeGitHub({ repositories: ["acme/web"], now: time.now, webhooks: "manual" });
    const { vault, kept, trouble } = createVault();
    const storage = createMemoryStorage({ clock: time.clock });
    const logs: string[] = [];
    const backref = createBackref({
      storage,
      providers: [provider],
      credentials: vault,
      clock: time.clock,
      scheduler: time.scheduler,
      random: createSeededRandom(3),
      fetch: github.fetch,
      logger: { log: (level, message, data) => logs.push(`${level} ${message} ${JSON.stringify(data)}`) },
    });
    const app = backref.as({ tenantId: "acme", userId: "u1", role: "owner" });
    const input = {
      name: "GitHub",
      provider: "github",
      auth: { type: "token", token: github.token },
      targets: [{ projectId: "web", container: "acme/web" }],
    } as const;
    const rows = async (table: "source" | "secret") =>
      storage.find({ tenantId: "acme" }, { table, by: "all", keys: [[]] });
    const everything = async () =>
      JSON.stringify([await rows("source"), await rows("secret"), logs, await app.activity.list()]);
    return { time, github, backref, app, input, rows, kept, trouble, everything };
  }

  it("keeps every credential there, through its whole life, and none in the storage", async () => {
    const world = await createVaultWorld();
    const { app, kept, github } = world;
    const { id } = await app.sources.create(world.input);
    expect([...kept.keys()]).toEqual([`acme/${id}/auth`]);
    const { secret } = await app.sources.webhook(id);
    expect(kept.get(`acme/${id}/webhook`)).toBe(secret);
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
    expect(await app.defects.push(defect.id)).toMatchObject({ status: "synced" });
    await app.sources.update(id, { auth: { type: "token", token: oldToken } });
    expect(JSON.parse(kept.get(`acme/${id}/auth`) ?? "")).toEqual({ type: "token", token: oldToken });
    expect(await app.sources.test(id)).toMatchObject({ ok: false });
    await app.sources.update(id, { auth: { type: "token", token: github.token }, webhookSecret: "0123456789abcdef" });
    expect(await app.sources.test(id)).toMatchObject({ ok: true });
    expect(kept.get(`acme/${id}/webhook`)).toBe("0123456789abcdef");
    expect(await world.rows("secret")).toEqual([]);
    const said = await world.everything();
    for (const text of [github.token, oldToken, secret, "0123456789abcdef"]) expect(said).not.toContain(text);
    await app.sources.delete(id, { detach: true });
    expect([...kept.keys()]).toEqual([]);
  });

  it("that cannot be written to: the call fails, and nothing was stored", async () => {
    const world = await createVaultWorld();
    world.trouble.isAway = true;
    await expect(world.app.sources.create(world.input)).rejects.toThrow("the vault is sealed");
    expect(await world.rows("source")).toEqual([]);
    world.trouble.isAway = false;
    const { id } = await world.app.sources.create(world.input);
    world.trouble.isAway = true;
    const update = world.app.sources.update(id, { auth: { type: "token", token: oldToken } });
    await expect(update).rejects.toThrow("the vault is sealed");
    expect(await world.rows("source")).toMatchObject([{ credentialVersion: 1, revision: 1 }]);
    await expect(world.app.sources.delete(id)).rejects.toThrow("the vault is sealed");
    expect(await world.rows("source")).toHaveLength(1);
  });

  it("that is away while links are due: they wait for it, and nobody is asked for a new credential", async () => {
    const world = await createVaultWorld();
    const { id } = await world.app.sources.create(world.input);
    const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
    await world.app.defects.push(defect.id);
    await world.app.defects.update(defect.id, { title: "Edited" });
    world.trouble.isAway = true;
    await world.backref.sync.run();
    expect(await world.app.defects.links(defect.id)).toMatchObject([{ status: "retrying" }]);
    expect(await world.app.sources.get(id)).toMatchObject({ health: { status: "ok" } });
    world.trouble.isAway = false;
    await world.time.advance(10_000);
    await world.backref.sync.run();
    expect(await world.app.defects.links(defect.id)).toMatchObject([{ status: "synced" }]);
  });

  it("with something else in it than was written: the error says so and does not quote it", async () => {
    const world = await createVaultWorld();
    const { id } = await world.app.sources.create(world.input);
    for (const text of [`${oldToken} is no JSON`, '"text"', JSON.stringify({ type: "token", tokens: [oldToken] })]) {
      world.kept.set(`acme/${id}/auth`, text);
      const error = await errorOf(world.app.sources.test(id));
      expect(error).toMatchObject({ code: "credentials-missing" });
      expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(oldToken);
    }
    world.kept.delete(`acme/${id}/auth`);
    expect(await errorOf(world.app.sources.test(id))).toMatchObject({
      code: "credentials-missing",
      data: { reason: "absent" },
    });
  });
});
