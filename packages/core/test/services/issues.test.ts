import { describe, expect, it } from "vitest";
import { createWorld, member, owner, type World } from "../support/world.ts";

const object = { type: "test-case", id: "TC-7", projectId: "web" };

async function withIssues(count: number, world: World = createWorld()) {
  const source = await world.as(owner).sources.create({
    name: "Ours",
    provider: "shelf",
    auth: { token: "t" },
    targets: [{ projectId: "web", container: "blue" }],
  });
  const inputs = Array.from({ length: count }, (_, index) => {
    world.tracker.put("blue", String(index + 1));
    return { object, sourceId: source.id, issue: `#${index + 1}`, relation: "defect" };
  });
  const outcomes = await world.as(owner).references.addMany(inputs);
  const ids = outcomes.map((outcome) => (outcome.ok ? outcome.issue.id : ""));
  world.tracker.reads.length = 0;
  await world.time.advance(1_000);
  return { world, sourceId: source.id, ids, id: ids[0] ?? "", issues: world.as(owner).issues };
}

describe("issues.refresh", () => {
  it("reads 1,000 issues with exactly 10 requests, whichever way they are named", async () => {
    const { world, sourceId, ids, issues } = await withIssues(1_000);
    const requests = [{ ids: [...ids, ...ids] }, { object }, { projectId: "web" }, { sourceId }];
    for (const request of requests) {
      world.tracker.reads.length = 0;
      expect(await issues.refresh(request)).toEqual({
        requested: 1_000,
        fresh: 0,
        read: 1_000,
        changed: 0,
        gone: 0,
        failed: 0,
        skipped: 0,
        requests: 10,
        problems: [],
      });
      expect(world.tracker.reads).toHaveLength(10);
    }
  });

  it("brings in what changed, tells, and makes the sync link of the issue due", async () => {
    const { world, sourceId, ids, id, issues } = await withIssues(3);
    const link = await world.link({ sourceId, issueId: id });
    const closed = { id: "closed", name: "Closed", category: "closed", reason: "done" } as const;
    world.tracker.put("blue", "1", { title: "New title", state: closed });
    expect(await issues.refresh({ ids })).toMatchObject({ read: 3, changed: 1 });
    expect(await issues.get(id)).toMatchObject({
      title: "New title",
      status: { name: "Closed", category: "closed", reason: "done" },
      ageMs: 0,
    });
    const [marked] = await world.storage.find({ tenantId: "acme" }, { table: "link", by: "id", keys: [[link.id]] });
    expect(marked).toMatchObject({ mark: 1, checkIssue: true });
    expect(world.events.filter(({ type }) => type === "issue-updated")).toMatchObject([{ data: { issueId: id } }]);
  });

  it("never goes back to an older version", async () => {
    const { world, id, issues } = await withIssues(1);
    const old = world.tracker.put("blue", "1", { title: "Newer", version: 5 });
    await issues.refresh({ ids: [id] });
    world.tracker.answers.set(old.remoteId, { kind: "live", issue: { ...old, title: "Older", version: 4 } });
    expect(await issues.refresh({ ids: [id] })).toMatchObject({ read: 1, changed: 0 });
    expect((await issues.get(id)).title).toBe("Newer");
  });

  it("tells deleted, moved and hidden issues apart and keeps what was known", async () => {
    const { world, ids, issues } = await withIssues(4);
    const to = { remoteId: "id-blue-2", container: "red", item: "2", raw: { node: 2 } };
    world.tracker.answers
      .set("id-blue-1", { kind: "deleted" })
      .set("id-blue-2", { kind: "moved", to })
      .set("id-blue-3", { kind: "no-access" });
    expect(await issues.refresh({ ids })).toMatchObject({ read: 4, changed: 3, gone: 3 });
    const states = await Promise.all(ids.map(async (id) => await issues.get(id)));
    expect(states.map(({ state, key, title }) => [state, key, title])).toEqual([
      ["deleted", "blue#1", "Issue 1"],
      ["moved", "red#2", "Issue 2"],
      ["no-access", "blue#3", "Issue 3"],
      ["live", "blue#4", "Issue 4"],
    ]);
    expect(world.events.filter(({ type }) => type === "issue-gone")).toHaveLength(3);
    expect(world.tracker.probes).toEqual([]);
  });

  it("does not take a lost container for hidden issues", async () => {
    const { world, ids, issues } = await withIssues(2);
    for (const remoteId of ["id-blue-1", "id-blue-2"]) world.tracker.answers.set(remoteId, { kind: "no-access" });
    world.tracker.lostContainers.add("blue");
    expect(await issues.refresh({ ids })).toMatchObject({
      read: 0,
      failed: 2,
      problems: [{ code: "tracker-forbidden", issues: 2 }],
    });
    expect(world.tracker.probes).toEqual(["blue"]);
    expect((await issues.get(ids[0] ?? "")).state).toBe("live");
    world.tracker.lostContainers.clear();
    expect(await issues.refresh({ ids })).toMatchObject({ read: 2, gone: 2 });
  });

  it("stops a source that is rate limited, until the tracker allows more", async () => {
    const { world, ids, issues } = await withIssues(250);
    world.tracker.failure = { failure: "wait", message: "Slow down", retryAfterMs: 30_000 };
    expect(await issues.refresh({ ids })).toMatchObject({
      read: 0,
      failed: 250,
      requests: 1,
      problems: [{ code: "tracker-rate-limited", retryAfterMs: 30_000 }],
    });
    world.tracker.failure = null;
    expect(await issues.refresh({ ids })).toMatchObject({ requests: 0, problems: [{ retryAfterMs: 30_000 }] });
    const { health } = (await world.as(owner).sources.list()).items[0] ?? {};
    expect(health).toMatchObject({ status: "rate-limited", reason: "Slow down" });
    await world.time.advance(30_000);
    expect(await issues.refresh({ ids })).toMatchObject({ read: 250, requests: 3 });
  });

  it("stops a source whose credential is refused, and asks for a new one", async () => {
    const { world, sourceId, ids, issues } = await withIssues(1);
    world.tracker.failure = { failure: "auth", message: "Bad credentials" };
    expect(await issues.refresh({ ids })).toMatchObject({ problems: [{ code: "tracker-unauthorized" }] });
    expect((await world.as(owner).sources.get(sourceId)).health.status).toBe("reconnect-required");
    expect(await issues.refresh({ ids })).toMatchObject({ requests: 0, problems: [{ code: "source-not-runnable" }] });
  });

  it("gives up on a tracker that does not answer in time", async () => {
    const world = createWorld();
    const { ids, issues } = await withIssues(1, world);
    const read = world.tracker.provider.read;
    if (read === undefined) throw new TypeError("the shelf tracker can be read");
    read.issues = (call) =>
      new Promise((_, reject) => call.signal.addEventListener("abort", () => reject(call.signal.reason)));
    const refreshing = issues.refresh({ ids });
    await world.time.advance(20_000);
    expect(await refreshing).toMatchObject({ failed: 1, problems: [{ code: "tracker-unavailable" }] });
    expect(world.time.sleeping).toBe(0);
  });

  it("says why a links-only source and a deleted one cannot be read", async () => {
    const { world, sourceId, ids, issues } = await withIssues(1);
    const toy = await world.as(owner).sources.create({ name: "Toy", provider: "toy", auth: null });
    const { issue } = await world
      .as(owner)
      .references.add({ object, sourceId: toy.id, issue: "a#1", relation: "defect" });
    await world.as(owner).sources.delete(sourceId);
    const { problems } = await issues.refresh({ ids: [...ids, issue.id] });
    expect(problems.map(({ code }) => code).sort()).toEqual(["capability-missing", "source-not-runnable"]);
  });

  it("reaches what the actor's projects refer to, and nothing else", async () => {
    const { world, sourceId, ids } = await withIssues(2);
    await world.as(owner).references.add({
      object: { ...object, projectId: "app", id: "A" },
      sourceId,
      issue: "blue#1",
      relation: "defect",
    });
    const app = world.as(member({ app: "member" })).issues;
    expect(await app.refresh({ ids })).toMatchObject({ requested: 1 });
    expect(await app.refresh({ sourceId })).toMatchObject({ requested: 1 });
    expect(await app.refresh({ object })).toMatchObject({ requested: 0 });
    await expect(app.refresh({ projectId: "web" })).rejects.toMatchObject({ code: "not-found" });
    await expect(app.get(ids[1] ?? "")).rejects.toMatchObject({ code: "not-found" });
    expect((await app.get(ids[0] ?? "")).key).toBe("blue#1");
    await expect(world.as(member({ app: "viewer" })).issues.refresh({ projectId: "app" })).rejects.toMatchObject({
      code: "permission-denied",
    });
    const other = world.as({ tenantId: "other", userId: "x", role: "owner" }).issues;
    expect(await other.refresh({ ids })).toMatchObject({ requested: 0 });
    await expect(other.get(ids[0] ?? "")).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("issues.get", () => {
  it("answers from the cache at once and tells when it is too old", async () => {
    const stale: unknown[] = [];
    const onStale = (what: unknown, waitUntil: unknown) => stale.push([what, waitUntil]);
    const { world, id, issues } = await withIssues(1, createWorld({ issues: { onStale } }));
    world.tracker.put("blue", "1", { title: "New" });
    await issues.get(id);
    expect(stale).toEqual([]);
    await world.time.advance(300_001);
    expect(await issues.get(id)).toMatchObject({ title: "Issue 1", ageMs: 301_001 });
    const waitUntil = () => {};
    await issues.get(id, { waitUntil });
    const what = { tenantId: "acme", issueIds: [id] };
    expect(stale).toEqual([
      [what, undefined],
      [what, waitUntil],
    ]);
    expect(world.tracker.reads).toEqual([]);
  });

  it("takes the age from the source where it says one", async () => {
    const stale: unknown[] = [];
    const { world, id, sourceId, issues } = await withIssues(
      1,
      createWorld({ issues: { onStale: (what) => stale.push(what) } }),
    );
    const { sources } = world.as(owner);
    expect(await sources.update(sourceId, { issueMaxAgeMs: 500 })).toMatchObject({ issueMaxAgeMs: 500 });
    await issues.get(id);
    expect(stale).toHaveLength(1);
    await sources.disable(sourceId);
    await issues.get(id);
    expect(stale).toHaveLength(1);
    await sources.update(sourceId, { enabled: true, issueMaxAgeMs: null });
    await issues.get(id);
    expect(stale).toHaveLength(1);
    await expect(sources.update(sourceId, { issueMaxAgeMs: -1 })).rejects.toMatchObject({ code: "invalid-input" });
  });

  it("shows no details to those who may not see the source", async () => {
    const { world, id, sourceId } = await withIssues(1);
    await world.as(owner).sources.update(sourceId, { projects: ["app"], targets: { delete: ["web"] } });
    const viewer = world.as(member({ web: "viewer" }));
    const hidden = { key: "blue#1", details: "hidden", title: null, status: null, assignees: [], labels: [] };
    expect(await viewer.issues.get(id)).toMatchObject(hidden);
    const { items } = await viewer.references.list({ object });
    expect(items).toMatchObject([{ issue: hidden }]);
    expect(await world.as(owner).issues.get(id)).toMatchObject({ details: "known", title: "Issue 1" });
    await world.as(owner).sources.delete(sourceId);
    expect(await viewer.issues.get(id)).toMatchObject({ details: "known", title: "Issue 1" });
  });
});
