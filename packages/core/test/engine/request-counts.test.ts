import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, settle } from "../support/github-world.ts";

async function pushed(world: GitHubWorld, count: number) {
  const { app } = world;
  const defects = [];
  for (let index = 0; index < count; index += 1) {
    defects.push(await app.defects.create({ projectId: "web", title: `Defect ${index}`, priority: "major" }));
  }
  for (const defect of defects) await app.defects.push(defect.id);
  return defects;
}

const list = (world: GitHubWorld, mark: number) =>
  world.github.requestsSince(mark).map((request) => `${request.method} ${request.operation} ${request.status}`);

describe("remote requests, counted at the tracker", () => {
  test("a push costs one request once the account and the labels are known", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    await pushed(world, 1);
    const mark = world.github.mark();
    await pushed(world, 20);
    expect(list(world, mark)).toEqual(Array(20).fill("POST /repos/{owner}/{repo}/issues 201"));
  });

  test("a defect that is not in the tracker's initial state costs one more", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    await pushed(world, 1);
    const mark = world.github.mark();
    const defect = await world.app.defects.create({ projectId: "web", title: "Old", status: "closed" });
    expect(await world.app.defects.push(defect.id)).toMatchObject({ status: "synced" });
    expect(list(world, mark)).toEqual([
      "POST /repos/{owner}/{repo}/issues 201",
      "PATCH /repos/{owner}/{repo}/issues/{issue_number} 200",
    ]);
    expect(world.github.issue("acme/web", 2)?.state).toBe("closed");
  });

  test("pushed twice, also at once from two processes: the same link and nothing more", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    await pushed(world, 1);
    const other = await createGitHubWorld({ time: world.time, github: world.github, storage: world.storage, seed: 7 });
    const defect = await world.app.defects.create({ projectId: "web", title: "Once" });
    const mark = world.github.mark();
    const pushes = [
      world.app.defects.push(defect.id),
      other.app.defects.push(defect.id),
      world.app.defects.push(defect.id),
      other.app.defects.push(defect.id),
    ];
    for (let step = 0; step < 20; step += 1) await world.time.advance(100);
    const links = await Promise.all(pushes);
    expect(new Set(links.map((link) => link.id)).size).toBe(1);
    expect(links.map((link) => link.badge?.text)).toEqual(["#2", "#2", "#2", "#2"]);
    expect(await world.app.defects.push(defect.id)).toMatchObject({ status: "synced", badge: { text: "#2" } });
    expect(list(world, mark)).toEqual(["POST /repos/{owner}/{repo}/issues 201"]);
  });

  test("a connection that drops after the tracker committed, twice in a row, makes one issue", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    await pushed(world, 1);
    const { app, github, time } = world;
    const defect = await app.defects.create({ projectId: "web", title: "In doubt" });
    github.faults.add({ kind: "lost-after", match: { method: "POST", operation: "/repos/{owner}/{repo}/issues" } });
    github.faults.add({ kind: "lost-after", match: { method: "GET", operation: "/repos/{owner}/{repo}/issues" } });
    const push = app.defects.push(defect.id);
    await time.advance(20_000);
    const first = await push;
    expect(["synced", "outcome-unknown", "retrying"]).toContain(first.status);
    await settle(world, 30_000);
    expect(await app.defects.push(defect.id)).toMatchObject({ status: "synced", badge: { text: "#2" } });
    expect(github.issues("acme/web").map((issue) => issue.title)).toEqual(["Defect 0", "In doubt"]);
  });

  test("one changed field costs one read and one write; edits before the pass count as one", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const [defect] = await pushed(world, 1);
    await world.time.advance(5_000);
    await settle(world);
    const mark = world.github.mark();
    for (const title of ["One", "Two", "Three"]) await world.app.defects.update(defect?.id ?? "", { title });
    await settle(world);
    expect(list(world, mark)).toEqual(["POST graphql 200", "PATCH /repos/{owner}/{repo}/issues/{issue_number} 200"]);
    expect(world.github.issue("acme/web", 1)?.title).toBe("Three");
  });

  test("a webhook that changes nothing costs nothing; a real one is shared in a burst", async () => {
    const world = await createGitHubWorld();
    const { app, github, backref, time } = world;
    const source = await addGitHubSource(world);
    await app.sources.registerWebhooks(source.id, { url: "https://host.example.com/hook" });
    const { endpoint } = await app.sources.webhook(source.id);
    await settle(world);
    const deliver = async () => {
      const answers: number[] = [];
      while (github.webhooks.pending.length > 0) {
        const [delivery] = github.webhooks.pending;
        if (delivery === undefined) break;
        const request = new Request(delivery.url, { method: "POST", headers: delivery.headers, body: delivery.body });
        github.webhooks.drop();
        answers.push((await backref.webhooks.handle(request, { endpoint })).status);
      }
      return answers;
    };
    await deliver();
    const [defect] = await pushed(world, 1);
    await time.advance(2_000);
    let mark = github.mark();
    expect((await deliver()).every((status) => status === 202)).toBe(true);
    await settle(world);
    expect(list(world, mark)).toEqual([]);

    github.as("lena").editIssue("acme/web", 1, { title: "A" });
    github.as("lena").editIssue("acme/web", 1, { title: "B" });
    github.as("lena").closeIssue("acme/web", 1);
    mark = github.mark();
    await deliver();
    await settle(world);
    expect(list(world, mark)).toEqual(["POST graphql 200"]);
    expect(await app.defects.get(defect?.id ?? "")).toMatchObject({ title: "B", status: "closed" });
  });

  test("an idle poll is answered with 304 only", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    await pushed(world, 3);
    for (let poll = 0; poll < 3; poll += 1) {
      await world.time.advance(61_000);
      await settle(world);
    }
    const mark = world.github.mark();
    for (let poll = 0; poll < 5; poll += 1) {
      await world.time.advance(61_000);
      await settle(world);
    }
    const statuses = world.github.requestsSince(mark).map((request) => request.status);
    expect(statuses.length).toBeGreaterThanOrEqual(10);
    expect(new Set(statuses)).toEqual(new Set([304]));
  });

  test("1,000 issues are refreshed with 10 requests", async () => {
    const world = await createGitHubWorld();
    const { app, github } = world;
    const source = await addGitHubSource(world);
    for (let number = 1; number <= 1_000; number += 1) {
      github.as("lena").createIssue("acme/web", { title: `Issue ${number}` });
    }
    const added = await app.references.addMany(
      Array.from({ length: 1_000 }, (_, index) => ({
        object: { type: "test-case", id: `TC-${index}`, projectId: "web" },
        sourceId: source.id,
        issue: `#${index + 1}`,
        relation: "relates-to",
      })),
    );
    expect(added.every((outcome) => outcome.ok)).toBe(true);
    const mark = github.mark();
    const summary = await app.issues.refresh({ sourceId: source.id });
    expect(summary).toMatchObject({ requested: 1_000, failed: 0 });
    expect(github.requestsSince(mark)).toHaveLength(10);
  });
});
