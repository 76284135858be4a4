import type { FieldDirection } from "@backref/core";
import { describe, expect, test } from "vitest";
import { type Meanwhile, withMeanwhile } from "../support/adapted-provider.ts";
import { createGitHubWorld, type GitHubWorldOptions, poll, provider } from "../support/github-world.ts";

/** A target whose new issues have a priority by themselves. */
async function setUp(direction: FieldDirection = "two-way", options: GitHubWorldOptions = {}) {
  const world = await createGitHubWorld(options);
  const { app, github } = world;
  github.addLabel("acme/web", { name: "priority:high" });
  await app.sources.create({
    name: "Ours",
    provider: "github",
    auth: { type: "token", token: github.token },
    targets: [{ projectId: "web", container: "acme/web", defaults: { labels: ["priority:high"] } }],
    mapping: { fields: { priority: { direction } } },
  });
  const labels = () => github.issue("acme/web", 1)?.labels;
  const told = async (linkId: string) =>
    (await app.activity.list({ linkId })).items.filter(({ type }) => type === "field-refused").map(({ data }) => data);
  return { ...world, world, labels, told };
}

describe("a priority that a new issue has by itself", () => {
  test("comes in where the defect has none", async () => {
    const { app, world, github, labels, told } = await setUp();
    const { id } = await app.defects.create({ projectId: "web", title: "One" });
    const link = await app.defects.push(id);
    expect(link.status).toBe("synced");
    expect((await app.defects.get(id)).priority).toBe("critical");
    expect(await told(link.id)).toEqual([]);
    const mark = github.mark();
    await poll(world, 2);
    expect(github.requestsSince(mark).filter(({ method }) => !["GET", "POST"].includes(method))).toEqual([]);
    expect(labels()).toEqual(["priority:high"]);
    await app.defects.update(id, { priority: null });
    await poll(world);
    expect(labels()).toEqual([]);
    expect((await app.defects.get(id)).priority).toBe(null);
  });

  test("is told where nothing of it may come in, and stays until the defect has one", async () => {
    for (const direction of ["out", "once"] as const) {
      const { app, world, labels, told } = await setUp(direction);
      const { id } = await app.defects.create({ projectId: "web", title: "One" });
      const link = await app.defects.push(id);
      expect(link.status).toBe("partial");
      expect(await told(link.id)).toMatchObject([{ field: "priority", reason: expect.stringMatching(/by itself/) }]);
      await poll(world);
      expect((await app.defects.get(id)).priority).toBe(null);
      expect(labels()).toEqual(["priority:high"]);
      if (direction === "once") continue;
      await app.defects.update(id, { priority: "blocker" });
      await poll(world);
      expect(labels()).toEqual(["priority:critical"]);
      expect((await app.defects.link(link.id)).status).toBe("synced");
    }
  });

  test("gives way to one that the defect has got meanwhile", async () => {
    const meanwhile: Meanwhile = {};
    const { app, world, labels } = await setUp("two-way", { provider: withMeanwhile(provider, meanwhile) });
    const { id } = await app.defects.create({ projectId: "web", title: "One" });
    meanwhile.beforeCreateAnswer = async () => void (await app.defects.update(id, { priority: "trivial" }));
    const link = await app.defects.push(id);
    await poll(world);
    expect((await app.defects.get(id)).priority).toBe("trivial");
    expect(labels()).toEqual(["priority:low"]);
    const { items } = await app.activity.list({ linkId: link.id });
    expect(items.filter(({ type }) => type === "conflict-recorded")).toEqual([]);
  });

  test("is not what somebody else wrote within the same second: that is recorded as any other", async () => {
    const meanwhile: Meanwhile = {};
    const { app, github, world } = await setUp("two-way", { provider: withMeanwhile(provider, meanwhile) });
    const { id } = await app.defects.create({ projectId: "web", title: "One" });
    meanwhile.beforeCreateAnswer = async () => {
      github.as("lena").editIssue("acme/web", 1, { labels: ["priority:medium"] });
      await app.defects.update(id, { priority: "trivial" });
    };
    const link = await world.time.during(app.defects.push(id));
    await poll(world);
    const { items } = await app.activity.list({ linkId: link.id });
    expect(items.filter(({ type }) => type === "conflict-recorded").map(({ data }) => data)).toMatchObject([
      { field: "priority", local: "trivial", remote: "major" },
    ]);
  });
});
