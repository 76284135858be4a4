import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, poll, settle } from "../support/github-world.ts";

describe("one defect with two issues", () => {
  test("both edited at once: one title wins everywhere, and the other is kept as the loser", async () => {
    const world = await createGitHubWorld({ repositories: ["acme/web", "acme/api"] });
    const { app, github, time } = world;
    const sources = [await addGitHubSource(world, "acme/web"), await addGitHubSource(world, "acme/api")];
    const defect = await app.defects.create({ projectId: "web", title: "Start" });
    const links = [];
    for (const { id } of sources) links.push(await app.defects.push(defect.id, { sourceId: id }));
    await poll(world, 2);
    github.as("lena").editIssue("acme/web", 1, { title: "From web" });
    github.as("kim").editIssue("acme/api", 1, { title: "From api" });
    for (const { id } of links) await app.defects.retry(id);
    // Both links know the defect as it was before either of them brought something in.
    github.faults.add({ kind: "delay", ms: 1_000, match: { operation: "graphql" }, times: 2 });
    const pass = world.backref.sync.run({ maxMs: 0 });
    await time.advance(2_000);
    await pass;
    expect(github.faults.pending()).toEqual([]);
    await settle(world);
    await poll(world, 2);
    const { title } = await app.defects.get(defect.id);
    const titles = ["acme/web", "acme/api"].map((repository) => github.issue(repository, 1)?.title);
    expect(titles).toEqual([title, title]);
    const { items } = await app.activity.list({ defectId: defect.id });
    const losers = items.filter((item) => item.type === "conflict-recorded").map((item) => item.data["local"]);
    expect([title, ...losers].toSorted()).toEqual(["From api", "From web"]);
  });
});

describe("people who rename an issue again and again", () => {
  test("freeze nothing, however often they do", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
    const link = await world.app.defects.push(defect.id);
    for (let time = 1; time <= 8; time += 1) {
      await poll(world);
      world.github.as("lena").editIssue("acme/web", 1, { title: `Attempt ${time}` });
    }
    await poll(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Attempt 8" });
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced", frozenFields: [] });
  });
});
