import { describe, expect, test } from "vitest";
import type { Progress, PushOutcome } from "../../src/index.ts";
import { addGitHubSource, createGitHubWorld, type GitHubWorldOptions, settle } from "../support/github-world.ts";

async function setUp(count: number, options: GitHubWorldOptions = {}) {
  const world = await createGitHubWorld(options);
  const source = await addGitHubSource(world);
  const ids: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    ids.push((await world.app.defects.create({ projectId: "web", title: `Fault ${number}`, priority: "major" })).id);
  }
  const creates = (mark = 0) =>
    world.github
      .requestsSince(mark)
      .filter(({ method, operation }) => method === "POST" && operation === "/repos/{owner}/{repo}/issues").length;
  return { ...world, world, source, ids, creates };
}

const statuses = (outcomes: readonly PushOutcome[]) =>
  outcomes.map((outcome) => (outcome.status === "pushed" ? outcome.link.status : outcome.status));

describe("defects.pushMany", () => {
  test("sends one create per defect and makes labels once, batch by batch, and tells how far it is", async () => {
    const { app, ids, github, creates } = await setUp(70);
    const told: Progress[] = [];
    const outcomes = await app.defects.pushMany(ids, { onProgress: (progress) => told.push(progress) });
    expect(new Set(statuses(outcomes))).toEqual(new Set(["synced"]));
    expect(outcomes.map(({ defectId }) => defectId)).toEqual(ids);
    expect(new Set(github.issues("acme/web").map(({ title }) => title)).size).toBe(70);
    expect(creates()).toBe(70);
    const labels = github.requestsSince(0).filter(({ operation }) => operation === "/repos/{owner}/{repo}/labels");
    // One look at what is there, and the four of the mapping.
    expect(labels.map(({ method }) => method).toSorted()).toEqual(["GET", "POST", "POST", "POST", "POST"]);
    expect(github.requestsSince(0).length - creates() - labels.length).toBeLessThanOrEqual(1);
    expect(told).toEqual([
      { done: 50, total: 70, failed: 0 },
      { done: 70, total: 70, failed: 0 },
    ]);
  });

  test("repeated, it gives the same links and asks for nothing", async () => {
    const { app, ids, github } = await setUp(5);
    const first = await app.defects.pushMany(ids);
    const mark = github.mark();
    const again = await app.defects.pushMany([...ids, ids[0] ?? ""]);
    expect(again).toEqual([...first, first[0]]);
    expect(github.requestsSince(mark)).toEqual([]);
    expect(await app.defects.push(ids[0] ?? "")).toEqual(first[0]?.status === "pushed" ? first[0].link : null);
  });

  test("what is refused is an outcome of its own, with its reason", async () => {
    const { app, ids, backref, creates } = await setUp(3);
    const elsewhere = await app.defects.create({ projectId: "api", title: "No target" });
    const hidden = await app.defects.create({ projectId: "secret", title: "Not theirs" });
    const detached = await app.defects.push(ids[2] ?? "");
    await app.defects.detach(detached.id);
    const member = backref.as({ tenantId: "acme", userId: "m", projects: { web: "member", api: "member" } });
    const told: Progress[] = [];
    const asked = [ids[0] ?? "", elsewhere.id, hidden.id, "no-such-defect", ids[1] ?? "", ids[2] ?? ""];
    const outcomes = await member.defects.pushMany(asked, { onProgress: (progress) => told.push(progress) });
    expect(outcomes.map((outcome) => (outcome.status === "refused" ? outcome.error.code : outcome.status))).toEqual([
      "pushed",
      "target-missing",
      "not-found",
      "not-found",
      "pushed",
      "link-detached",
    ]);
    expect(told).toEqual([{ done: 6, total: 6, failed: 4 }]);
    expect(creates()).toBe(3);
  });

  test("cancelled, it begins nothing new; what was committed is finished, and a second call does the rest", async () => {
    const { app, world, ids, creates, github } = await setUp(12, { limits: { claimBatch: 5 } });
    const abort = new AbortController();
    const outcomes = await app.defects.pushMany(ids, { signal: abort.signal, onProgress: () => abort.abort() });
    expect(statuses(outcomes)).toEqual([...Array(5).fill("synced"), ...Array(7).fill("not-begun")]);
    await settle(world);
    expect(creates()).toBe(5);
    expect(statuses(await app.defects.pushMany(ids))).toEqual(Array(12).fill("synced"));
    expect(creates()).toBe(12);
    expect(github.issues("acme/web")).toHaveLength(12);
    const never = await app.defects.pushMany(ids, { signal: AbortSignal.abort() });
    expect(new Set(statuses(never))).toEqual(new Set(["not-begun"]));
  });

  test("cancelled in the middle of a batch, it answers at once, and the batch goes on", async () => {
    const world = await createGitHubWorld();
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const abort = new AbortController();
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (init?.method === "POST" && String(input).endsWith("/issues")) {
        abort.abort();
        await gate;
      }
      return world.github.fetch(input, init);
    };
    const { app, ids, creates, backref } = await setUp(3, { github: world.github, time: world.time, fetch });
    const outcomes = await app.defects.pushMany(ids, { signal: abort.signal });
    expect(outcomes.map(({ status }) => status)).toEqual(["pushed", "pushed", "pushed"]);
    expect(creates()).toBe(0);
    release();
    await backref.close();
    expect(creates()).toBe(3);
  });

  test("keeps to the tracker's limits: what finds no room is committed, says so, and follows by itself", async () => {
    const { app, world, ids, creates, github, time } = await setUp(95, {});
    const outcomes = await app.defects.pushMany(ids);
    const done = statuses(outcomes).filter((status) => status === "synced").length;
    // 80 a minute, the labels included.
    expect(done).toBeLessThanOrEqual(80);
    expect(done).toBeGreaterThan(60);
    expect(outcomes.every(({ status }) => status === "pushed")).toBe(true);
    expect(creates()).toBe(done);
    for (let minute = 0; minute < 3; minute += 1) {
      await time.advance(61_000);
      await settle(world);
    }
    expect(creates()).toBe(95);
    expect(github.issues("acme/web")).toHaveLength(95);
  });

  test("without time it only commits", async () => {
    const { app, world, ids, creates } = await setUp(3);
    expect(statuses(await app.defects.pushMany(ids, { waitMs: 0 }))).toEqual(Array(3).fill("creating"));
    expect(creates()).toBe(0);
    await settle(world);
    expect(creates()).toBe(3);
  });

  test("a wrong call changes nothing", async () => {
    const { app, ids, creates } = await setUp(1);
    const wrong: readonly (() => Promise<unknown>)[] = [
      () => app.defects.pushMany([...ids, ""]),
      () => app.defects.pushMany(Array.from({ length: 1_001 }, (_, index) => String(index))),
      () => app.defects.pushMany(ids, { onProgress: 1 as never }),
      () => app.defects.pushMany(ids, { signal: {} as never }),
    ];
    for (const call of wrong) await expect(call()).rejects.toMatchObject({ code: "invalid-input" });
    const broken = app.defects.pushMany([], { onProgress: () => {} });
    expect(await broken).toEqual([]);
    expect(creates()).toBe(0);
    expect(await app.defects.links(ids[0] ?? "")).toEqual([]);
  });
});
