import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, poll } from "../support/github-world.ts";

const labelled = (critical: string, major: string) => ({
  mapping: {
    priority: [
      { remote: critical, local: ["blocker", "critical"], primary: "critical" },
      { remote: major, local: ["major", "minor", "trivial"], primary: "major" },
    ],
  },
});

async function critical() {
  const world = await createGitHubWorld();
  const source = await addGitHubSource(world);
  await world.app.sources.update(source.id, labelled("severe", "normal"));
  const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong", priority: "critical" });
  const link = await world.app.defects.push(defect.id);
  await poll(world);
  expect(world.github.issue("acme/web", 1)?.labels).toEqual(["severe"]);
  return { world, source, defect, link, lena: world.github.as("lena") };
}

describe("a mapping that an admin changes", () => {
  test("applies and sends nothing by itself, whatever its new names mean to the issue", async () => {
    const { world, source, defect, link, lena } = await critical();
    lena.addLabel("acme/web", 1, "p3");
    await poll(world);
    await world.app.sources.update(source.id, labelled("p1", "p3"));
    lena.editIssue("acme/web", 1, { title: "Sum is wrong" });
    await poll(world, 2);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Sum is wrong", priority: "critical" });
    expect(world.github.issue("acme/web", 1)?.labels.toSorted()).toEqual(["p3", "severe"]);
    expect((await world.app.defects.link(link.id)).status).toBe("synced");
  });

  test("does not pass for the change that a person makes meanwhile, even where both sides had not agreed", async () => {
    const { world, source, defect, lena } = await critical();
    lena.removeLabel("acme/web", 1, "severe");
    await poll(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ priority: "critical" });
    await world.app.sources.update(source.id, {
      mapping: { ...labelled("severe", "normal").mapping, comments: "out" },
    });
    lena.addLabel("acme/web", 1, "normal");
    await poll(world, 2);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ priority: "major" });
  });
});
