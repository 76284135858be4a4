import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, settle } from "../support/github-world.ts";

async function push(world: GitHubWorld, title: string, sourceId?: string) {
  const defect = await world.app.defects.create({ projectId: "web", title });
  const link = await world.app.defects.push(defect.id, sourceId === undefined ? {} : { sourceId });
  await settle(world);
  await world.time.advance(5_000);
  return { defect, link };
}

const statusOf = async ({ app }: GitHubWorld, linkId: string) => (await app.defects.link(linkId)).status;
const healthOf = async ({ app }: GitHubWorld, sourceId: string) => (await app.sources.get(sourceId)).health.status;

describe("a write that is forbidden", () => {
  test("stops its own link and no other", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    const first = await push(world, "First");
    const second = await push(world, "Second");
    world.github.faults.add({
      kind: "status-before",
      status: 403,
      match: { method: "PATCH", operation: /issues\/1$/ },
    });
    await world.app.defects.update(first.defect.id, { title: "First, edited" });
    await settle(world);
    await world.app.defects.update(second.defect.id, { title: "Second, edited" });
    await settle(world);
    expect(await world.app.defects.link(first.link.id)).toMatchObject({ status: "blocked", blockedBy: "permission" });
    expect(await world.app.defects.link(second.link.id)).toMatchObject({ status: "synced" });
    expect(world.github.issue("acme/web", 2)?.title).toBe("Second, edited");
    expect(await healthOf(world, source.id)).toBe("ok");
  });

  test("stops the source where the credential turns out to be lost", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    const { defect } = await push(world, "First");
    world.github.faults.add({ kind: "status-before", status: 403, match: { method: "PATCH" } });
    world.github.faults.add({ kind: "status-before", status: 401, match: { method: "GET", operation: "/user" } });
    await world.app.defects.update(defect.id, { title: "Edited" });
    await settle(world);
    expect(await healthOf(world, source.id)).toBe("reconnect-required");
  });
});

describe("a credential that is replaced while it is in use", () => {
  test("is not blamed on the new one when the old one's refusal arrives", async () => {
    const world = await createGitHubWorld();
    const token = world.github.createToken({ login: "temp", repositories: { "acme/web": "write" } });
    const source = await addGitHubSource(world, "acme/web", token);
    const { defect, link } = await push(world, "Start");
    world.github.faults.add({ kind: "delay", ms: 3_000, match: { operation: "graphql" } });
    await world.app.defects.update(defect.id, { title: "Edited" });
    const pass = world.backref.sync.run({ maxMs: 0 });
    await world.time.advance(1_000);
    world.github.revokeToken(token);
    await world.app.sources.update(source.id, { auth: { type: "token", token: world.github.token } });
    await world.time.advance(5_000);
    await pass;
    await settle(world);
    expect(await healthOf(world, source.id)).toBe("ok");
    expect(await statusOf(world, link.id)).toBe("synced");
    expect(world.github.issue("acme/web", 1)?.title).toBe("Edited");
  });

  test("leaves its account behind", async () => {
    const world = await createGitHubWorld();
    const token = world.github.createToken({ login: "temp", repositories: { "acme/web": "write" } });
    const source = await addGitHubSource(world, "acme/web", token);
    const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
    world.github.faults.add({ kind: "delay", ms: 3_000, match: { operation: "/user" } });
    const pushing = world.app.defects.push(defect.id, { waitMs: 0 });
    await world.time.advance(1_000);
    expect(world.github.faults.pending()).toEqual([]);
    await world.app.sources.update(source.id, { auth: { type: "token", token: world.github.token } });
    await world.time.advance(5_000);
    await pushing;
    await settle(world);
    await push(world, "Second");
    expect((await world.app.sources.get(source.id)).account?.name).toBe("backref-bot");
  });
});

describe("a rate limit", () => {
  test("makes every source wait that shares the credential", async () => {
    const world = await createGitHubWorld({ repositories: ["acme/web", "acme/api"] });
    const web = await addGitHubSource(world, "acme/web");
    const api = await addGitHubSource(world, "acme/api");
    const first = await push(world, "First", web.id);
    const second = await push(world, "Second", api.id);
    world.github.faults.add({ kind: "rate-limit-primary", resetSeconds: 300, match: { method: "PATCH" } });
    await world.app.defects.update(first.defect.id, { title: "First, edited" });
    await settle(world);
    const mark = world.github.mark();
    await world.app.defects.update(second.defect.id, { title: "Second, edited" });
    await world.time.advance(200_000);
    await settle(world);
    expect(world.github.requestsSince(mark)).toEqual([]);
    expect(await statusOf(world, second.link.id)).toBe("rate-limited");
    await world.time.advance(101_000);
    await settle(world);
    expect(await statusOf(world, second.link.id)).toBe("synced");
  });

  test("of more than a day, such as a proxy's mistake, ends after a day", async () => {
    let refuse = false;
    const headers = { "content-type": "application/json", "retry-after": "99999999999999999999" };
    const world: GitHubWorld = await createGitHubWorld({
      fetch: async (input, init) =>
        refuse ? new Response("{}", { status: 503, headers }) : world.github.fetch(input as string, init),
    });
    await addGitHubSource(world);
    const { defect, link } = await push(world, "Start");
    refuse = true;
    await world.app.defects.update(defect.id, { title: "Edited" });
    await settle(world);
    const until = world.time.now() + 86_400_000;
    const waiting = await world.app.defects.link(link.id);
    expect(waiting.status).toBe("rate-limited");
    expect(Math.abs((waiting.retryAt ?? 0) - until)).toBeLessThan(60_000);
    refuse = false;
    await world.time.advance(86_400_000);
    await settle(world);
    expect(world.github.issue("acme/web", 1)?.title).toBe("Edited");
  });

  test("that lasts long is not cut short by the answer to a slower request", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const first = await push(world, "First");
    const second = await push(world, "Second");
    const slow = { method: "PATCH", operation: /issues\/2$/ } as const;
    world.github.faults.add({
      kind: "rate-limit-primary",
      resetSeconds: 300,
      match: { method: "PATCH", operation: /issues\/1$/ },
    });
    world.github.faults.add({ kind: "delay", ms: 1_000, match: slow });
    world.github.faults.add({ kind: "rate-limit-secondary", retryAfterSeconds: 60, match: slow });
    await world.app.defects.update(first.defect.id, { title: "First, edited" });
    await world.app.defects.update(second.defect.id, { title: "Second, edited" });
    const pass = world.backref.sync.run({ maxMs: 0 });
    await world.time.advance(2_000);
    await pass;
    expect(world.github.faults.pending()).toEqual([]);
    const mark = world.github.mark();
    await world.time.advance(200_000);
    await settle(world);
    expect(world.github.requestsSince(mark)).toEqual([]);
    await world.time.advance(101_000);
    await settle(world);
    expect(world.github.issues("acme/web").map(({ title }) => title)).toEqual(["First, edited", "Second, edited"]);
  });
});

describe("attempts that failed", () => {
  test("are forgotten once one succeeds", async () => {
    const world = await createGitHubWorld({ limits: { maxAttempts: 3 } });
    await addGitHubSource(world);
    const { link } = await push(world, "Start");
    for (const _time of ["first", "second"]) {
      // Seen by a poll, so that no person's edit gives the fresh start.
      world.github.as("lena").editIssue("acme/web", 1, { title: `Edited the ${_time} time` });
      world.github.faults.add({ kind: "status-before", status: 503, match: { operation: "graphql" }, times: 2 });
      await world.time.advance(61_000);
      await settle(world);
      expect(world.github.faults.pending()).toEqual([]);
      expect(await statusOf(world, link.id)).toBe("synced");
    }
  });
});

describe("a target's default labels", () => {
  test.each(["from-tests", [1], {}])("that are no list of names are told, not dropped: %j", async (labels) => {
    const world = await createGitHubWorld();
    const { id } = await addGitHubSource(world);
    const target = { projectId: "web", container: "acme/web", defaults: { labels } };
    await world.app.sources.update(id, { targets: { upsert: [target] } });
    const { link } = await push(world, "Start");
    const message = expect.stringContaining("must be a list of names");
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "blocked", field: "labels", message });
    expect(world.github.issues("acme/web")).toEqual([]);
  });
});
