import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { describe, expect, test } from "vitest";
import { createBackref } from "../../src/index.ts";
import { type AppWorld, appSecret, createAppWorld, otherKeys } from "../support/app-world.ts";
import { provider, settle } from "../support/github-world.ts";
import { createTroubledStorage } from "../support/troubled-storage.ts";

const repository = "acme/web";
type Host = Awaited<ReturnType<AppWorld["connect"]>>["host"];

async function pushed(world: AppWorld, host: Host, title = "Total is wrong") {
  const defect = await host.defects.create({ projectId: "web", title });
  const link = await host.defects.push(defect.id);
  await world.deliver();
  await settle(world);
  await world.time.advance(10_000);
  return { defect, number: Number(link.issue?.key.split("#")[1]) };
}

/** How many rows a source has for a delivery. */
async function storedFor(world: AppWorld, tenantId: string, sourceId: string, deliveryId: string): Promise<number> {
  const [source] = await world.storage.find({ tenantId }, { table: "source", by: "id", keys: [[sourceId]] });
  const keys = [[source?.endpoint ?? "", deliveryId]];
  return (await world.storage.find({ tenantId }, { table: "delivery", by: "delivery", keys })).length;
}

async function cachedTitles(world: AppWorld, tenantId: string, sourceId: string) {
  const issues = await world.storage.find({ tenantId }, { table: "issue", by: "source", keys: [[sourceId]] });
  return issues.map(({ snapshot }) => snapshot?.title);
}

const titleOf = async (host: Host, id: string) => (await host.defects.get(id)).title;

describe("an app's delivery", () => {
  test("reaches a source without a webhook of its own", async () => {
    const world = await createAppWorld();
    const { host } = await world.connect("acme", world.install({ account: "acme" }));
    const { defect, number } = await pushed(world, host);
    world.github.as("lena").editIssue(repository, number, { title: "Theirs" });
    world.github.as("lena").comment(repository, number, "Looking at it");
    expect(await world.deliver()).toEqual([202, 202]);
    await settle(world);
    expect(await titleOf(host, defect.id)).toBe("Theirs");
    const { items } = await host.comments.list({ defectId: defect.id });
    expect(items.map(({ body }) => body)).toEqual(["Looking at it"]);
  });

  test("reaches every source of its installation, each once", async () => {
    const world = await createAppWorld();
    const auth = world.install({ account: "acme" });
    const first = await world.connect("acme", auth);
    const second = await world.connect("umbrella", auth);
    const one = await pushed(world, first.host);
    const two = await pushed(world, second.host);
    world.github.as("lena").editIssue(repository, one.number, { title: "First" });
    world.github.as("lena").editIssue(repository, two.number, { title: "Second" });
    const sent = [...world.github.webhooks.pending];
    expect(await world.deliver()).toEqual([202, 202]);
    await settle(world);
    expect(await titleOf(first.host, one.defect.id)).toBe("First");
    expect(await titleOf(second.host, two.defect.id)).toBe("Second");
    const deliveryId = sent[0]?.id ?? "";
    expect(await storedFor(world, "acme", first.source.id, deliveryId)).toBe(1);
    expect(await storedFor(world, "umbrella", second.source.id, deliveryId)).toBe(1);
    for (const delivery of sent) expect(await world.hand(delivery)).toBe(200);
    expect(await storedFor(world, "acme", first.source.id, deliveryId)).toBe(1);
    const mark = world.github.mark();
    await settle(world);
    expect(world.github.requestsSince(mark)).toEqual([]);
  });

  test("stays with the sources of its own installation", async () => {
    const world = await createAppWorld({ repositories: [repository, "umbrella/web"] });
    const own = await world.connect("acme", world.install({ account: "acme" }));
    const other = await world.connect("umbrella", world.install({ account: "umbrella" }));
    const { number } = await pushed(world, own.host);
    world.github.as("lena").editIssue(repository, number, { title: "Theirs" });
    const deliveryId = world.github.webhooks.pending[0]?.id ?? "";
    await world.deliver();
    expect(await storedFor(world, "acme", own.source.id, deliveryId)).toBe(1);
    expect(await storedFor(world, "umbrella", other.source.id, deliveryId)).toBe(0);
  });

  test("tells nothing to a source that only claims the installation", async () => {
    const world = await createAppWorld();
    const auth = world.install({ account: "acme" });
    const own = await world.connect("acme", auth);
    const { number } = await pushed(world, own.host);
    // Everything but the private key can be known or guessed.
    const claimed = { ...auth, privateKey: otherKeys.privateKey };
    const thief = await world.connect("umbrella", claimed);
    const reference = await thief.host.references.add({
      object: { type: "test-case", id: "TC-1", projectId: "web" },
      sourceId: thief.source.id,
      issue: `${repository}#${number}`,
      relation: "relates-to",
    });
    world.github.as("lena").editIssue(repository, number, { title: "A secret of acme's" });
    const deliveryId = world.github.webhooks.pending[0]?.id ?? "";
    expect(await world.deliver()).toEqual([202]);
    expect(await storedFor(world, "umbrella", thief.source.id, deliveryId)).toBe(0);
    expect(await thief.host.issues.get(reference.issue.id)).toMatchObject({ title: null });
    expect(await cachedTitles(world, "acme", own.source.id)).toEqual(["A secret of acme's"]);
  });

  test("tells nothing to a source whose credential was proven at another address", async () => {
    const world = await createAppWorld();
    const auth = world.install({ account: "acme" });
    // The fake answers there as well; anybody can run a server that accepts any key.
    const { host, source } = await world.connect("umbrella", auth, { baseUrl: "https://git.umbrella.example" });
    expect(await host.sources.get(source.id)).toMatchObject({
      baseUrl: "https://git.umbrella.example/api/v3",
      account: { name: "tests-sync[bot]" },
    });
    const moved = await host.sources.update(source.id, { baseUrl: "https://github.com" });
    expect(moved).toMatchObject({ baseUrl: "https://api.github.com", account: null });
    const [row] = await world.storage.find(
      { tenantId: "umbrella" },
      { table: "source", by: "id", keys: [[source.id]] },
    );
    expect(row).toMatchObject({ accountId: null, credentialVersion: 2 });
  });

  test.each([
    ["of an installation nobody has a source for", (world: AppWorld) => void world.install({ account: "acme" })],
    [
      "that names no installation",
      (world: AppWorld) => world.github.setHook(repository, { url: "https://host.example.com", secret: appSecret }),
    ],
  ])("%s is acknowledged and does nothing", async (_, prepare) => {
    const world = await createAppWorld();
    prepare(world);
    world.github.as("lena").createIssue(repository, { title: "One" });
    for (const { url, headers, body } of world.github.webhooks.pending) {
      const request = new Request(url, { method: "POST", headers, body });
      const response = await world.backref.webhooks.handle(request, { provider: "github" });
      expect(response.status).toBe(202);
      expect(await response.json()).toEqual({ message: "Accepted. It concerns nobody here." });
    }
    expect(world.errors).toEqual([]);
  });

  test("is stored for the others where one source cannot store it, and asked for again", async () => {
    const time = createVirtualTime();
    const storage = createTroubledStorage(createMemoryStorage({ clock: time.clock }));
    const world = await createAppWorld({ time, storage });
    const auth = world.install({ account: "acme" });
    const [first, second] = [await world.connect("acme", auth), await world.connect("umbrella", auth)];
    const one = await pushed(world, first.host);
    const two = await pushed(world, second.host);
    // Both know both issues: each delivery makes one link due, and is a row for both.
    world.github.as("lena").editIssue(repository, two.number, { title: "Second" });
    const isOfFirst = (id: string) => (unit: { readonly write: readonly object[] }) =>
      unit.write.some((write) => (write as { row?: { sourceId?: string } }).row?.sourceId === id);
    storage.failNextCommit(isOfFirst(first.source.id));
    const [delivery] = world.github.webhooks.pending;
    if (delivery === undefined) throw new Error("nothing was sent");
    expect(await world.deliverNext()).toBe(503);
    await settle(world);
    expect(await titleOf(second.host, two.defect.id)).toBe("Second");
    expect(await world.hand(delivery)).toBe(202);
    expect(await world.hand(delivery)).toBe(200);
    expect(await titleOf(first.host, one.defect.id)).toBe("Total is wrong");
  });
});

describe("the signature", () => {
  test("fits one of the app's secrets, the old or the new", async () => {
    const world = await createAppWorld({ appSecrets: ["the-next-secret-of-the-app", appSecret] });
    world.install({ account: "acme" });
    expect(await world.deliver()).toEqual([202]);
  });

  test("that fits none is refused, and nothing is looked at", async () => {
    const world = await createAppWorld({ appSecrets: ["the-next-secret-of-the-app"] });
    const { host } = await world.connect("acme", world.install({ account: "acme" }));
    expect(await world.deliver()).toEqual([401]);
    expect((await host.activity.list({})).items.map(({ type }) => type)).not.toContain("source-health-changed");
  });

  test("is checked over the bytes as they came", async () => {
    const world = await createAppWorld();
    world.install({ account: "acme" });
    const sent = world.github.webhooks.drop();
    expect(await world.hand({ ...sent, body: `${sent.body} ` })).toBe(401);
    expect(await world.hand({ ...sent, body: sent.body })).toBe(202);
  });

  test.each(["toy", "", "__proto__"])("there is no such endpoint: %j", async (id) => {
    const world = await createAppWorld();
    world.install({ account: "acme" });
    expect(await world.deliverNext({ provider: id })).toBe(401);
  });

  test("without secrets there is no endpoint", async () => {
    const backref = createBackref({ storage: createMemoryStorage(), providers: [provider] });
    const headers = { "content-type": "application/json" };
    const request = new Request("https://host.example.com", { method: "POST", headers, body: "{}" });
    expect((await backref.webhooks.handle(request, { provider: "github" })).status).toBe(401);
  });
});

describe("what becomes of the installation", () => {
  async function linked(world: AppWorld) {
    const auth = world.install({ account: "acme" });
    const connected = await world.connect("acme", auth);
    const { defect, number } = await pushed(world, connected.host);
    const health = async () => (await connected.host.sources.get(connected.source.id)).health;
    return { ...connected, auth, defect, number, health, installationId: Number(auth.installationId) };
  }

  test("suspended and given back: the source stops with the reason, and goes on by itself", async () => {
    const world = await createAppWorld();
    const { host, source, defect, number, health, installationId } = await linked(world);
    world.github.apps.suspend(installationId);
    await world.deliver();
    await settle(world);
    expect(await health()).toMatchObject({
      status: "reconnect-required",
      reason: expect.stringContaining(`Installation ${installationId} of app`),
    });
    world.github.as("lena").editIssue(repository, number, { title: "Meanwhile" });
    world.github.apps.unsuspend(installationId);
    expect(await world.deliver()).toEqual([202]);
    expect(await health()).toMatchObject({ status: "ok", reason: null });
    await settle(world);
    expect(await health()).toMatchObject({ status: "ok" });
    expect(await titleOf(host, defect.id)).toBe("Meanwhile");
    const { items } = await host.activity.list({ sourceId: source.id, limit: 100 });
    const changes = items.filter(({ type }) => type === "source-health-changed");
    expect(changes.map(({ data }) => data)).toEqual([
      { from: "reconnect-required", to: "ok", reason: "The tracker tells that access is given again." },
      { from: "ok", to: "reconnect-required", reason: expect.stringContaining("Installation") },
    ]);
  });

  test("removed for good", async () => {
    const world = await createAppWorld();
    const { health, installationId } = await linked(world);
    world.github.apps.uninstall(installationId);
    await world.deliver();
    await settle(world);
    expect(await health()).toMatchObject({
      status: "reconnect-required",
      reason: expect.stringContaining("it was uninstalled"),
    });
  });

  test("news that are no longer true do no harm, in whatever order they come", async () => {
    const world = await createAppWorld();
    const { health, installationId } = await linked(world);
    world.github.apps.suspend(installationId);
    world.github.apps.unsuspend(installationId);
    const [suspended, unsuspended] = [world.github.webhooks.drop(), world.github.webhooks.drop()];
    expect([await world.hand(unsuspended), await world.hand(suspended)]).toEqual([202, 202]);
    await settle(world);
    expect(await health()).toMatchObject({ status: "ok" });
    world.github.apps.suspend(installationId);
    await world.deliver();
    await settle(world);
    world.github.apps.unsuspend(installationId);
    world.github.apps.suspend(installationId);
    await world.deliver();
    await settle(world);
    expect(await health()).toMatchObject({ status: "reconnect-required" });
  });

  test("a source that was refused is told nothing more until it may read again", async () => {
    const world = await createAppWorld();
    const { host, number, source, auth } = await linked(world);
    world.github.apps.replaceKey(Number(auth.appId));
    await host.sources.test(source.id);
    expect(await host.sources.get(source.id)).toMatchObject({ health: { status: "reconnect-required" } });
    world.github.as("lena").editIssue(repository, number, { title: "Not for them" });
    expect(await world.deliver()).toEqual([202]);
    expect(await cachedTitles(world, "acme", source.id)).toEqual(["Total is wrong"]);
  });

  test("a permission that was missing is given: what waited for it goes on", async () => {
    const world = await createAppWorld();
    const { host, defect, installationId } = await linked(world);
    world.github.apps.change(installationId, { permissions: { issues: "read", metadata: "read" } });
    world.github.webhooks.drop();
    await host.defects.update(defect.id, { title: "Ours" });
    await settle(world);
    const [link] = await host.defects.links(defect.id);
    expect(link).toMatchObject({ status: "blocked" });
    world.github.apps.change(installationId, { permissions: { issues: "write", metadata: "read" } });
    await world.deliver();
    await settle(world);
    expect(world.github.issue(repository, 1)?.title).toBe("Ours");
  });
});

test.each<[string, unknown, RegExp]>([
  [
    "an unknown provider",
    { jira: { secrets: [appSecret] } },
    /appWebhooks has "jira"\. Providers with webhooks of apps: github/,
  ],
  ["no list", { github: {} }, /appWebhooks\.github\.secrets must be a list/],
  ["an empty list", { github: { secrets: [] } }, /must be a list/],
  ["a short secret", { github: { secrets: [appSecret, "hunter2-secret"] } }, /at least 16 characters/],
  ["no object", [], /appWebhooks must be an object/],
])("options that cannot work: %s", (_, appWebhooks, words) => {
  const options = { storage: createMemoryStorage(), providers: [provider], appWebhooks };
  const create = () => createBackref(options as Parameters<typeof createBackref>[0]);
  expect(create).toThrow(TypeError);
  expect(create).toThrow(words);
  expect(create).not.toThrow(/hunter2/);
});
