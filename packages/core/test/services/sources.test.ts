import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom } from "@backref/testing";
import { describe, expect, it } from "vitest";
import type { Actor } from "../../src/domain/actor.ts";
import { polledContainers } from "../../src/engine/poll-scopes.ts";
import { createStoredCredentials, createVaultCredentials } from "../../src/security/credentials.ts";
import { createShelfTracker } from "../support/shelf-tracker.ts";
import { createToyProvider } from "../support/toy-provider.ts";
import { createWorld, isFreeOf, member, owner, type World } from "../support/world.ts";

const token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
const secrets = [token, "1234-pin"];
const basic = { name: "Ours", provider: "shelf", auth: { token }, options: { pin: "1234-pin" } } as const;
const withTarget = { ...basic, targets: [{ projectId: "web", container: "Blue" }] };

async function started(): Promise<{ world: World; sources: ReturnType<World["as"]>["sources"]; id: string }> {
  const world = createWorld();
  const { sources } = world.as(owner);
  const { id } = await sources.create(withTarget);
  return { world, sources, id };
}

describe("providers.list", () => {
  it("says what each provider can do and how to ask for its settings", async () => {
    const [shelf, toy] = await createWorld()
      .as(member({ web: "viewer" }))
      .providers.list();
    expect(shelf).toMatchObject({ id: "shelf", name: "Shelf", capabilities: { readBatchSize: 100 } });
    expect(shelf?.groups).toEqual(["connect", "read", "changes", "webhooks"]);
    expect(toy).toMatchObject({ groups: [], containerName: "Shelf", forms: { container: { type: "string" } } });
  });
});

describe("sources.create", () => {
  it("stores source, target, sealed credential, poll scope and activity together, and sends nothing", async () => {
    const { world, id } = await started();
    const [row] = await world.rows("source");
    expect(row).toMatchObject({ id, baseUrl: "https://shelf.example", health: "ok", credentialVersion: 1 });
    expect(await world.rows("target")).toMatchObject([{ projectId: "web", container: "blue", labels: null }]);
    const now = world.time.now();
    expect(await world.rows("pollScope")).toMatchObject([{ container: "blue", dueAt: now, startAt: now - 60_000 }]);
    const [secret] = await world.rows("secret");
    expect(isFreeOf(secret, secrets)).toBe(true);
    expect(await world.rows("activity")).toMatchObject([{ type: "source-created", actorId: "olga", sourceId: id }]);
    expect(world.events.map((event) => event.type)).toEqual(["source-created"]);
    expect(world.tracker.reads).toEqual([]);
  });

  it("looks after a source that can be read but not polled as a whole, and not at all after one with links only", () => {
    const { changes, ...unpolled } = createShelfTracker().provider;
    expect(changes).toBeDefined();
    expect(polledContainers(unpolled, withTarget.targets)).toEqual([""]);
    expect(polledContainers(createToyProvider(), withTarget.targets)).toEqual([]);
  });

  it("never returns, logs or announces a secret", async () => {
    const { world, sources, id } = await started();
    const page = await sources.list();
    await sources.update(id, { auth: { token: `${token}2` }, name: "Renamed" });
    const report = await sources.test(id);
    const shown = [page, await sources.get(id), report, world.events, world.logs, await world.rows("activity")];
    expect(isFreeOf(shown, secrets)).toBe(true);
    expect(page.items[0]?.options).toEqual({ color: "red" });
  });

  it.each([
    ["provider", { ...basic, provider: "trac" }, "provider-unknown", []],
    ["name", { ...basic, name: " " }, "invalid-input", ["name"]],
    ["auth", { ...basic, auth: { token: 1, other: token } }, "invalid-input", ["auth", "token"]],
    ["base URL", { ...basic, baseUrl: "http://shelf.example" }, "invalid-input", ["baseUrl"]],
    [
      "container",
      { ...basic, targets: [{ projectId: "web", container: "a/b" }] },
      "invalid-input",
      ["targets", 0, "container"],
    ],
    ["key", { ...basic, tokens: 1 }, "invalid-input", []],
    ["project of a target", { ...withTarget, projects: ["app"] }, "invalid-input", ["targets"]],
    [
      "mapping",
      { ...basic, mapping: { status: [{ category: "open", local: ["nope"] }] } },
      "mapping-invalid",
      ["mapping", "status", 0, "local", 0],
    ],
    [
      "second target",
      { ...basic, targets: [...withTarget.targets, ...withTarget.targets] },
      "invalid-input",
      ["targets"],
    ],
  ])("refuses a wrong %s, changing nothing", async (_what, input, code, path) => {
    const world = createWorld();
    const error = await world
      .as(owner)
      .sources.create(input as never)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    if (path.length > 0) expect(error).toMatchObject({ issues: [{ path }] });
    expect(isFreeOf(error, secrets)).toBe(true);
    for (const table of ["source", "secret", "activity"] as const) expect(await world.rows(table)).toEqual([]);
  });

  it("refuses a target outside the allowed containers", async () => {
    const creating = createWorld()
      .as(owner)
      .sources.create({ ...withTarget, containers: ["red"] });
    await expect(creating).rejects.toMatchObject({ code: "container-not-allowed" });
  });

  it("fails with credentials-missing where there is no key, changing nothing", async () => {
    const storage = createMemoryStorage();
    const world = createWorld({
      credentials: createStoredCredentials({ keyRing: null, storage, random: createSeededRandom(1) }),
    });
    await expect(world.as(owner).sources.create(basic)).rejects.toMatchObject({ code: "credentials-missing" });
    expect(await world.rows("source")).toEqual([]);
  });

  it("shares a budget between sources with one credential, and only then", async () => {
    const world = createWorld();
    const { sources } = world.as(owner);
    await sources.create(basic);
    await sources.create({ ...basic, name: "Again" });
    await sources.create({ ...basic, auth: { token: "other" } });
    await world.as({ ...owner, tenantId: "other" }).sources.create(basic);
    const [one, same, another] = await world.rows("source");
    const [elsewhere] = await world.rows("source", "other");
    expect(one?.budgetId).toMatch(/^shelf:[0-9a-f]{16}$/);
    expect(same?.budgetId).toBe(one?.budgetId);
    expect(new Set([one?.budgetId, another?.budgetId, elsewhere?.budgetId]).size).toBe(3);
  });
});

describe("who may do what with sources", () => {
  const lead = member({ web: "admin" });
  it("project admins create and change what is all theirs, and only read what is not", async () => {
    const world = createWorld();
    const { sources } = world.as(lead);
    const mine = await sources.create({ ...withTarget, projects: ["web"] });
    expect((await sources.update(mine.id, { name: "Mine" })).name).toBe("Mine");
    await expect(sources.create(basic)).rejects.toMatchObject({ code: "permission-denied" });
    await expect(sources.update(mine.id, { projects: ["web", "app"] })).rejects.toMatchObject({
      code: "permission-denied",
    });
    await expect(sources.update(mine.id, { projects: null })).rejects.toMatchObject({ code: "permission-denied" });
    const shared = await world.as(owner).sources.create({ ...basic, projects: ["web", "app"] });
    expect((await sources.get(shared.id)).id).toBe(shared.id);
    for (const attempt of [
      () => sources.update(shared.id, { name: "X" }),
      () => sources.test(shared.id),
      () => sources.webhook(shared.id),
      () => sources.delete(shared.id),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: "permission-denied" });
    }
  });

  it("hides sources of other projects and tenants, in lists too", async () => {
    const world = createWorld();
    const ours = await world.as(owner).sources.create({
      ...basic,
      targets: [
        { projectId: "web", container: "blue" },
        { projectId: "app", container: "red" },
      ],
    });
    const hidden = await world.as(owner).sources.create({ ...basic, projects: ["app"] });
    const { sources } = world.as(member({ web: "viewer" }));
    expect((await sources.list()).items.map(({ id }) => id)).toEqual([ours.id]);
    expect((await sources.get(ours.id)).targets.map(({ projectId }) => projectId)).toEqual(["web"]);
    await expect(sources.get(hidden.id)).rejects.toMatchObject({ code: "not-found" });
    const stranger: Actor = { tenantId: "other", userId: "x", role: "owner" };
    await expect(world.as(stranger).sources.get(ours.id)).rejects.toMatchObject({ code: "not-found" });
    expect((await world.as(stranger).sources.list()).items).toEqual([]);
  });

  it("says the same of hidden and of missing records", async () => {
    const world = createWorld();
    const hidden = await world.as(owner).sources.create({ ...basic, projects: ["app"] });
    const { sources } = world.as(member({ web: "viewer" }));
    const messages = await Promise.all(
      [hidden.id, "nothing"].map((id) => sources.get(id).catch((error: Error) => error.message.replace(id, "ID"))),
    );
    expect(messages[0]).toBe(messages[1]);
  });
});

describe("sources.list", () => {
  it("pages, and refuses cursors of anything else", async () => {
    const world = createWorld();
    const { sources, relations } = world.as(owner);
    for (const name of ["a", "b", "c"]) await sources.create({ ...basic, name });
    const first = await sources.list({ limit: 2 });
    const second = await sources.list({ limit: 2, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(second.nextCursor).toBeNull();
    await expect(relations.list({ cursor: first.nextCursor ?? "" })).rejects.toMatchObject({ code: "invalid-input" });
    for (const cursor of ["", "x", "bnVsbA", "e30"]) {
      await expect(sources.list({ cursor })).rejects.toMatchObject({ code: "invalid-input" });
    }
    for (const limit of [0, 201, 1.5])
      await expect(sources.list({ limit })).rejects.toMatchObject({ code: "invalid-input" });
  });
});

describe("sources.update", () => {
  it("raises the mapping version only when a mapping changes", async () => {
    const { sources, id } = await started();
    expect((await sources.update(id, { name: "X" })).mappingVersion).toBe(1);
    expect((await sources.update(id, { mapping: { comments: "never" } })).mappingVersion).toBe(2);
    expect((await sources.update(id, { mapping: { comments: "never" } })).mappingVersion).toBe(2);
    const upsert = [{ projectId: "web", container: "blue", mapping: { comments: "in" } as const }];
    expect((await sources.update(id, { targets: { upsert } })).mappingVersion).toBe(3);
  });

  it("takes a new credential: another version, healthy, links and polls due, account unknown", async () => {
    const { world, sources, id } = await started();
    world.tracker.report = { ok: false, account: null, problems: [`Bad credentials for ${token}`] };
    await sources.test(id);
    expect((await sources.get(id)).health).toMatchObject({
      status: "reconnect-required",
      reason: "Bad credentials for [redacted]",
    });
    const link = await world.link({ sourceId: id, attempts: 7 });
    await sources.update(id, { auth: { token: "new" } });
    expect((await sources.get(id)).health.status).toBe("ok");
    expect((await world.rows("source"))[0]).toMatchObject({ credentialVersion: 2, accountId: null });
    expect((await world.rows("link"))[0]).toMatchObject({ id: link.id, mark: 1, dueAt: world.time.now(), attempts: 0 });
    expect(world.events.at(-1)).toMatchObject({ type: "source-updated", data: { changed: ["auth"] } });
  });

  it("adds, replaces and removes targets together with what is polled", async () => {
    const { world, sources, id } = await started();
    const before = (await sources.get(id)).targets[0]?.id;
    await sources.update(id, {
      targets: {
        upsert: [
          { projectId: "web", container: "red" },
          { projectId: "app", container: "red" },
        ],
      },
    });
    expect((await sources.get(id)).targets).toMatchObject([
      { id: before, projectId: "web", container: "red" },
      { projectId: "app", container: "red" },
    ]);
    expect((await world.rows("pollScope")).map(({ container }) => container)).toEqual(["red"]);
    await sources.update(id, { targets: { delete: ["web", "app", "none"] } });
    expect(await world.rows("target")).toEqual([]);
    expect(await world.rows("pollScope")).toEqual([]);
  });

  it("refuses to point living links or known issues elsewhere", async () => {
    const { world, sources, id } = await started();
    const targetId = (await sources.get(id)).targets[0]?.id ?? "";
    const link = await world.link({ sourceId: id, targetId });
    const upsert = [{ projectId: "web", container: "red" }];
    await expect(sources.update(id, { targets: { upsert } })).rejects.toMatchObject({ code: "source-in-use" });
    await expect(sources.update(id, { targets: { delete: ["web"] } })).rejects.toMatchObject({ code: "source-in-use" });
    await world.storage.commit({ tenantId: "acme" }, [
      { write: [{ type: "update", table: "link", id: link.id, set: { active: null } }] },
    ]);
    await sources.update(id, { targets: { upsert } });
    await sources.update(id, { baseUrl: "https://fresh.example" });
    world.tracker.put("red", "1");
    const object = { type: "test-case", id: "T", projectId: "web" };
    await world.as(owner).references.add({ object, sourceId: id, issue: "red#1", relation: "defect" });
    const moving = sources.update(id, { baseUrl: "https://other.example" });
    await expect(moving).rejects.toMatchObject({ code: "source-in-use" });
    await sources.update(id, { baseUrl: "https://fresh.example/", options: { color: "green" } });
  });

  it("takes a credential at another address for another one, of which nothing is known", async () => {
    const { world, sources, id } = await started();
    await sources.test(id);
    const [before] = await world.rows("source");
    expect(before?.accountId).not.toBeNull();
    const moved = await sources.update(id, { baseUrl: "https://fresh.example" });
    expect(moved).toMatchObject({ baseUrl: "https://fresh.example", account: null, health: { status: "ok" } });
    const [after] = await world.rows("source");
    expect(after).toMatchObject({ accountId: null, credentialVersion: 2 });
    expect(after?.budgetId).not.toBe(before?.budgetId);
    // What a test that began before finds out is about the old address.
    await sources.update(id, { baseUrl: "https://fresh.example/" });
    expect((await world.rows("source"))[0]).toMatchObject({ credentialVersion: 2 });
  });

  it("asks for the credential again where the one that is stored cannot be read at the new address", async () => {
    const { world, sources, id } = await started();
    const [secret] = await world.rows("secret");
    await world.storage.commit({ tenantId: "acme" }, [
      { write: [{ type: "delete", table: "secret", id: secret?.id ?? "" }] },
    ]);
    const moving = sources.update(id, { baseUrl: "https://fresh.example" });
    await expect(moving).rejects.toMatchObject({ code: "credentials-missing" });
    expect((await world.rows("source"))[0]).toMatchObject({ baseUrl: "https://shelf.example", credentialVersion: 1 });
    await sources.update(id, { baseUrl: "https://fresh.example", auth: { token } });
    expect((await world.rows("source"))[0]).toMatchObject({ baseUrl: "https://fresh.example", credentialVersion: 2 });
  });

  it("changes nothing, and records nothing, where nothing is new", async () => {
    const { world, sources, id } = await started();
    await sources.update(id, { name: "Ours", targets: { upsert: [{ projectId: "web", container: "blue" }] } });
    expect(await world.rows("activity")).toHaveLength(1);
    expect((await world.rows("source"))[0]?.revision).toBe(1);
  });
});

describe("sources.delete", () => {
  it("is refused while links live, ends them when asked, and keeps issues and references readable", async () => {
    const { world, sources, id } = await started();
    world.tracker.put("blue", "1");
    const object = { type: "test-case", id: "T", projectId: "web" };
    const { reference, issue } = await world
      .as(owner)
      .references.add({ object, sourceId: id, issue: "#1", relation: "defect" });
    const link = await world.link({ sourceId: id });
    await expect(sources.delete(id)).rejects.toMatchObject({ code: "source-in-use" });
    await sources.delete(id, { detach: true });
    await expect(sources.get(id)).rejects.toMatchObject({ code: "not-found" });
    const [ended] = await world.storage.find({ tenantId: "acme" }, { table: "link", by: "id", keys: [[link.id]] });
    expect(ended).toMatchObject({ active: null, endedAt: world.time.now() });
    for (const table of ["source", "secret"] as const) expect(await world.rows(table)).toEqual([]);
    expect((await world.as(owner).references.get(reference.id)).issue.title).toBe("Issue 1");
    expect((await world.as(owner).issues.get(issue.id)).key).toBe("blue#1");
    expect(world.events.map(({ type }) => type).slice(-2)).toEqual(["link-detached", "source-deleted"]);
  });
});

describe("sources.test", () => {
  it("remembers the account and when the credential ends", async () => {
    const { world, sources, id } = await started();
    world.tracker.report = { expiresAt: 99, scopes: ["repo"] };
    expect(await sources.test(id)).toMatchObject({ ok: true, account: { login: "robot" }, scopes: ["repo"] });
    expect(await sources.get(id)).toMatchObject({ account: { id: "1", name: "robot" }, credentialExpiresAt: 99 });
    expect(world.time.sleeping).toBe(0);
  });

  it("warns when the credential ends soon, and when it has ended", async () => {
    const { world, sources, id } = await started();
    const days = (count: number) => count * 86_400_000;
    const endsAt = world.time.now() + days(20);
    world.tracker.report = { expiresAt: endsAt };
    await sources.test(id);
    const warning = async () => (await sources.get(id)).credentialWarning;
    expect(await warning()).toBeNull();
    await world.time.advance(days(7));
    const day = new Date(endsAt).toISOString().slice(0, 10);
    expect(await warning()).toBe(
      `The credential ends on ${day}, in 13 days. Enter a new one with sources.update(id, { auth }).`,
    );
    await world.time.advance(days(13) - 1);
    expect(await warning()).toContain(`ends on ${day}, in less than a day.`);
    await world.time.advance(1);
    expect(await warning()).toContain(`ended on ${day}`);
    await sources.update(id, { auth: { token: `${token}3` } });
    expect(await warning()).toBeNull();
  });

  it("says since when a source is switched off, and since when it is on again", async () => {
    const { world, sources, id } = await started();
    for (const status of ["disabled", "ok"]) {
      await world.time.advance(60_000);
      await (status === "ok" ? sources.enable(id) : sources.disable(id));
      const since = world.time.now();
      await world.time.advance(60_000);
      await sources.update(id, { name: `Ours, ${status}` });
      expect((await sources.get(id)).health).toMatchObject({ status, since });
    }
  });

  it("asks for new credentials after a refusal, and recovers by itself when they work again", async () => {
    const { world, sources, id } = await started();
    world.tracker.failure = { failure: "auth", message: "Bad credentials" };
    await expect(sources.test(id)).rejects.toMatchObject({ code: "tracker-unauthorized" });
    expect((await sources.get(id)).health).toMatchObject({ status: "reconnect-required", reason: "Bad credentials" });
    world.tracker.failure = null;
    await sources.test(id);
    expect((await sources.get(id)).health).toMatchObject({ status: "ok", reason: null });
    const changes = world.events.filter(({ type }) => type === "source-health-changed");
    expect(changes.map(({ actorId, data }) => ({ actorId, ...data }))).toEqual([
      { actorId: "olga", from: "ok", to: "reconnect-required", reason: "Bad credentials" },
      { actorId: "olga", from: "reconnect-required", to: "ok", reason: null },
    ]);
  });

  it("tells of another reason as of another health, and of the same one not again", async () => {
    const { world, sources, id } = await started();
    for (const problem of ["No access to red", "No access to red", "No access to blue"]) {
      await world.time.advance(1_000);
      world.tracker.report = { ok: false, problems: [problem] };
      await sources.test(id);
    }
    const { reason, since } = (await sources.get(id)).health;
    expect({ reason, since }).toEqual({ reason: "No access to blue", since: world.time.now() });
    const changes = world.events.filter(({ type }) => type === "source-health-changed");
    expect(changes.map(({ data }) => data)).toEqual([
      { from: "ok", to: "degraded", reason: "No access to red" },
      { from: "degraded", to: "degraded", reason: "No access to blue" },
    ]);
  });

  it("keeps the source as it is while the tracker is in trouble, and says so for links-only providers", async () => {
    const { world, sources, id } = await started();
    world.tracker.failure = { failure: "retry", message: "Bad gateway" };
    await expect(sources.test(id)).rejects.toMatchObject({ code: "tracker-unavailable" });
    expect((await sources.get(id)).health.status).toBe("ok");
    const toy = await sources.create({ name: "Toy", provider: "toy", auth: null });
    await expect(sources.test(toy.id)).rejects.toMatchObject({ code: "capability-missing" });
  });
});

describe("webhooks of a source", () => {
  it("makes a secret once, keeps a given one, and registers one hook per container", async () => {
    const { world, sources, id } = await started();
    const first = await sources.webhook(id);
    expect(first.secret).toHaveLength(43);
    expect(await sources.webhook(id)).toEqual(first);
    expect(
      isFreeOf([await sources.get(id), await world.rows("activity"), await world.rows("secret")], [first.secret]),
    ).toBe(true);
    await sources.update(id, { webhookSecret: "a secret of our own" });
    expect(await sources.webhook(id)).toEqual({ ...first, secret: "a secret of our own" });
    const hooks = await sources.registerWebhooks(id, { url: "https://host.example/hooks" });
    expect(hooks).toEqual([{ container: "blue", hookId: "hook-1", expiresAt: null, trouble: null }]);
    expect(world.tracker.hooks[0]).toMatchObject({ secret: "a secret of our own", url: "https://host.example/hooks" });
  });

  it("does not replace a secret that cannot be read", async () => {
    const { world, sources, id } = await started();
    await sources.webhook(id);
    const secret = (await world.rows("secret")).find((row) => row.name === "webhook");
    await world.storage.commit({ tenantId: "acme" }, [
      { write: [{ type: "update", table: "secret", id: secret?.id ?? "", set: { keyId: "lost" } }] },
    ]);
    await expect(sources.webhook(id)).rejects.toMatchObject({ code: "credentials-missing" });
  });
});

describe("a vault of the host's", () => {
  it("keeps credentials, and loses them with the source or a failed create", async () => {
    const vault = new Map<string, string>();
    const key = ({ sourceId, name }: { sourceId: string; name: string }) => `${sourceId} ${name}`;
    const credentials = createVaultCredentials({
      read: async (name) => vault.get(key(name)) ?? null,
      write: async (name, value) => {
        if (value === null) vault.delete(key(name));
        else vault.set(key(name), value);
      },
    });
    const world = createWorld({ credentials });
    const { sources } = world.as(owner);
    const { id } = await sources.create(basic);
    expect([...vault]).toEqual([[`${id} auth`, JSON.stringify({ token })]]);
    expect(await world.rows("secret")).toEqual([]);
    await sources.delete(id);
    expect(vault.size).toBe(0);
    await world.storage.close();
    await expect(sources.create(basic)).rejects.toMatchObject({ code: "closed" });
    expect(vault.size).toBe(0);
  });
});
