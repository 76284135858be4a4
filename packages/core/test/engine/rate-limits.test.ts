import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { createFakeGitHub } from "@backref/testing/github";
import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld } from "../support/github-world.ts";

const minuteMs = 60_000;
const creations = { windowMs: minuteMs, limit: 80 };

/** Several processes of one host, with one database and one GitHub that refuses whatever its limits do not allow. */
async function createProcesses(count: number): Promise<readonly [GitHubWorld, ...GitHubWorld[]]> {
  const time = createVirtualTime();
  const storage = createMemoryStorage({ clock: time.clock });
  const github = createFakeGitHub({
    repositories: ["acme/web"],
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    webhooks: "manual",
    enforceLimits: true,
    limits: { pointsPerMinute: 900, concurrent: 100 },
  });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    await time.scheduler.sleep(50 + (github.requestCount() % 7) * 40);
    return github.fetch(input, init);
  };
  const worlds = [];
  for (let seed = 1; seed <= count; seed += 1) {
    worlds.push(await createGitHubWorld({ time, storage, github, fetch, seed: seed * 10 }));
  }
  const [first, ...others] = worlds;
  if (first === undefined) throw new TypeError("At least one process.");
  return [first, ...others];
}

/** Lets time pass until the work is done. */
async function during<Result>({ time }: GitHubWorld, work: Promise<Result>): Promise<Result> {
  let isDone = false;
  void work.finally(() => {
    isDone = true;
  });
  for (let second = 0; second < 600 && !isDone; second += 1) await time.advance(1_000);
  return await work;
}

function created({ github }: GitHubWorld): readonly number[] {
  const operations = new Set(["/repos/{owner}/{repo}/issues", "/repos/{owner}/{repo}/labels"]);
  const isCreation = ({ method, operation }: { method: string; operation: string }) =>
    method === "POST" && operations.has(operation.replace("POST ", ""));
  return github.requests.filter(isCreation).map(({ at }) => at);
}

/** Most units within any stretch of a window's length. */
function mostWithin(moments: readonly number[], windowMs: number): number {
  return Math.max(0, ...moments.map((from) => moments.filter((at) => at >= from && at < from + windowMs).length));
}

const refusals = ({ github }: GitHubWorld) => github.requests.filter(({ status }) => status === 403 || status === 429);

/** Every link of the project. */
async function allLinks({ app }: GitHubWorld) {
  const defects = [];
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof app.defects.list>> = await app.defects.list({
      projectId: "web",
      limit: 100,
      ...(cursor !== null && { cursor }),
    });
    defects.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  return (await Promise.all(defects.map(({ id }) => app.defects.links(id)))).flat();
}

async function budgetOf({ app, storage }: GitHubWorld): Promise<string> {
  const keys = (await app.sources.list()).items.map(({ id }) => [id]);
  const [row] = await storage.find({ tenantId: "acme" }, { table: "source", by: "id", keys });
  return row?.budgetId ?? "";
}

/** A source whose labels are made, after the minute in which that was. */
async function prepare(world: GitHubWorld): Promise<void> {
  await during(world, addGitHubSource(world));
  const defect = await world.app.defects.create({ projectId: "web", title: "First" });
  await during(world, world.app.defects.push(defect.id));
  await world.time.advance(2 * minuteMs);
}

async function pushAll(worlds: readonly [GitHubWorld, ...GitHubWorld[]], count: number): Promise<void> {
  const [first] = worlds;
  const pushes = Array.from({ length: count }, async (_, index) => {
    const world = worlds[index % worlds.length] ?? first;
    const defect = await world.app.defects.create({ projectId: "web", title: `Defect ${index}` });
    await world.app.defects.push(defect.id);
  });
  await during(first, Promise.all(pushes));
}

describe("GitHub's documented limits, shared by all processes", () => {
  test("80 pushes at once over three processes are done within the minute, and none is refused", async () => {
    const worlds = await createProcesses(3);
    const [first] = worlds;
    await prepare(first);
    const stops = worlds.map(({ backref }) => backref.sync.start());
    const [before, begunAt] = [created(first).length, first.time.now()];
    await pushAll(worlds, 80);
    const sent = created(first).slice(before);
    expect(sent).toHaveLength(80);
    expect(Math.max(...sent) - begunAt).toBeLessThan(minuteMs);
    expect(first.github.issues("acme/web")).toHaveLength(81);
    expect(refusals(first)).toEqual([]);
    await during(first, Promise.all(stops.map((stop) => stop())));
    expect(worlds.flatMap(({ errors }) => errors)).toEqual([]);
  });

  test("200 pushes take as long as the limit asks, never more in any minute, each made once", async () => {
    const worlds = await createProcesses(3);
    const [first] = worlds;
    await prepare(first);
    const stops = worlds.map(({ backref }) => backref.sync.start());
    await pushAll(worlds, 200);
    await first.time.advance(4 * minuteMs);
    expect(first.github.issues("acme/web")).toHaveLength(201);
    const sent = created(first);
    expect(mostWithin(sent, creations.windowMs)).toBeLessThanOrEqual(creations.limit);
    expect(refusals(first)).toEqual([]);
    // 80, 80 and 40: the third part begins as soon as the limit lets it.
    expect(Math.max(...sent) - (sent[5] ?? 0)).toBeLessThan(2 * minuteMs + 30_000);
    expect((await allLinks(first)).filter(({ status }) => status !== "synced")).toEqual([]);
    await during(first, Promise.all(stops.map((stop) => stop())));
  });

  test("what waits for room says so, and blocks nothing that needs none", async () => {
    const [world] = await createProcesses(1);
    await prepare(world);
    await pushAll([world], 80);
    const late = await world.app.defects.create({ projectId: "web", title: "One too many" });
    const link = await during(world, world.app.defects.push(late.id));
    expect(link).toMatchObject({ status: "creating", issue: null });
    expect(link.message).toContain("80 new issues, comments and labels in 60 s");
    expect(link.retryAt).toBeGreaterThan(world.time.now());
    const [source] = (await world.app.sources.list()).items;
    expect(source?.health).toMatchObject({ status: "ok" });
    world.github.as("lena").editIssue("acme/web", 1, { title: "Seen all the same" });
    const [first] = (await allLinks(world)).filter(({ badge }) => badge?.text === "#1");
    await during(world, world.app.defects.retry(first?.id ?? ""));
    await during(world, world.backref.sync.run());
    expect((await world.app.defects.get(first?.defectId ?? "")).title).toBe("Seen all the same");
  });

  test("a process that begins anew knows what the one before it has sent", async () => {
    const worlds = await createProcesses(2);
    const [first, second] = worlds;
    await prepare(first);
    await pushAll([first], 80);
    if (second === undefined) throw new TypeError("Two processes.");
    const before = created(first).length;
    const defect = await second.app.defects.create({ projectId: "web", title: "From another process" });
    await during(second, second.app.defects.push(defect.id));
    expect(created(first)).toHaveLength(before);
    expect(refusals(first)).toEqual([]);
  });

  test("work that nobody waits for leaves room for work that somebody waits for", async () => {
    const [world] = await createProcesses(1);
    await prepare(world);
    for (let round = 0; round < 2; round += 1) {
      await pushAll([world], 80);
      await world.time.advance(2 * minuteMs);
    }
    const items = await allLinks(world);
    for (const { defectId } of items) await world.app.defects.update(defectId, { title: `Edited ${defectId}` });
    const pass = world.backref.sync.run({ maxMs: 30_000 });
    await world.time.advance(30_000);
    const begunAt = world.time.now();
    const fresh = await world.app.defects.create({ projectId: "web", title: "Somebody waits for this" });
    expect(await during(world, world.app.defects.push(fresh.id))).toMatchObject({ status: "synced" });
    expect(world.time.now() - begunAt).toBeLessThan(10_000);
    await during(world, pass);
    const writes = world.github.requests.filter(({ method }) => method === "PATCH").map(({ at }) => at);
    expect(writes.length).toBeGreaterThan(100);
    expect(mostWithin(writes, minuteMs) * 5).toBeLessThanOrEqual(900);
    expect(refusals(world)).toEqual([]);
    for (let minute = 0; minute < 3; minute += 1) {
      await during(world, world.backref.sync.run({ maxMs: 30_000 }));
      await world.time.advance(minuteMs);
    }
    await during(world, world.backref.sync.run({ maxMs: 30_000 }));
    const titles = world.github.issues("acme/web").map(({ title }) => title);
    expect(titles.filter((title) => title.startsWith("Edited "))).toHaveLength(items.length);
  });

  test("new issues may spend all of their limit, whoever sends them", async () => {
    const [world] = await createProcesses(1);
    await prepare(world);
    const budgetId = await budgetOf(world);
    const write = [{ type: "block", budgetId, forMs: 20_000, reason: "until nobody waits any more" }] as const;
    await world.storage.commit({ tenantId: "acme" }, [{ write }]);
    await pushAll([world], 80);
    expect(world.github.issues("acme/web")).toHaveLength(1);
    await world.time.advance(20_000);
    const begunAt = world.time.now();
    await during(world, world.backref.sync.run({ maxMs: 30_000 }));
    expect(world.github.issues("acme/web")).toHaveLength(81);
    expect(world.time.now() - begunAt).toBeLessThan(minuteMs / 2);
  });

  test("a change that has to wait is sent after another look, so that what people did meanwhile is seen", async () => {
    const [world] = await createProcesses(1);
    await prepare(world);
    const [link] = await allLinks(world);
    const windows = [{ name: "points", windowMs: minuteMs, limit: 900 }];
    const items = [{ amounts: [898], share: 1 }];
    const budgetId = await budgetOf(world);
    await world.storage.system.reserve({ tenantId: "acme", budgetId, windows, items });
    await world.app.defects.update(link?.defectId ?? "", { title: "By the host" });
    await world.time.advance(40_000);
    const pass = world.backref.sync.run({ maxMs: 30_000 });
    await world.time.advance(2_000);
    world.github.as("lena").editIssue("acme/web", 1, { title: "By lena" });
    await during(world, pass);
    await world.time.advance(minuteMs);
    await during(world, world.backref.sync.run({ maxMs: 30_000 }));
    expect(world.github.issue("acme/web", 1)?.title).toBe("By lena");
    expect(await world.app.defects.get(link?.defectId ?? "")).toMatchObject({ title: "By lena" });
    const { items: told } = await world.app.activity.list({ defectId: link?.defectId ?? "" });
    const losers = told.filter(({ type }) => type === "conflict-recorded").map(({ data }) => data["local"]);
    expect(losers).toEqual(["By the host"]);
  });
});
