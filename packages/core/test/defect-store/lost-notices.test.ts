import { describe, expect, test } from "vitest";
import { createHostWorld } from "../support/host-world.ts";

type HostWorld = Awaited<ReturnType<typeof createHostWorld>>;

const titleOf = ({ github }: HostWorld) => github.issue("acme/web", 1)?.title;
const questionsSince = ({ table }: HostWorld, count: number) => table.questions.slice(count);

describe("a notice of the host's that was lost", () => {
  test("heals at the next poll", async () => {
    const world = await createHostWorld({ feed: "exclusive" });
    world.table.edit("BUG-1", { title: "Total is off by one" });
    await world.quiet();
    expect(titleOf(world)).toBe("Total is off by one");
    expect(await world.app.defects.link(world.link.id)).toMatchObject({ status: "synced" });
  });

  test("waits for another reason to look where the store tells nothing", async () => {
    const world = await createHostWorld();
    world.table.edit("BUG-1", { title: "Total is off by one" });
    await world.quiet();
    expect(titleOf(world)).toBe("Total is wrong");
    await world.time.advance(3_600_000);
    await world.quiet();
    expect(titleOf(world)).toBe("Total is off by one");
  });

  test("heals where the provider cannot poll", async () => {
    const world = await createHostWorld({ feed: "exclusive", polls: false });
    world.table.edit("BUG-1", { title: "Total is off by one" });
    await world.quiet();
    expect(titleOf(world)).toBe("Total is off by one");
  });

  test("heals although the container that is polled first cannot be", async () => {
    const world = await createHostWorld({ feed: "exclusive" });
    world.github.faults.add({ kind: "status-before", status: 404, times: 1_000, match: { method: "GET" } });
    world.table.edit("BUG-1", { title: "Total is off by one" });
    await world.quiet();
    expect((await world.app.sources.get(world.source.id)).health.status).toBe("degraded");
    expect(titleOf(world)).toBe("Total is off by one");
  });

  test("heals once the source is switched on again", async () => {
    const world = await createHostWorld({ feed: "exclusive" });
    await world.app.sources.update(world.source.id, { enabled: false });
    world.table.edit("BUG-1", { title: "Total is off by one" });
    await world.quiet();
    expect(titleOf(world)).toBe("Total is wrong");
    await world.app.sources.update(world.source.id, { enabled: true });
    await world.quiet();
    expect(titleOf(world)).toBe("Total is off by one");
  });

  test("gives a link whose attempts were used up the fresh start of an edit", async () => {
    const world = await createHostWorld({ feed: "exclusive", limits: { maxAttempts: 3 } });
    world.github.faults.add({ kind: "status-before", status: 503, times: 1_000, match: { operation: "graphql" } });
    world.table.edit("BUG-1", { title: "Total is off by one" });
    await world.quiet();
    expect(await world.app.defects.link(world.link.id)).toMatchObject({ status: "failed" });
    world.table.edit("BUG-1", { title: "Total is off by two" });
    await world.time.advance(61_000);
    for (const _part of ["poll", "link"]) await world.backref.sync.run({ maxMs: 0 });
    expect(await world.app.defects.link(world.link.id)).toMatchObject({ status: "retrying" });
  });

  test("unblocks a link whose defect was mended", async () => {
    const world = await createHostWorld({ feed: "exclusive" });
    world.table.edit("BUG-1", { description: "x".repeat(70_000) });
    await world.quiet();
    expect(await world.app.defects.link(world.link.id)).toMatchObject({ status: "blocked", blockedBy: "validation" });
    world.table.edit("BUG-1", { description: "Short" });
    await world.quiet();
    expect(await world.app.defects.link(world.link.id)).toMatchObject({ status: "synced" });
  });
});

describe("the feed of the host's store", () => {
  test("goes on from its cursor, is asked once per poll of a source, and costs no request", async () => {
    const world = await createHostWorld({ feed: "exclusive" });
    await world.app.sources.update(world.source.id, {
      targets: { upsert: [{ projectId: "api", container: "acme/api" }] },
    });
    await world.quiet();
    const [count, mark] = [world.table.questions.length, world.github.mark()];
    await world.quiet();
    expect(questionsSince(world, count)).toEqual(["1"]);
    expect(world.github.requestsSince(mark).every((request) => request.status === 304)).toBe(true);
  });

  test.each(["exclusive", "inclusive"] as const)("a defect told again costs no request (%s cursor)", async (feed) => {
    const world = await createHostWorld({ feed });
    world.table.edit("BUG-1", {});
    const mark = world.github.mark();
    for (let time = 0; time < 3; time += 1) await world.quiet();
    expect(world.github.requestsSince(mark).filter((request) => request.status !== 304)).toEqual([]);
  });

  test("a repetition lets a link that fails wait, and one whose issue is gone rest", async () => {
    const world = await createHostWorld({ feed: "inclusive" });
    world.github.faults.add({ kind: "status-before", status: 503, times: 1_000, match: { operation: "graphql" } });
    world.table.edit("BUG-1", { title: "Total is off by one" });
    const waitsLong = async () =>
      ((await world.app.defects.link(world.link.id)).retryAt ?? 0) > world.time.now() + 120_000;
    for (let time = 0; time < 20 && !(await waitsLong()); time += 1) await world.quiet();
    const waiting = await world.app.defects.link(world.link.id);
    expect(waiting).toMatchObject({ status: "retrying", retryAt: expect.any(Number) });
    expect(await waitsLong()).toBe(true);
    const [mark, count] = [world.github.mark(), world.table.questions.length];
    await world.time.advance(61_000);
    for (const _part of ["poll", "link"]) await world.backref.sync.run({ maxMs: 0 });
    expect(questionsSince(world, count)).toEqual(["2"]);
    expect(world.github.requestsSince(mark).filter((request) => request.operation === "graphql")).toEqual([]);
    expect(await world.app.defects.link(world.link.id)).toMatchObject({ retryAt: waiting.retryAt });
    world.github.faults.clear();
    world.github.as("acme").deleteIssue("acme/web", 1);
    for (let time = 0; time < 16; time += 1) await world.quiet();
    expect((await world.app.defects.link(world.link.id)).status).toMatch(/remote-deleted|no-access/);
    const gone = world.github.mark();
    await world.quiet();
    expect(world.github.requestsSince(gone).filter((request) => request.status !== 304)).toEqual([]);
  });

  test("a store that cannot answer keeps nothing else from the tracker, and is asked again", async () => {
    const world = await createHostWorld({ feed: "exclusive" });
    world.table.failFeed(new Error("No connection to the host's database."));
    world.table.edit("BUG-1", { priority: "minor" });
    await world.time.advance(2_000);
    world.github.as("lena").editIssue("acme/web", 1, { title: "Theirs" });
    await world.quiet();
    expect(world.table.get("BUG-1")?.title).toBe("Theirs");
    expect((await world.app.sources.get(world.source.id)).health.status).toBe("ok");
    expect(world.logs.filter((line) => /^warn: The defect store did not tell/.test(line))).not.toEqual([]);
    const count = world.table.questions.length;
    world.table.failFeed(null);
    await world.quiet();
    expect(questionsSince(world, count)[0]).toBe("1");
  });

  test("is read page by page, a bounded number at a time", async () => {
    const world = await createHostWorld({ feed: "exclusive" });
    for (let number = 0; number < 6_000; number += 1) world.table.add(`OTHER-${number}`, "Not linked");
    world.table.edit("BUG-1", { title: "Last of all" });
    const count = world.table.questions.length;
    await world.time.advance(61_000);
    await world.backref.sync.run({ maxMs: 0 });
    const pages = Array.from({ length: 10 }, (_, page) => String(1 + page * 500));
    expect(questionsSince(world, count)).toEqual(pages);
    expect(titleOf(world)).toBe("Total is wrong");
    await world.quiet();
    expect(questionsSince(world, count).slice(10)).toEqual(["5001", "5501", "6001"]);
    expect(titleOf(world)).toBe("Last of all");
  });

  test("a cursor is moved only by who holds the scope", async () => {
    const world = await createHostWorld({ feed: "exclusive" });
    world.table.edit("BUG-1", { title: "Total is off by one" });
    await world.time.advance(61_000);
    const claim = { table: "pollScope", owner: "another", leaseMs: 60_000, limit: 8, limitPerSource: 8 } as const;
    world.table.beforeNextAnswer(async () => {
      await world.time.advance(61_000);
      await world.storage.system.claim(claim);
    });
    await world.backref.sync.run({ maxMs: 0 });
    const query = { table: "pollScope", by: "source", keys: [[world.source.id]] } as const;
    const [row] = await world.storage.find({ tenantId: "acme" }, query);
    expect(row).toMatchObject({ defectCursor: "1", leaseOwner: "another" });
  });
});
