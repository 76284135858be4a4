import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { describe, expect, test } from "vitest";
import type { Progress } from "../../src/index.ts";
import { addGitHubSource, createGitHubWorld, type GitHubWorldOptions } from "../support/github-world.ts";

/** A project whose objects refer to so many issues, the first of them many times. */
async function withIssues(count: number, options: GitHubWorldOptions = {}) {
  const world = await createGitHubWorld(options);
  const source = await addGitHubSource(world);
  const lena = world.github.as("lena");
  const inputs = Array.from({ length: count }, (_, index) => {
    lena.createIssue("acme/web", { title: `Issue ${index + 1}` });
    const object = { type: "test-case", id: `TC-${index}`, projectId: "web" };
    return { object, sourceId: source.id, issue: `#${index + 1}`, relation: "relates-to" };
  });
  for (let start = 0; start < count; start += 500) await world.app.references.addMany(inputs.slice(start, start + 500));
  await world.app.references.addMany(inputs.slice(0, 100).map((input) => ({ ...input, relation: "blocks" })));
  const reads = (mark: number) =>
    world.github.requestsSince(mark).filter(({ operation }) => operation === "graphql").length;
  return { ...world, world, source, lena, reads };
}

describe("issues.refresh", () => {
  test("tells how far it is, and sends no more requests for parts than for the whole", async () => {
    const { app, github, source, reads } = await withIssues(2_340);
    for (const [request, total] of [
      [{ projectId: "web" }, 2_340],
      [{ sourceId: source.id }, null],
    ] as const) {
      const told: Progress[] = [];
      const mark = github.mark();
      const summary = await app.issues.refresh(request, { onProgress: (progress) => told.push(progress) });
      expect(summary).toMatchObject({ requested: 2_340, read: 2_340, failed: 0, skipped: 0, requests: 24 });
      expect(reads(mark)).toBe(24);
      expect(told.slice(0, 2)).toEqual([100, 200].map((done) => ({ done, total, failed: 0 })));
      expect(told.at(-1)).toEqual({ done: 2_340, total: 2_340, failed: 0 });
      const dones = told.map(({ done }) => done);
      expect(dones).toEqual(dones.toSorted((left, right) => left - right));
    }
  });

  test("of any number of issues, no more rows are asked for at once than a part has", async () => {
    const time = createVirtualTime();
    const storage = createMemoryStorage({ clock: time.clock });
    const largest: Record<string, number> = {};
    const find: typeof storage.find = async (scope, query) => {
      const rows = await storage.find(scope, query);
      largest[query.table] = Math.max(largest[query.table] ?? 0, rows.length);
      return rows;
    };
    const { app, source } = await withIssues(1_500, { time, storage: { ...storage, find } });
    delete largest["issue"];
    await app.issues.refresh({ sourceId: source.id });
    await app.issues.refresh({ projectId: "web" });
    expect(largest["issue"]).toBe(1_000);
  });

  test("cancelled, it ends, says what it left, and goes on with the rest when called again", async () => {
    const { app, github, source, reads, time } = await withIssues(450);
    await time.advance(400_000);
    const abort = new AbortController();
    const mark = github.mark();
    const summary = await app.issues.refresh(
      { sourceId: source.id },
      { signal: abort.signal, onProgress: ({ done }) => done >= 200 && abort.abort() },
    );
    expect(summary).toMatchObject({ requested: 450, read: 200, failed: 0, skipped: 250, problems: [] });
    expect(reads(mark)).toBe(2);
    const rest = await app.issues.refresh({ projectId: "web" }, { onlyStale: true });
    expect(rest).toMatchObject({ requested: 450, fresh: 200, read: 250, requests: 3 });
    const never = await app.issues.refresh({ sourceId: source.id }, { signal: AbortSignal.abort() });
    expect(never).toMatchObject({ read: 0, skipped: 450, requests: 0, problems: [] });
  });

  test("cancelled, it gives up the request that is on its way, which is nobody's fault", async () => {
    const world = await createGitHubWorld();
    const abort = new AbortController();
    let isStanding = false;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (!isStanding) return world.github.fetch(input, init);
      return await new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        abort.abort();
      });
    };
    const { app, source } = await withIssues(3, { github: world.github, time: world.time, fetch });
    isStanding = true;
    const summary = await app.issues.refresh({ sourceId: source.id }, { signal: abort.signal });
    expect(summary).toMatchObject({ read: 0, failed: 0, skipped: 3, problems: [] });
    expect((await app.sources.get(source.id)).health.status).toBe("ok");
  });

  test("a source in trouble is asked once, whatever number of parts is left, and told of once", async () => {
    const { app, github, source } = await withIssues(1_200);
    github.faults.add({ kind: "status-before", status: 500, times: 100 });
    const told: Progress[] = [];
    const mark = github.mark();
    const summary = await app.issues.refresh(
      { sourceId: source.id },
      { onProgress: (progress) => told.push(progress) },
    );
    expect(summary).toMatchObject({ requested: 1_200, read: 0, failed: 1_200, skipped: 0 });
    expect(summary.problems).toMatchObject([{ sourceId: source.id, issues: 1_200 }]);
    expect(github.requestsSince(mark)).toHaveLength(1);
    expect(told.at(-1)).toEqual({ done: 1_200, total: 1_200, failed: 1_200 });
  });

  test("wrong options change nothing", async () => {
    const { app, github, source } = await withIssues(1);
    const mark = github.mark();
    for (const options of [{ onProgress: 1 }, { signal: {} }, { onlyStale: 1 }]) {
      const refused = app.issues.refresh({ sourceId: source.id }, options as never);
      await expect(refused).rejects.toMatchObject({ code: "invalid-input" });
    }
    expect(github.requestsSince(mark)).toEqual([]);
  });
});
