import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, poll, settle } from "../support/github-world.ts";

const commentPost = { method: "POST", operation: "/repos/{owner}/{repo}/issues/{issue_number}/comments" } as const;
const issuePatch = { method: "PATCH", operation: "/repos/{owner}/{repo}/issues/{issue_number}" } as const;
const issuePost = { method: "POST", operation: "/repos/{owner}/{repo}/issues" } as const;

async function pushed(world: GitHubWorld, fields: { readonly description?: string } = {}) {
  const source = await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Start", description: "Steps", ...fields });
  const link = await world.app.defects.push(defect.id);
  await poll(world);
  return { source, defect, link };
}

const remoteComments = (world: GitHubWorld) => world.github.issue("acme/web", 1)?.comments.map((one) => one.body) ?? [];

describe("comments in doubt", () => {
  test("a comment whose request was lost on the way arrives after the grace period, and nothing says synced before", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await pushed(world);
    world.github.faults.add({ kind: "lost-before", match: commentPost });
    await world.app.comments.add({ defectId: defect.id, body: "Do not lose me" });
    await settle(world);
    const { status } = await world.app.defects.link(link.id);
    await poll(world, 13);
    expect({ arrived: remoteComments(world).length, statusInDoubt: status }).toEqual({
      arrived: 1,
      statusInDoubt: expect.not.stringMatching("synced"),
    });
  });

  test("the cautious never send a comment twice", async () => {
    const world = await createGitHubWorld({ limits: { createInDoubt: "wait" } });
    const { defect, link } = await pushed(world);
    world.github.faults.add({ kind: "lost-before", match: commentPost });
    await world.app.comments.add({ defectId: defect.id, body: "Perhaps" });
    await poll(world, 13);
    expect(remoteComments(world)).toEqual([]);
    expect((await world.app.defects.link(link.id)).status).toBe("retrying");
  });

  test("an edit made while a comment's create is in doubt goes out once the comment is found", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await pushed(world);
    world.github.faults.add({ kind: "lost-after", match: commentPost });
    const comment = await world.app.comments.add({ defectId: defect.id, body: "First words" });
    await world.backref.sync.run({ maxMs: 0 });
    await world.app.comments.update(comment.id, { body: "Second words" });
    await settle(world);
    await poll(world, 3);
    expect({ body: remoteComments(world).join(), status: (await world.app.defects.link(link.id)).status }).toEqual({
      body: expect.stringContaining("Second words"),
      status: "synced",
    });
  });

  test("a deletion made while a comment's create is in doubt goes out once the comment is found", async () => {
    const world = await createGitHubWorld();
    const { defect } = await pushed(world);
    world.github.faults.add({ kind: "lost-after", match: commentPost });
    const comment = await world.app.comments.add({ defectId: defect.id, body: "Oops" });
    await world.backref.sync.run({ maxMs: 0 });
    await world.app.comments.delete(comment.id);
    await settle(world);
    await poll(world, 3);
    expect(remoteComments(world)).toEqual([]);
  });

  test("a comment in doubt is looked for at growing intervals, never in a tight loop", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await pushed(world);
    world.github.faults.add({ kind: "lost-before", match: commentPost });
    await world.app.comments.add({ defectId: defect.id, body: "Do not lose me" });
    await world.backref.sync.run({ maxMs: 0 });
    await world.app.defects.retry(link.id);
    const mark = world.github.mark();
    for (let pass = 0; pass < 40; pass += 1) await world.backref.sync.run({ maxMs: 0 });
    expect(world.github.requestsSince(mark).length).toBeLessThan(10);
  });

  test("an old list under the same second does not undo our own edit of a comment", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await pushed(world);
    const comment = await world.app.comments.add({ defectId: defect.id, body: "Old" });
    await settle(world, 50);
    await world.time.advance(100);
    await world.app.comments.update(comment.id, { body: "New" });
    await settle(world, 50);
    expect(remoteComments(world).join()).toContain("New");
    await world.time.advance(100);
    world.github.faults.add({
      kind: "stale",
      ms: 150,
      match: { method: "GET", operation: commentPost.operation },
      times: 1,
    });
    await world.app.defects.retry(link.id);
    await world.backref.sync.run({ maxMs: 0 });
    expect(world.github.faults.pending()).toEqual([]);
    const [local] = (await world.app.comments.list({ defectId: defect.id })).items;
    expect(local?.body).toBe("New");
  });

  test("a late edit of a comment does not come back over a newer one", async () => {
    const world = await createGitHubWorld();
    const { defect } = await pushed(world);
    const comment = await world.app.comments.add({ defectId: defect.id, body: "One" });
    await poll(world);
    world.github.faults.add({
      kind: "late",
      ms: 50_000,
      match: { method: "PATCH", operation: "/repos/{owner}/{repo}/issues/comments/{comment_id}" },
    });
    await world.app.comments.update(comment.id, { body: "Two" });
    await settle(world);
    await world.time.advance(5_000);
    await world.app.comments.update(comment.id, { body: "Three" });
    await settle(world);
    await poll(world, 4);
    const [local] = (await world.app.comments.list({ defectId: defect.id })).items;
    expect(local?.body).toBe("Three");
  });
});

describe("mapping", () => {
  test("a change of the mapping swallows no later change at the tracker", async () => {
    const world = await createGitHubWorld();
    const { source, defect, link } = await pushed(world);
    await world.app.sources.update(source.id, { mapping: { fields: { title: { conflict: "manual" } } } });
    await poll(world);
    world.github.as("lena").closeIssue("acme/web", 1);
    await poll(world, 2);
    expect({
      local: (await world.app.defects.get(defect.id)).status,
      link: (await world.app.defects.link(link.id)).status,
    }).toEqual({ local: "closed", link: "synced" });
  });
});

describe("create in doubt", () => {
  test("an issue that a person closed before we found it again stays closed", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
    world.github.faults.add({ kind: "late", ms: 3_000, match: issuePost });
    const pushing = world.app.defects.push(defect.id, { waitMs: 0 });
    // It appears, and a person closes it before the next look.
    for (let ms = 0; ms < 4_000 && world.github.issue("acme/web", 1) === null; ms += 100) await world.time.advance(100);
    world.github.as("lena").closeIssue("acme/web", 1);
    await pushing;
    await poll(world, 3);
    expect({
      remote: world.github.issue("acme/web", 1)?.state,
      local: (await world.app.defects.get(defect.id)).status,
    }).toEqual({ remote: "closed", local: "closed" });
  });

  test("the lookup survives that a person attached the new issue to another defect meanwhile", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
    const other = await world.app.defects.create({ projectId: "web", title: "Other" });
    world.github.faults.add({ kind: "late", ms: 3_000, match: issuePost });
    const pushing = world.app.defects.push(defect.id, { waitMs: 0 });
    for (let ms = 0; ms < 4_000 && world.github.issue("acme/web", 1) === null; ms += 100) await world.time.advance(100);
    await world.app.defects.attach(other.id, { sourceId: source.id, issue: "#1" }).catch(() => {});
    await pushing;
    await poll(world, 3);
    const [link] = await world.app.defects.links(defect.id);
    expect({ status: link?.status, unexpected: link?.message?.includes("Unexpected") }).toEqual({
      status: "blocked",
      unexpected: false,
    });
  });
});

describe("the status tells the truth", () => {
  test("a refused value that is taken back leaves nothing to complain about", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await pushed(world);
    world.github.faults.add({ kind: "drop-fields", fields: ["title"], match: issuePatch });
    await world.app.defects.update(defect.id, { title: "Refused" });
    await settle(world);
    expect((await world.app.defects.link(link.id)).status).toBe("partial");
    await world.app.defects.update(defect.id, { title: "Start" });
    await poll(world, 2);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced", refused: [] });
  });
});

describe("writes that arrive late", () => {
  test("an attempt that arrives after its repetition does not come back over a newer local edit", async () => {
    const world = await createGitHubWorld();
    const { defect } = await pushed(world);
    world.github.faults.add({ kind: "late", ms: 100_000, match: issuePatch });
    await world.app.defects.update(defect.id, { title: "Two" });
    await settle(world);
    expect(world.github.issue("acme/web", 1)?.title).toBe("Two");
    await world.time.advance(5_000);
    await world.app.defects.update(defect.id, { description: "An edit that looks at the issue" });
    await settle(world);
    await world.time.advance(5_000);
    await world.app.defects.update(defect.id, { title: "Three" });
    await settle(world);
    expect(world.github.issue("acme/web", 1)?.title).toBe("Three");
    await poll(world, 4);
    expect({
      local: (await world.app.defects.get(defect.id)).title,
      remote: world.github.issue("acme/web", 1)?.title,
    }).toEqual({ local: "Three", remote: "Three" });
  });
});

describe("detach", () => {
  test("nothing is created after a detach, even if a pass had begun", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
    world.github.faults.add({ kind: "delay", ms: 2_000, match: { method: "GET" }, times: 5 });
    const pushing = world.app.defects.push(defect.id, { waitMs: 0 });
    await world.time.advance(500);
    const link = await pushing;
    await world.app.defects.detach(link.id);
    for (let turn = 0; turn < 20; turn += 1) await world.time.advance(1_000);
    expect(world.github.issues("acme/web")).toEqual([]);
  });

  test("nothing is written after a detach, even if a pass had begun", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await pushed(world);
    world.github.faults.add({ kind: "delay", ms: 2_000, match: { operation: "graphql" } });
    await world.app.defects.update(defect.id, { title: "After" });
    const pass = world.backref.sync.run({ maxMs: 0 });
    await world.time.advance(500);
    await world.app.defects.detach(link.id);
    for (let turn = 0; turn < 20; turn += 1) await world.time.advance(1_000);
    await pass;
    expect(world.github.issue("acme/web", 1)?.title).toBe("Start");
  });

  test("re-attaching an issue that another defect has taken says so", async () => {
    const world = await createGitHubWorld();
    const { source, defect, link } = await pushed(world);
    await world.app.defects.detach(link.id);
    const other = await world.app.defects.create({ projectId: "web", title: "Other" });
    await world.app.defects.attach(other.id, { sourceId: source.id, issue: "#1" });
    await expect(world.app.defects.push(defect.id, { afterDetach: "reattach" })).rejects.toMatchObject({
      code: "issue-already-linked",
    });
  });
});

describe("a broken item, link or tracker", () => {
  test("a text that cannot be stored holds up neither the poll nor the other links", async () => {
    const world = await createGitHubWorld();
    const { link } = await pushed(world);
    const second = await world.app.defects.create({ projectId: "web", title: "Second" });
    const secondLink = await world.app.defects.push(second.id);
    await poll(world);
    world.github.as("lena").editIssue("acme/web", 1, { body: "a\0b" });
    world.github.as("lena").editIssue("acme/web", 2, { title: "Healthy" });
    await poll(world, 3);
    expect({
      title: (await world.app.defects.get(second.id)).title,
      status: (await world.app.defects.link(secondLink.id)).status,
      bad: (await world.app.defects.link(link.id)).status,
    }).toMatchObject({ title: "Healthy", status: "synced" });
  });

  test("a tracker that is down is polled at growing intervals", async () => {
    const world = await createGitHubWorld();
    await pushed(world);
    world.github.faults.add({ kind: "status-before", status: 503, times: 100_000 });
    const mark = world.github.mark();
    const until = world.time.now() + 600_000;
    while (world.time.now() < until) {
      const { nextDueAt } = await world.backref.sync.run({ maxMs: 0 });
      await world.time.advance(Math.max(1, Math.min(nextDueAt ?? until, until) - world.time.now()));
    }
    expect(world.github.requestsSince(mark).length).toBeLessThan(60);
  });

  test("one unreachable container does not make the source's health flap", async () => {
    const world = await createGitHubWorld({ repositories: ["acme/web", "acme/api"] });
    const source = await addGitHubSource(world);
    await world.app.sources.update(source.id, { targets: { upsert: [{ projectId: "api", container: "acme/lost" }] } });
    for (let time = 0; time < 10; time += 1) await poll(world);
    const { items } = await world.app.activity.list({ sourceId: source.id, limit: 100 });
    expect(items.filter((item) => item.type === "source-health-changed").length).toBeLessThan(3);
  });

  test("a request that is never answered does not hold a worker for ever", async () => {
    const world = await createGitHubWorld();
    const { defect } = await pushed(world);
    world.github.faults.add({ kind: "delay", ms: 3_600_000, match: { operation: "graphql" } });
    await world.app.defects.update(defect.id, { title: "After" });
    let isDone = false;
    void world.backref.sync.run({ maxMs: 0 }).then(() => {
      isDone = true;
    });
    await world.time.advance(120_000);
    expect(isDone).toBe(true);
  });
});

describe("text", () => {
  test("text beside a damaged block is never lost", async () => {
    const world = await createGitHubWorld();
    const { defect } = await pushed(world);
    const body = world.github.issue("acme/web", 1)?.body ?? "";
    const damaged = body.replace(/<!-- \/backref:[^>]*-->/, "Written below the block");
    world.github.as("lena").editIssue("acme/web", 1, { body: damaged });
    await poll(world);
    const { description } = await world.app.defects.get(defect.id);
    expect(description).toContain("Written below the block");
    await world.app.defects.update(defect.id, { description: `${description}\n\nMore` });
    await poll(world, 2);
    expect((await world.app.defects.get(defect.id)).description).toContain("Written below the block");
    expect((await world.app.defects.get(defect.id)).description).toContain("More");
  });
});

describe("moves and access", () => {
  test("an issue that is transferred is followed to its new place by itself", async () => {
    const world = await createGitHubWorld({ repositories: ["acme/web", "acme/api"] });
    const { link } = await pushed(world);
    const moved = world.github.transferIssue("acme/web", 1, "acme/api");
    await world.app.defects.retry(link.id);
    await settle(world);
    await poll(world, 3);
    expect(await world.app.defects.link(link.id)).toMatchObject({
      status: "synced",
      issue: { container: "acme/api", key: `acme/api#${moved.number}` },
    });
  });

  test("an issue that is referred to at its new place already is one issue, not a loop", async () => {
    const world = await createGitHubWorld({ repositories: ["acme/web", "acme/api"] });
    const { link, source } = await pushed(world);
    const moved = world.github.transferIssue("acme/web", 1, "acme/api");
    const { reference } = await world.app.references.add({
      object: { type: "test-case", id: "TC-1", projectId: "web" },
      sourceId: source.id,
      issue: `acme/api#${moved.number}`,
      relation: "defect",
    });
    await world.app.defects.retry(link.id);
    await settle(world);
    const { issue, status } = await world.app.defects.link(link.id);
    expect({ status, key: issue?.key }).toEqual({ status: "synced", key: `acme/api#${moved.number}` });
    const [found] = (await world.app.references.list({ object: { type: "test-case", id: "TC-1" } })).items;
    expect({ id: found?.id, issueId: found?.issue.id }).toEqual({ id: reference.id, issueId: issue?.id });
  });

  test("links follow a repository that is renamed", async () => {
    const world = await createGitHubWorld();
    const { link, defect } = await pushed(world);
    world.github.changeRepository("acme/web", { name: "acme/site" });
    world.github.as("lena").editIssue("acme/site", 1, { title: "Renamed" });
    await world.app.defects.retry(link.id);
    await settle(world);
    await poll(world, 3);
    expect({
      status: (await world.app.defects.link(link.id)).status,
      title: (await world.app.defects.get(defect.id)).title,
    }).toEqual({ status: "synced", title: "Renamed" });
  });
});

describe("hints and stale reads", () => {
  test("a read older than the hint that asked for it is not believed", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await pushed(world);
    await world.time.advance(60_000);
    world.github.as("lena").closeIssue("acme/web", 1);
    world.github.faults.add({ kind: "stale", ms: 900, match: { operation: "graphql" } });
    await world.time.advance(400);
    await settle(world);
    await poll(world, 3);
    expect(world.github.faults.pending()).toEqual([]);
    expect({
      local: (await world.app.defects.get(defect.id)).status,
      link: (await world.app.defects.link(link.id)).status,
    }).toEqual({ local: "closed", link: "synced" });
  });

  test("a person's decision about a conflict is not lost to a slow pass", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    await world.app.sources.update(source.id, { mapping: { fields: { title: { conflict: "manual" } } } });
    const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
    const link = await world.app.defects.push(defect.id);
    await poll(world);
    world.github.as("lena").editIssue("acme/web", 1, { title: "Theirs" });
    await world.time.advance(1_500);
    await world.app.defects.update(defect.id, { title: "Ours" });
    await poll(world);
    expect((await world.app.defects.link(link.id)).status).toBe("conflict");
    world.github.faults.add({ kind: "delay", ms: 15_000, match: { operation: "graphql" } });
    await world.app.defects.update(defect.id, { status: "closed" });
    const pass = world.backref.sync.run({ maxMs: 0 });
    await world.time.advance(10);
    const resolving = world.app.defects.resolve(link.id, { field: "title", winner: "local" }).then(
      () => "resolved",
      () => "refused",
    );
    await world.time.advance(40_000);
    await pass;
    const answer = await resolving;
    await poll(world, 2);
    const { status } = await world.app.defects.link(link.id);
    expect({ answer, status, title: world.github.issue("acme/web", 1)?.title }).toEqual(
      answer === "refused"
        ? { answer, status: "conflict", title: "Theirs" }
        : { answer, status: "synced", title: "Ours" },
    );
  });

  test("a write to an issue that is gone is told as gone, not as a bad value", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await pushed(world);
    world.github.faults.add({ kind: "delay", ms: 1_000, match: { method: "PATCH" } });
    await world.app.defects.update(defect.id, { title: "Too late" });
    const pass = world.backref.sync.run({ maxMs: 0 });
    await world.time.advance(500);
    world.github.as("acme").deleteIssue("acme/web", 1);
    await world.time.advance(5_000);
    await pass;
    await poll(world, 2);
    expect((await world.app.defects.link(link.id)).status).toMatch(/remote-deleted|no-access/);
  });
});
