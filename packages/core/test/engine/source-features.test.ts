import { describe, expect, test } from "vitest";
import type { SourceFeature } from "../../src/index.ts";
import { addGitHubSource, createGitHubWorld, poll, settle } from "../support/github-world.ts";

const repository = "acme/web";
const everything = [
  "link",
  "read",
  "search",
  "create",
  "sync-status",
  "sync-priority",
  "sync-assignee",
  "sync-comments",
  "webhooks",
] as const;
const without = (...off: SourceFeature[]) => everything.filter((feature) => !off.includes(feature));

async function withPush(features: readonly SourceFeature[] | null = null) {
  const world = await createGitHubWorld();
  const source = await addGitHubSource(world);
  await world.app.sources.update(source.id, { features });
  const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong", priority: "blocker" });
  const link = await world.app.defects.push(defect.id);
  await settle(world);
  await world.time.advance(10_000);
  return { ...world, world, source, defect, link };
}

describe("references.options", () => {
  test("leads to the tracker's page for a new issue, filled in", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const draft = { title: "Total is wrong" };
    const { sources } = await world.app.references.options({ projectId: "web", draft });
    expect(sources).toMatchObject([{ createUrl: "https://github.com/acme/web/issues/new?title=Total+is+wrong" }]);
    expect((await world.app.references.options({ projectId: "app" })).sources).toMatchObject([{ createUrl: null }]);
  });
});

describe("features of a source", () => {
  test("are everything that its provider can, unless some are chosen", async () => {
    const { app, source } = await withPush();
    expect(source.features).toEqual(everything);
    const [provider] = await app.providers.list();
    expect(provider?.features).toEqual(everything);
    expect((await app.sources.update(source.id, { features: without("create") })).features).toEqual(without("create"));
    expect((await app.sources.update(source.id, { features: null })).features).toEqual(everything);
  });

  test("need each other, and at least one of them", async () => {
    const { app, source } = await withPush();
    for (const features of [["link", "create"], ["sync-status"], [], ["fly"]]) {
      const update = app.sources.update(source.id, { features: features as SourceFeature[] });
      await expect(update).rejects.toMatchObject({
        code: "invalid-input",
        issues: [{ path: expect.arrayContaining(["features"]) }],
      });
    }
    expect((await app.sources.get(source.id)).features).toEqual(everything);
  });

  test("without `sync-status` and `sync-priority` the rest stays in step, and both catch up when they are back", async () => {
    const { app, github, world, source, defect } = await withPush(without("sync-status", "sync-priority"));
    expect(github.issue(repository, 1)?.labels).toEqual([]);
    await app.defects.update(defect.id, { title: "Total is wrong twice", status: "closed", priority: "minor" });
    await settle(world);
    expect(github.issue(repository, 1)).toMatchObject({ title: "Total is wrong twice", state: "open", labels: [] });
    github.as("lena").closeIssue(repository, 1);
    await app.defects.update(defect.id, { status: "open" });
    await poll(world);
    expect(await app.defects.get(defect.id)).toMatchObject({ status: "open" });
    expect(github.issue(repository, 1)?.state).toBe("closed");

    await app.sources.update(source.id, { features: null });
    await poll(world);
    // Switching on sends and applies nothing by itself; the next change does.
    await app.defects.update(defect.id, { priority: "critical" });
    await poll(world);
    expect(github.issue(repository, 1)?.labels).toEqual(["priority:high"]);
  });

  test("a field that was off since a link began is compared for the first time when it comes on", async () => {
    const { app, github, world, source, defect } = await withPush(without("sync-status"));
    await app.defects.update(defect.id, { status: "closed" });
    await poll(world);
    await app.sources.update(source.id, { features: null });
    await poll(world, 2);
    expect((await app.defects.get(defect.id)).status).toBe("open");
    expect(github.issue(repository, 1)?.state).toBe("open");
    expect((await app.activity.list({ types: ["conflict-recorded"] })).items).toMatchObject([
      { defectId: defect.id, data: { field: "status", local: "closed", remote: "open", winner: "remote" } },
    ]);
  });

  test("without `sync-comments` no comment is read or sent; both sides' come when it is back", async () => {
    const { app, github, world, source, defect } = await withPush(without("sync-comments"));
    await app.comments.add({ defectId: defect.id, body: "From the host" });
    github.as("lena").comment(repository, 1, "From GitHub");
    await poll(world);
    expect(github.issue(repository, 1)?.comments).toHaveLength(1);
    expect((await app.comments.list({ defectId: defect.id })).items).toHaveLength(1);

    await app.sources.update(source.id, { features: null });
    await poll(world);
    expect(github.issue(repository, 1)?.comments).toHaveLength(2);
    expect((await app.comments.list({ defectId: defect.id })).items).toHaveLength(2);
  });

  test("without `create` nothing new is pushed, while links and attached issues live", async () => {
    const { app, github, world, source, defect } = await withPush();
    await app.sources.update(source.id, { features: without("create") });
    const other = await app.defects.create({ projectId: "web", title: "Another" });
    await expect(app.defects.push(other.id)).rejects.toMatchObject({
      code: "capability-missing",
      message: expect.stringContaining("switched off"),
    });
    await app.defects.update(defect.id, { title: "Still in step" });
    await settle(world);
    expect(github.issue(repository, 1)?.title).toBe("Still in step");
    github.as("lena").createIssue(repository, { title: "By hand" });
    const attached = await app.defects.attach(other.id, { sourceId: source.id, issue: "#2" });
    expect(attached.issue?.key).toBe("acme/web#2");
  });

  test("a create in doubt is found and adopted after `create` was switched off", async () => {
    const { app, github, world, source } = await withPush();
    github.faults.add({ kind: "lost-after", match: { method: "POST", operation: "/repos/{owner}/{repo}/issues" } });
    const defect = await app.defects.create({ projectId: "web", title: "In doubt" });
    const pushed = await app.defects.push(defect.id, { waitMs: 0 });
    await app.sources.update(source.id, { features: without("create") });
    await settle(world);
    await poll(world, 2);
    expect(await app.defects.link(pushed.id)).toMatchObject({ status: "synced", issue: { key: "acme/web#2" } });
    expect(github.issues(repository)).toHaveLength(2);
  });

  test("without `link` no references are made, and the source is not offered; those that are there stay", async () => {
    const { app, source } = await withPush();
    const object = { type: "test-case", id: "TC-7", projectId: "web" };
    const link = () => app.references.add({ object, issue: "acme/web#1", relation: "relates-to" });
    const { reference } = await link();
    await app.sources.update(source.id, { features: without("link") });
    expect((await app.references.options({ projectId: "web" })).sources).toEqual([]);
    await expect(link()).rejects.toMatchObject({ code: "capability-missing", data: { sourceId: source.id } });
    expect((await app.references.get(reference.id)).issue.title).toBe("Total is wrong");
  });

  test("without `read` links show key and URL, and nothing is ever asked", async () => {
    const world = await createGitHubWorld();
    const { app, github } = world;
    const source = await addGitHubSource(world);
    await app.sources.update(source.id, { features: ["link"] });
    github.as("lena").createIssue(repository, { title: "Secret plans" });
    const object = { type: "milestone", id: "M-1", projectId: "web" };
    const mark = github.mark();
    const { issue } = await app.references.add({ object, issue: "#1", relation: "relates-to" });
    expect(issue).toMatchObject({ key: "acme/web#1", details: "unread", title: null });
    await poll(world, 2);
    const { problems } = await app.issues.refresh({ object });
    expect(problems).toMatchObject([{ code: "capability-missing", message: expect.stringContaining('"read"') }]);
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
    await expect(app.defects.attach(defect.id, { sourceId: source.id, issue: "#1" })).rejects.toMatchObject({
      code: "capability-missing",
      message: expect.stringContaining('"read" is not among the features'),
    });
    expect(github.requestsSince(mark)).toEqual([]);
    await app.sources.update(source.id, { features: null });
    expect(await app.issues.refresh({ object })).toMatchObject({ read: 1, failed: 0 });
    await poll(world);
    expect(github.requestsSince(mark).length).toBeGreaterThan(1);
  });

  test("`read` stays while links live", async () => {
    const { app, source, link } = await withPush();
    const update = () => app.sources.update(source.id, { features: ["link"] });
    await expect(update()).rejects.toMatchObject({ code: "source-in-use" });
    await app.defects.detach(link.id);
    expect((await update()).features).toEqual(["link"]);
  });

  test("without `webhooks` deliveries are acknowledged and change nothing; none can be registered", async () => {
    const limits = { pollIntervalMs: 86_400_000, sweepIntervalMs: 864_000_000 };
    const world = await createGitHubWorld({ limits });
    const { app, github, backref } = world;
    const source = await addGitHubSource(world);
    await app.sources.registerWebhooks(source.id, { url: "https://host.example.com/hook" });
    const { endpoint } = await app.sources.webhook(source.id);
    const object = { type: "test-case", id: "TC-7", projectId: "web" };
    github.as("lena").createIssue(repository, { title: "Old" });
    const { issue } = await app.references.add({ object, issue: "#1", relation: "relates-to" });
    await app.sources.update(source.id, { features: without("webhooks") });
    github.as("lena").editIssue(repository, 1, { title: "New" });
    const statuses: number[] = [];
    while (github.webhooks.pending.length > 0) {
      const { url, headers, body } = github.webhooks.drop();
      const request = (signed: Record<string, string>) => new Request(url, { method: "POST", headers: signed, body });
      statuses.push((await backref.webhooks.handle(request({ ...headers }), { endpoint })).status);
      const forged = { ...headers, "x-hub-signature-256": `sha256=${"0".repeat(64)}` };
      expect((await backref.webhooks.handle(request(forged), { endpoint })).status).toBe(401);
    }
    expect(new Set(statuses)).toEqual(new Set([202]));
    expect((await app.issues.get(issue.id)).title).toBe("Old");
    const url = "https://host.example.com/hook";
    const refusal = { code: "capability-missing", message: expect.stringContaining('add "webhooks" to its features') };
    await expect(app.sources.registerWebhooks(source.id, { url })).rejects.toMatchObject(refusal);
    await expect(app.sources.redeliverWebhooks(source.id)).rejects.toMatchObject(refusal);
  });
});
