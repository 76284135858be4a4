import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, poll, settle } from "../support/github-world.ts";

async function pushedDefect(
  world: GitHubWorld,
  fields: { readonly priority?: "trivial" | "critical"; readonly status?: "in-progress" } = {},
) {
  await addGitHubSource(world);
  const defect = await world.app.defects.create({
    projectId: "web",
    title: "Total is wrong",
    description: "Steps",
    ...fields,
  });
  const link = await world.app.defects.push(defect.id);
  await poll(world);
  return { defect, link };
}

describe("what comes back does not change what was meant", () => {
  test("trivial stays trivial when priority:low comes back", async () => {
    const world = await createGitHubWorld();
    const { defect } = await pushedDefect(world, { priority: "trivial" });
    world.github.as("lena").editIssue("acme/web", 1, { title: "Renamed" });
    await poll(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Renamed", priority: "trivial" });
    expect(world.github.issue("acme/web", 1)?.labels).toEqual(["priority:low"]);
  });

  test("in-progress stays in-progress when open comes back", async () => {
    const world = await createGitHubWorld();
    const { defect } = await pushedDefect(world, { status: "in-progress" });
    world.github.as("lena").closeIssue("acme/web", 1);
    world.github.as("lena").reopenIssue("acme/web", 1);
    await poll(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ status: "in-progress" });
  });

  test("closed on GitHub closes, reopened opens", async () => {
    const world = await createGitHubWorld();
    const { defect } = await pushedDefect(world);
    world.github.as("lena").closeIssue("acme/web", 1, "not_planned");
    await poll(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ status: "closed" });
    world.github.as("lena").reopenIssue("acme/web", 1);
    await poll(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ status: "open" });
  });

  test("a removed label clears nothing and is reported once", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await pushedDefect(world, { priority: "critical" });
    world.github.as("lena").removeLabel("acme/web", 1, "priority:high");
    await poll(world);
    await poll(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ priority: "critical" });
    expect(world.github.issue("acme/web", 1)?.labels).toEqual([]);
    const { items } = await world.app.activity.list({ linkId: link.id });
    expect(items.filter((item) => item.type === "value-unmapped")).toHaveLength(1);
    await world.app.defects.update(defect.id, { priority: "blocker" });
    await settle(world);
    expect(world.github.issue("acme/web", 1)?.labels).toEqual(["priority:critical"]);
  });

  test("labels of others are never touched", async () => {
    const world = await createGitHubWorld();
    const { defect } = await pushedDefect(world, { priority: "critical" });
    for (const name of ["bug", "priority:someday", "area/cart"]) world.github.as("lena").addLabel("acme/web", 1, name);
    await poll(world);
    await world.app.defects.update(defect.id, { priority: "trivial" });
    await settle(world);
    expect(new Set(world.github.issue("acme/web", 1)?.labels)).toEqual(
      new Set(["bug", "priority:someday", "area/cart", "priority:low"]),
    );
  });

  test("of two owned labels the one that was added wins, and the other goes", async () => {
    const world = await createGitHubWorld();
    const { defect } = await pushedDefect(world, { priority: "critical" });
    world.github.as("lena").addLabel("acme/web", 1, "priority:low");
    await poll(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ priority: "minor" });
    expect(world.github.issue("acme/web", 1)?.labels).toEqual(["priority:low"]);
  });

  test("people's edits of the body come in without the block, and the block survives", async () => {
    const world = await createGitHubWorld();
    const { defect } = await pushedDefect(world);
    const body = world.github.issue("acme/web", 1)?.body ?? "";
    expect(body).toContain(`https://tests.example.com/defects/${defect.id}`);
    world.github
      .as("lena")
      .editIssue("acme/web", 1, { body: body.replace("Steps", "Steps, in detail\r\n\r\nand more") });
    await poll(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ description: "Steps, in detail\n\nand more" });
    await world.app.defects.update(defect.id, { description: "Short, for @lena" });
    await settle(world);
    const after = world.github.issue("acme/web", 1)?.body ?? "";
    expect(after).toMatch(/^Short, for @\u200blena\n\n<!-- backref:br-/);
    await poll(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ description: "Short, for @lena" });
  });

  test("a marker that a person copies to another issue binds and closes nothing", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await pushedDefect(world);
    const body = world.github.issue("acme/web", 1)?.body ?? "";
    const copy = world.github.as("lena").createIssue("acme/web", { title: "A copy", body });
    world.github.as("lena").closeIssue("acme/web", copy.number);
    await poll(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ status: "open", title: "Total is wrong" });
    expect((await world.app.defects.link(link.id)).badge?.text).toBe("#1");
  });

  test("both sides changed one field: the policy decides and the loser is kept", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await pushedDefect(world);
    world.github.as("lena").editIssue("acme/web", 1, { title: "Theirs" });
    await world.time.advance(1_500);
    await world.app.defects.update(defect.id, { title: "Ours" });
    await poll(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Theirs" });
    const { items } = await world.app.activity.list({ linkId: link.id });
    expect(items.find((item) => item.type === "conflict-recorded")?.data).toMatchObject({
      field: "title",
      local: "Ours",
      remote: "Theirs",
      winner: "remote",
    });
  });

  test("manual policy freezes one field until a person decides", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    await world.app.sources.update(source.id, { mapping: { fields: { title: { conflict: "manual" } } } });
    const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
    const link = await world.app.defects.push(defect.id);
    await poll(world);
    world.github.as("lena").editIssue("acme/web", 1, { title: "Theirs" });
    await world.time.advance(1_500);
    await world.app.defects.update(defect.id, { title: "Ours", status: "closed" });
    await poll(world);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "conflict", frozenFields: ["title"] });
    expect(world.github.issue("acme/web", 1)).toMatchObject({ title: "Theirs", state: "closed" });
    await world.app.defects.resolve(link.id, { field: "title", winner: "local" });
    await poll(world);
    expect(world.github.issue("acme/web", 1)?.title).toBe("Ours");
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced", frozenFields: [] });
  });
});

describe("one defect on two repositories", () => {
  test("a change on one arrives on the other once", async () => {
    const world = await createGitHubWorld({ repositories: ["acme/web", "acme/api"] });
    const first = await addGitHubSource(world, "acme/web");
    const second = await addGitHubSource(world, "acme/api");
    const defect = await world.app.defects.create({ projectId: "web", title: "Shared" });
    await world.app.defects.push(defect.id, { sourceId: first.id });
    await world.app.defects.push(defect.id, { sourceId: second.id });
    await poll(world);
    await poll(world);
    const mark = world.github.mark();
    world.github.as("lena").editIssue("acme/web", 1, { title: "Changed once" });
    await poll(world);
    await poll(world);
    await poll(world);
    expect(world.github.issue("acme/api", 1)?.title).toBe("Changed once");
    const writes = world.github.requestsSince(mark).filter((request) => request.method === "PATCH");
    expect(writes.map((request) => request.path)).toEqual(["/repos/acme/api/issues/1"]);
    expect((await world.app.defects.links(defect.id)).map((link) => link.status)).toEqual(["synced", "synced"]);
  });
});

describe("comments", () => {
  test("travel both ways with edit and delete, each once", async () => {
    const world = await createGitHubWorld();
    const { app, github } = world;
    const { defect } = await pushedDefect(world);
    const comments = async () => (await app.comments.list({ defectId: defect.id })).items.map((item) => item.body);
    const ours = await app.comments.add({ defectId: defect.id, body: "From the host" });
    await app.comments.add({ defectId: defect.id, body: "Never leaves", visibility: "internal" });
    const theirs = github.as("lena").comment("acme/web", 1, "From GitHub");
    await poll(world);
    await poll(world);
    const remote = () => github.issue("acme/web", 1)?.comments.map((comment) => comment.body) ?? [];
    expect(remote()).toHaveLength(2);
    expect(remote().find((body) => body.includes("From the host"))).toContain("**Ann** wrote:");
    expect(await comments()).toEqual(["From the host", "Never leaves", "From GitHub"]);

    await app.comments.update(ours.id, { body: "From the host, edited" });
    github.as("lena").editComment("acme/web", theirs.id, "From GitHub, edited");
    await poll(world);
    await poll(world);
    expect(remote().some((body) => body.includes("From the host, edited"))).toBe(true);
    expect(await comments()).toEqual(["From the host, edited", "Never leaves", "From GitHub, edited"]);

    await app.comments.delete(ours.id);
    github.as("lena").deleteComment("acme/web", theirs.id);
    await poll(world);
    await poll(world);
    expect(remote()).toEqual([]);
    expect(await comments()).toEqual(["Never leaves"]);
    expect(world.errors).toEqual([]);
  });

  test("a comment whose answer is lost is posted once", async () => {
    const world = await createGitHubWorld();
    const { defect } = await pushedDefect(world);
    world.github.faults.add({
      kind: "lost-after",
      match: { method: "POST", operation: "/repos/{owner}/{repo}/issues/{issue_number}/comments" },
    });
    await world.app.comments.add({ defectId: defect.id, body: "Only once" });
    await poll(world);
    await poll(world);
    expect(world.github.issue("acme/web", 1)?.comments).toHaveLength(1);
    expect((await world.app.comments.list({ defectId: defect.id })).items).toHaveLength(1);
  });

  test("a host's comment deleted at the tracker stays in the host and is not posted again", async () => {
    const world = await createGitHubWorld();
    const { defect } = await pushedDefect(world);
    await world.app.comments.add({ defectId: defect.id, body: "Ours" });
    await poll(world);
    const [comment] = world.github.issue("acme/web", 1)?.comments ?? [];
    world.github.as("lena").deleteComment("acme/web", comment?.id ?? 0);
    world.github.as("lena").editIssue("acme/web", 1, { title: "Look" });
    await poll(world);
    await poll(world);
    expect(world.github.issue("acme/web", 1)?.comments).toEqual([]);
    expect((await world.app.comments.list({ defectId: defect.id })).items).toHaveLength(1);
  });
});

describe("two trackers that answer each other", () => {
  test("do so a few times, then the field is frozen and a person is told", async () => {
    const world = await createGitHubWorld({ repositories: ["acme/web", "acme/api"] });
    const { app, github } = world;
    const first = await addGitHubSource(world, "acme/web");
    const second = await addGitHubSource(world, "acme/api");
    const defect = await app.defects.create({ projectId: "web", title: "Start" });
    await app.defects.push(defect.id, { sourceId: first.id });
    await app.defects.push(defect.id, { sourceId: second.id });
    await poll(world);
    github.as("bot").editIssue("acme/web", 1, { title: "Start!" });
    let seen = { "acme/web": "Start!", "acme/api": "Start" };
    for (let minute = 0; minute < 60; minute += 1) {
      await poll(world);
      for (const repository of ["acme/web", "acme/api"] as const) {
        const title = github.issue(repository, 1)?.title ?? "";
        if (title === seen[repository]) continue;
        // An automation that cannot leave a title alone.
        github.as("bot").editIssue(repository, 1, { title: `${title}!` });
        seen = { ...seen, [repository]: `${title}!` };
      }
    }
    const links = await app.defects.links(defect.id);
    expect(links.some((link) => link.status === "conflict" && link.frozenFields.includes("title"))).toBe(true);
    const { items } = await app.activity.list({ defectId: defect.id, limit: 200 });
    expect(items.filter((item) => item.type === "field-frozen").map((item) => item.data["reason"])).toContain("loop");
    expect((await app.defects.get(defect.id)).title.length).toBeLessThan(30);
  });
});

describe("an issue outside every target's container", () => {
  test("is kept in step once a defect is attached to it", async () => {
    const world = await createGitHubWorld({ repositories: ["acme/web", "acme/other"] });
    const source = await addGitHubSource(world);
    world.github.as("lena").createIssue("acme/other", { title: "Elsewhere" });
    await poll(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "Mine" });
    await world.app.defects.attach(defect.id, { sourceId: source.id, issue: "acme/other#1" });
    await poll(world);
    world.github.as("lena").editIssue("acme/other", 1, { title: "Elsewhere, renamed" });
    await poll(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Elsewhere, renamed" });
  });
});
