import { describe, expect, test } from "vitest";
import { createWorld, project } from "./world.ts";

const first = `${project}#1`;
const issues = "/projects/{id}/issues";

describe("the main job on GitLab", () => {
  test("pushes a defect, and both sides follow each other", async () => {
    const world = await createWorld();
    const { app, gitlab } = world;
    expect(await app.sources.test(world.source.id)).toMatchObject({ ok: true, problems: [], scopes: ["api"] });
    const defect = await app.defects.create({
      projectId: "web",
      title: "Total is wrong",
      description: "Steps",
      priority: "critical",
    });
    const link = await app.defects.push(defect.id);
    expect(world.errors).toEqual([]);
    expect(link).toMatchObject({ status: "synced", issue: { key: first } });
    expect(link.issue?.url).toBe(`https://gitlab.com/${project}/-/issues/1`);
    expect(gitlab.issue(first)).toMatchObject({ title: "Total is wrong", labels: ["priority:high"], state: "opened" });
    expect(gitlab.labels(project)).toContainEqual({
      name: "priority:high",
      color: expect.stringMatching(/^#[\da-f]{6}$/),
    });

    gitlab.as("lena").editIssue(first, { labels: ["priority:high", "area:checkout"] });
    await app.defects.update(defect.id, { status: "closed", priority: "blocker" });
    await world.settle();
    expect(gitlab.issue(first)).toMatchObject({ state: "closed", labels: ["area:checkout", "priority:critical"] });

    gitlab.as("lena").editIssue(first, { state: "opened", title: "Total is wrong with a voucher" });
    gitlab.as("lena").note(first, "Not to be fixed");
    gitlab.as("lena").note(first, "They must not read this", { internal: true });
    await world.poll();
    expect(await app.defects.get(defect.id)).toMatchObject({ title: "Total is wrong with a voucher", status: "open" });
    expect((await app.comments.list({ defectId: defect.id })).items).toMatchObject([
      { body: "Not to be fixed", origin: "tracker" },
    ]);

    await app.comments.add({ defectId: defect.id, body: "Agreed" });
    await world.settle();
    expect(gitlab.issue(first)?.notes).toHaveLength(3);
    expect((await app.defects.links(defect.id)).map(({ status }) => status)).toEqual(["synced"]);
    const quiet = gitlab.mark();
    await world.settle();
    expect(world.operationsSince(quiet)).toEqual([]);
    expect([world.errors, gitlab.violations]).toEqual([[], []]);
  });

  test("commands, names and numbers in synced text do nothing, and code stays as it is", async () => {
    const world = await createWorld();
    const { app, gitlab } = world;
    gitlab.as("lena").createIssue(project, { title: "Bystander" });
    const description = "/close\n/assign @lena\nSee #1 and @max.\n\n```\n/close #1 @max\n```\n\n~~~\n/label ~bug\n~~~";
    const defect = await app.defects.create({ projectId: "web", title: "/close", description });
    await app.defects.push(defect.id);
    await app.comments.add({ defectId: defect.id, body: "/close\n\nCould not run\n/title Gone" });
    await world.settle();
    const issue = gitlab.issue(`${project}#2`);
    expect(issue).toMatchObject({ title: "/close", state: "opened", labels: [], assignees: [] });
    expect(issue?.description).toContain("```\n/close #1 @max\n```");
    expect(issue?.notes).toHaveLength(1);
    expect(gitlab.notifications).toEqual([]);
    expect(gitlab.issue(first)?.systemNotes).toEqual([]);

    gitlab.as("lena").editIssue(`${project}#2`, { title: "Renamed" });
    await world.poll();
    expect(await app.defects.get(defect.id)).toMatchObject({ title: "Renamed", description, status: "open" });
    expect((await app.defects.links(defect.id)).map(({ status }) => status)).toEqual(["synced"]);
  });

  test("learns from deliveries what happened, and follows an issue to another project", async () => {
    const world = await createWorld();
    const { app, gitlab } = world;
    const url = `https://host.example/hooks/${world.endpoint}`;
    const [hook] = await app.sources.registerWebhooks(world.source.id, { url });
    const events = ["issues_events", "confidential_issues_events", "note_events", "confidential_note_events"];
    expect(gitlab.hooks).toMatchObject([{ id: Number(hook?.hookId), url, events }]);
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
    await app.defects.push(defect.id);
    await gitlab.settle();
    await world.settle();

    gitlab.webhooks.times = "utc";
    gitlab.as("lena").note(first, "Looking at it");
    gitlab.as("lena").editIssue(first, { title: "Total", confidential: true });
    await gitlab.settle();
    await world.settle();
    expect(await app.defects.get(defect.id)).toMatchObject({ title: "Total" });
    expect((await app.comments.list({ defectId: defect.id })).items).toHaveLength(1);

    gitlab.as("lena").moveIssue(first, "other/tools");
    await gitlab.settle();
    await world.settle();
    const [link] = await app.defects.links(defect.id);
    expect(link).toMatchObject({ status: "synced", issue: { key: "other/tools#1" } });
    expect(await app.defects.get(defect.id)).toMatchObject({ status: "open" });
    gitlab.as("lena").editIssue("other/tools#1", { title: "Total, moved" });
    await world.poll();
    expect(await app.defects.get(defect.id)).toMatchObject({ title: "Total, moved" });
    expect([world.errors, gitlab.violations]).toEqual([[], []]);
  });

  test("follows a move that only a poll tells of, also of an issue that was closed before", async () => {
    const world = await createWorld();
    const { app, gitlab } = world;
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", status: "closed" });
    await app.defects.push(defect.id);
    await world.poll();
    expect(gitlab.issue(first)?.state).toBe("closed");
    gitlab.as("lena").moveIssue(first, "acme/shop/api");
    await world.poll();
    const [link] = await app.defects.links(defect.id);
    expect(link).toMatchObject({ status: "synced", issue: { key: "acme/shop/api#1" } });
  });

  test("follows a project that gets another path", async () => {
    const world = await createWorld();
    const { app, gitlab } = world;
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
    await app.defects.push(defect.id);
    gitlab.renameProject(project, "acme/shop/site");
    await app.defects.update(defect.id, { title: "Total is wrong again" });
    await world.poll();
    expect(gitlab.issue("acme/shop/site#1")?.title).toBe("Total is wrong again");
    const [link] = await app.defects.links(defect.id);
    expect(link).toMatchObject({ status: "synced", issue: { key: "acme/shop/site#1" } });
  });
});

describe("one issue, whatever happens", () => {
  test("an answer that is lost twice makes no second one", async () => {
    const world = await createWorld();
    const { app, gitlab } = world;
    gitlab.faults.add({ kind: "lost-after", match: { method: "POST", operation: issues } });
    gitlab.faults.add({ kind: "lost-after", match: { method: "GET", operation: issues } });
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
    await app.defects.push(defect.id, { waitMs: 0 });
    await world.settle();
    await world.poll();
    expect(gitlab.issues(project)).toHaveLength(1);
    expect((await app.defects.links(defect.id)).map(({ status }) => status)).toEqual(["synced"]);
    expect(world.operationsSince(0).filter((operation) => operation === `POST ${issues}`)).toHaveLength(1);
  });
});

describe("what it costs", () => {
  test("a push is one request, a change one read and one write, an idle poll one", async () => {
    const world = await createWorld();
    const { app, gitlab } = world;
    await app.defects.push((await app.defects.create({ projectId: "web", title: "First" })).id);
    const { id } = await app.defects.create({ projectId: "web", title: "Second" });
    const pushed = gitlab.mark();
    await app.defects.push(id);
    expect(world.operationsSince(pushed)).toEqual([`POST ${issues}`]);
    await world.poll();
    const changed = gitlab.mark();
    await world.time.advance(10_000);
    await app.defects.update(id, { title: "Second, changed", status: "closed", priority: "major" });
    await world.settle();
    expect(world.operationsSince(changed).filter((operation) => !operation.endsWith("/labels"))).toEqual([
      `GET ${issues}`,
      `PUT ${issues}/{issue_iid}`,
    ]);
    await world.poll();
    const idle = gitlab.mark();
    await world.poll();
    expect(world.operationsSince(idle)).toEqual([`GET ${issues}`]);
  });
});
