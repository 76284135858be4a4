import { createMemoryStorage } from "@backref/storage-memory";
import { describe, expect, test } from "vitest";
import { actionTable, createBackref, type IssueSearchRequest } from "../../src/index.ts";
import {
  addGitHubSource,
  createGitHubWorld,
  type GitHubWorldOptions,
  provider,
  secretKey,
} from "../support/github-world.ts";
import { createToyProvider } from "../support/toy-provider.ts";

const object = { type: "test-case", id: "TC-1", projectId: "web" };

async function setUp(options: GitHubWorldOptions = {}) {
  const world = await createGitHubWorld(options);
  const source = await addGitHubSource(world);
  const lena = world.github.as("lena");
  const member = world.backref.as({ tenantId: "acme", userId: "max", projects: { web: "member" } });
  const link = (key: string, who = member, id = "TC-1") =>
    who.references.add({ object: { ...object, id }, sourceId: source.id, issue: key, relation: "relates-to" });
  const search = (text: string, more: Partial<IssueSearchRequest> = {}, who = member) =>
    who.issues.search({ projectId: "web", sourceId: source.id, text, ...more });
  const titles = async (text: string, more: Partial<IssueSearchRequest> = {}) =>
    (await search(text, more)).items.map(({ title }) => title);
  const sent = (mark: number) => world.github.requestsSince(mark).map(({ operation }) => operation);
  return { ...world, world, source, lena, member, link, search, titles, sent };
}

describe("issues.search", () => {
  test("asks the tracker for words, and shows what the project knows first", async () => {
    const { lena, link, search, github, sent, source, time } = await setUp();
    for (const title of ["Login fails on Mondays", "Login fails always", "Logout works"]) {
      lena.createIssue("acme/web", { title });
      await time.advance(1_000);
    }
    const { issue } = await link("#1");
    const mark = github.mark();
    const { items, containers, limited } = await search("login FAILS", { object });
    expect(sent(mark)).toEqual(["/search/issues"]);
    expect([containers, limited]).toEqual([["acme/web"], null]);
    expect(items).toMatchObject([
      { id: issue.id, key: "acme/web#1", details: "known", linkedBy: ["relates-to"], lastLinked: { byActor: true } },
      { id: null, key: "acme/web#2", details: "known", linkedBy: [], lastLinked: null, sourceId: source.id },
    ]);
    expect(items[1]).toMatchObject({
      title: "Login fails always",
      status: { category: "open" },
      state: "live",
      ageMs: 0,
      url: "https://github.com/acme/web/issues/2",
    });
  });

  test("an empty text shows what was linked last, this actor's first, without any request", async () => {
    const { lena, link, search, github, app, source, time } = await setUp();
    for (const title of ["One", "Two", "Three", "Four"]) lena.createIssue("acme/web", { title });
    for (const [key, who, id] of [
      ["#1", undefined, "A"],
      ["#2", app, "A"],
      ["#3", app, "B"],
    ] as const) {
      await time.advance(1_000);
      await link(key, who, id);
    }
    await time.advance(400_000);
    const mark = github.mark();
    const { items, containers, limited } = await search("  ");
    expect(items.map(({ title, lastLinked }) => [title, lastLinked?.byActor])).toEqual([
      ["One", true],
      ["Three", false],
      ["Two", false],
    ]);
    expect(items[0]?.lastLinked?.at).toBeLessThan(items[2]?.lastLinked?.at ?? 0);
    expect([containers, limited]).toEqual([[], null]);
    expect((await search("", { limit: 1 })).items.map(({ title }) => title)).toEqual(["One"]);
    expect(github.requestsSince(mark)).toEqual([]);
    // Of another source there is nothing.
    const other = await app.sources.create({
      name: "Other",
      provider: "github",
      auth: { type: "token", token: github.token },
      targets: [{ projectId: "web", container: "acme/web" }],
    });
    expect((await search("", { sourceId: other.id })).items).toEqual([]);
    expect(source.id).not.toBe(other.id);
  });

  test("a key or URL finds its issue: a known one without a request, another one with one read, and none is stored", async () => {
    const { lena, link, search, github, sent, storage } = await setUp();
    for (const title of ["One", "Two"]) lena.createIssue("acme/web", { title });
    const { issue } = await link("#1");
    let mark = github.mark();
    for (const text of ["#1", "1", "acme/web#1", "https://github.com/Acme/web/issues/1?x=1", " <#1> "]) {
      expect((await search(text)).items, text).toMatchObject([{ id: issue.id, title: "One" }]);
    }
    expect(sent(mark)).toEqual([]);
    mark = github.mark();
    expect((await search("https://github.com/acme/web/issues/2")).items).toMatchObject([{ id: null, title: "Two" }]);
    expect(sent(mark)).toEqual(["graphql"]);
    const rows = await storage.find({ tenantId: "acme" }, { table: "issue", by: "source", keys: [[issue.sourceId]] });
    expect(rows.map(({ displayKey }) => displayKey)).toEqual(["acme/web#1"]);
  });

  test("a key that there is not is looked for as words; a URL is told to lead nowhere", async () => {
    const { lena, search, github, sent } = await setUp();
    lena.createIssue("acme/web", { title: "Status 404 in the cart" });
    const mark = github.mark();
    expect((await search("404")).items).toMatchObject([{ key: "acme/web#1" }]);
    expect(sent(mark)).toContain("/search/issues");
    const { items, limited } = await search("https://github.com/acme/web/issues/404");
    expect(items).toEqual([]);
    expect(limited?.reason).toBe("not-found");
    await expect(search("https://tracker.example.com/1")).rejects.toMatchObject({ code: "issue-not-recognised" });
  });

  test("an issue that was transferred is found by its old address", async () => {
    const { github, lena, app, source, search } = await setUp({ repositories: ["acme/web", "acme/api"] });
    lena.createIssue("acme/web", { title: "Wanders" });
    github.transferIssue("acme/web", 1, "acme/api");
    expect((await search("#1")).items).toMatchObject([{ key: "acme/api#1", title: "Wanders" }]);
    await app.sources.update(source.id, { containers: ["acme/web"] });
    expect((await search("#1")).items).toEqual([]);
  });

  test("looks into the project's own container and into those of the allow-list, and nowhere else", async () => {
    const { github, lena, app, source, titles, search } = await setUp({
      repositories: ["acme/web", "acme/api", "acme/secret"],
    });
    for (const name of ["acme/web", "acme/api", "acme/secret"]) lena.createIssue(name, { title: `Zebra ${name}` });
    expect(await titles("zebra")).toEqual(["Zebra acme/web"]);
    await app.sources.update(source.id, { containers: ["acme/api", "acme/web"] });
    expect((await titles("zebra")).toSorted()).toEqual(["Zebra acme/api", "Zebra acme/web"]);
    expect((await search("zebra")).containers).toEqual(["acme/web", "acme/api"]);
    for (const text of ["zebra repo:acme/secret", 'zebra" OR repo:acme/secret OR "x', "secret"]) {
      expect(await titles(text), text).toEqual([]);
    }
    await expect(search("acme/secret#1")).rejects.toMatchObject({ code: "container-not-allowed" });
    expect(github.violations).toEqual([]);
  });

  test("a provider that finds issues elsewhere is not believed", async () => {
    const careless: typeof provider = {
      ...provider,
      search: {
        issues: async (call, request) =>
          (await provider.search?.issues(call, { ...request, containers: ["acme/web", "acme/api"] })) ?? [],
      },
    };
    const { lena, titles } = await setUp({ repositories: ["acme/web", "acme/api"], provider: careless });
    for (const name of ["acme/web", "acme/api"]) lena.createIssue(name, { title: `Zebra ${name}` });
    expect(await titles("zebra")).toEqual(["Zebra acme/web"]);
  });

  test("what another project knows is not told to be known", async () => {
    const { lena, app, search, source } = await setUp();
    lena.createIssue("acme/web", { title: "Zebra" });
    const elsewhere = { type: "test-case", id: "TC-9", projectId: "secret" };
    await app.references.add({ object: elsewhere, sourceId: source.id, issue: "acme/web#1", relation: "relates-to" });
    for (const text of ["zebra", "#1"]) {
      expect((await search(text, { object: elsewhere })).items, text).toMatchObject([
        { id: null, lastLinked: null, linkedBy: [], title: "Zebra" },
      ]);
    }
    expect((await search("")).items).toEqual([]);
    // Not even to somebody who may see both.
    expect((await search("zebra", {}, app)).items).toMatchObject([{ id: null, lastLinked: null }]);
  });

  test("shows a known issue as new as the tracker tells, and stores nothing of it", async () => {
    const { lena, link, search, app, time } = await setUp();
    lena.createIssue("acme/web", { title: "Zebra one" });
    const { issue } = await link("#1");
    await time.advance(2_000);
    lena.editIssue("acme/web", 1, { title: "Zebra crossing" });
    expect((await search("crossing")).items).toMatchObject([{ id: issue.id, title: "Zebra crossing" }]);
    expect((await app.issues.get(issue.id)).title).toBe("Zebra one");
  });

  test("finds what was linked long ago by its words, and says so", async () => {
    const { lena, app, search, source } = await setUp();
    lena.createIssue("acme/web", { title: "Zebra" });
    lena.createIssue("acme/web", { title: "Everywhere" });
    const inputs = (issue: string, from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({
        object: { ...object, id: `TC-${from + index}` },
        sourceId: source.id,
        issue,
        relation: "relates-to",
      }));
    await app.references.addMany(inputs("#1", 0, 1));
    await app.references.addMany(inputs("#2", 1, 1_000));
    expect((await search("")).items.map(({ title }) => title)).toEqual(["Everywhere"]);
    const [match] = (await search("zebra")).items;
    expect(match?.id).toEqual(expect.any(String));
    expect(match?.lastLinked).toMatchObject({ byActor: false });
  });

  test("short texts ask nobody, in scripts of letters and in others", async () => {
    const { lena, link, search, github } = await setUp();
    lena.createIssue("acme/web", { title: "Zebra" });
    await link("#1");
    const mark = github.mark();
    expect(await search("ze")).toMatchObject({ items: [{ title: "Zebra" }], limited: { reason: "text-too-short" } });
    expect(await search("失")).toMatchObject({ items: [], limited: { reason: "text-too-short" } });
    expect(github.requestsSince(mark)).toEqual([]);
    expect((await search("失敗")).limited).toBeNull();
    expect(github.requestsSince(mark)).toHaveLength(1);
  });

  test("does not ask where what is known fills the list", async () => {
    const { lena, link, search, github } = await setUp();
    for (const title of ["Zebra one", "Zebra two"]) lena.createIssue("acme/web", { title });
    await link("#1");
    const mark = github.mark();
    expect((await search("zebra", { limit: 1 })).items).toHaveLength(1);
    expect(github.requestsSince(mark)).toEqual([]);
    expect((await search("zebra", { limit: 2 })).items).toHaveLength(2);
  });

  test.each([
    [["link", "read"], "switched-off"],
    [["link"], "switched-off"],
  ] as const)("with the features %j it finds what is known, and keys", async (features, reason) => {
    const { lena, link, search, github, app, source } = await setUp();
    for (const title of ["Zebra one", "Zebra two"]) lena.createIssue("acme/web", { title });
    await link("#1");
    await app.sources.update(source.id, { features });
    const mark = github.mark();
    expect(await search("zebra")).toMatchObject({ items: [{ title: "Zebra one" }], limited: { reason } });
    expect(github.requestsSince(mark)).toEqual([]);
    expect((await search("#2")).items).toMatchObject([{ key: "acme/web#2" }]);
    await app.sources.update(source.id, { features: ["read"] });
    await expect(search("zebra")).rejects.toMatchObject({ code: "capability-missing" });
    await app.sources.update(source.id, { features: null });
    await app.sources.disable(source.id);
    await expect(search("zebra")).rejects.toMatchObject({ code: "source-not-runnable" });
  });

  test("where nobody says which container, URLs and what is known are left", async () => {
    const { lena, app, github, search } = await setUp();
    lena.createIssue("acme/web", { title: "Zebra" });
    const auth = { type: "token", token: github.token } as const;
    const { id: sourceId } = await app.sources.create({ name: "All", provider: "github", auth, projects: ["web"] });
    expect(await search("zebra", { sourceId })).toMatchObject({ items: [], limited: { reason: "no-container" } });
    expect((await search("#1", { sourceId })).limited?.reason).toBe("no-container");
    const url = "https://github.com/acme/web/issues/1";
    expect((await search(url, { sourceId })).items).toMatchObject([{ title: "Zebra" }]);
  });

  test("a tracker in trouble is told, and what is known is shown", async () => {
    const { lena, link, search, github, app, source } = await setUp();
    for (const title of ["Zebra one", "Zebra two"]) lena.createIssue("acme/web", { title });
    await link("#1");
    github.exhaustRateLimit("backref-bot", 40, "search");
    const { items, containers, limited } = await search("zebra");
    expect(items.map(({ title }) => title)).toEqual(["Zebra one"]);
    expect([containers, limited]).toMatchObject([[], { reason: "tracker", retryAfterMs: 40_000 }]);
    // Only searches wait.
    expect(await app.issues.refresh({ sourceId: source.id })).toMatchObject({ read: 1, problems: [] });
    expect((await search("#2")).items).toMatchObject([{ title: "Zebra two" }]);

    github.revokeToken(github.token);
    expect((await search("#3")).items).toMatchObject([{ key: "acme/web#3", details: "unread", id: null }]);
    expect((await app.sources.get(source.id)).health.status).toBe("reconnect-required");
    const mark = github.mark();
    expect((await search("zebra")).limited).toMatchObject({ reason: "tracker" });
    expect(github.requestsSince(mark)).toEqual([]);
  });

  test("keeps to 30 searches a minute before GitHub has to refuse any", async () => {
    const { lena, search, github, time } = await setUp();
    lena.createIssue("acme/web", { title: "Zebra" });
    const mark = github.mark();
    for (let count = 0; count < 30; count += 1) expect((await search("zebra")).limited).toBeNull();
    const { limited } = await search("zebra");
    expect(limited).toMatchObject({ reason: "tracker", retryAfterMs: expect.any(Number) });
    expect(github.requestsSince(mark)).toHaveLength(30);
    await time.advance(limited?.retryAfterMs ?? 0);
    expect((await search("zebra")).limited).toBeNull();
  });

  test("an actor who may not see the source links by key and sees nothing more", async () => {
    const world = await setUp({});
    const { lena, source, storage, github, time, link } = world;
    lena.createIssue("acme/web", { title: "Zebra" });
    await link("#1");
    const blind = createBackref({
      storage,
      providers: [provider],
      secretKeys: [{ id: "test", key: secretKey }],
      clock: time.clock,
      scheduler: time.scheduler,
      fetch: github.fetch,
      policy: ({ action }) => action !== "source.read" && action in actionTable,
    }).as({ tenantId: "acme", userId: "eve", projects: { web: "member" } });
    const search = (text: string) => blind.issues.search({ projectId: "web", sourceId: source.id, text });
    const mark = github.mark();
    expect((await search("")).items).toMatchObject([{ key: "acme/web#1", title: null, details: "hidden" }]);
    expect(await search("zebra")).toMatchObject({ items: [], limited: { reason: "hidden" } });
    expect((await search("#2")).items).toMatchObject([{ key: "acme/web#2", title: null }]);
    expect(github.requestsSince(mark)).toEqual([]);
  });

  test("is refused where the actor may not link, and for a source that the project has not", async () => {
    const { backref, app, source, search } = await setUp();
    const viewer = backref.as({ tenantId: "acme", userId: "v", projects: { web: "viewer" } });
    await expect(search("", {}, viewer)).rejects.toMatchObject({ code: "permission-denied" });
    const stranger = backref.as({ tenantId: "acme", userId: "s", projects: { api: "member" } });
    await expect(search("", {}, stranger)).rejects.toMatchObject({ code: "not-found" });
    await app.sources.update(source.id, { projects: ["web"] });
    await expect(search("", { projectId: "api" }, stranger)).rejects.toMatchObject({ code: "not-found" });
    for (const wrong of [{ limit: 0 }, { limit: 51 }, { text: "x".repeat(4_001) }, { text: "a\0b" }, { signal: 1 }]) {
      await expect(search("x", wrong as object)).rejects.toMatchObject({ code: "invalid-input" });
    }
  });
});

describe("a search that nobody waits for any more", () => {
  /** A fake whose searches stand still until they are given up. */
  async function standing() {
    const given: AbortSignal[] = [];
    const world = await createGitHubWorld();
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (!String(input).includes("/search/")) return world.github.fetch(input, init);
      const signal = init?.signal ?? new AbortController().signal;
      given.push(signal);
      return await new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    };
    const set = await setUp({ github: world.github, time: world.time, fetch });
    return { ...set, given };
  }

  const until = async (isSo: () => boolean) => {
    for (let turn = 0; turn < 1_000 && !isSo(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(isSo()).toBe(true);
  };

  test("gives up its request, and rejects with the signal's reason", async () => {
    const { search, given } = await standing();
    const abort = new AbortController();
    const found = search("zebra", { signal: abort.signal });
    await until(() => given.length === 1);
    abort.abort(new Error("The picker was closed."));
    await expect(found).rejects.toThrow("The picker was closed.");
    expect(given[0]?.aborted).toBe(true);
  });

  test("sends nothing where the signal was aborted before", async () => {
    const { search, github } = await standing();
    const mark = github.mark();
    await expect(search("zebra", { signal: AbortSignal.abort(new Error("Too late.")) })).rejects.toThrow("Too late.");
    expect(github.requestsSince(mark)).toEqual([]);
  });

  test("gives way to a later one of the same person at the same source, and to nobody else's", async () => {
    const { search, given, app, backref } = await standing();
    const first = search("zebra");
    await until(() => given.length === 1);
    const others = search("zebra", {}, app);
    await until(() => given.length === 2);
    const second = search("zebra crossing");
    await expect(first).rejects.toMatchObject({ name: "AbortError" });
    await until(() => given.length === 3);
    expect(given.map(({ aborted }) => aborted)).toEqual([true, false, false]);
    // Searches without a request do so, too.
    expect((await search("")).items).toEqual([]);
    await expect(second).rejects.toMatchObject({ name: "AbortError" });
    expect((await search("", {}, app)).items).toEqual([]);
    await expect(others).rejects.toMatchObject({ name: "AbortError" });
    // The system is nobody who types.
    const system = backref.as({ tenantId: "acme", system: true });
    const abort = new AbortController();
    const machines = [1, 2].map(() => search("zebra", { signal: abort.signal }, system));
    await until(() => given.length === 5);
    expect(given.slice(3).map(({ aborted }) => aborted)).toEqual([false, false]);
    abort.abort(new Error("Enough."));
    for (const machine of machines) await expect(machine).rejects.toThrow("Enough.");
  });
});

test("a provider that cannot search or read finds keys, and says what is missing", async () => {
  const backref = createBackref({ storage: createMemoryStorage(), providers: [createToyProvider()] });
  const owner = backref.as({ tenantId: "acme", userId: "o", role: "owner" });
  const source = await owner.sources.create({ name: "Toys", provider: "toy", projects: ["web"] });
  const search = (text: string) => owner.issues.search({ projectId: "web", sourceId: source.id, text });
  const { items, limited } = await search("toys#12");
  expect([items[0]?.key, items[0]?.details, limited?.reason]).toEqual(["toys#12", "unread", "not-supported"]);
  expect(await search("zebra crossing")).toMatchObject({ items: [], limited: { reason: "not-supported" } });
});
