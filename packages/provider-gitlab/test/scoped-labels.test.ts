import { expect, test } from "vitest";
import { createWorld, project } from "./world.ts";

const key = `${project}#1`;
const mapping = {
  priority: [
    { remote: "priority::critical", local: ["blocker"] },
    { remote: "priority::high", local: ["critical"] },
    { remote: "priority::medium", local: ["major"] },
    { remote: "priority::low", local: ["minor", "trivial"], primary: "minor" },
  ],
};

test.each(["free", "premium"] as const)("a priority is one scoped label in GitLab's %s edition", async (edition) => {
  const world = await createWorld({}, { fake: { edition }, mapping });
  const { app, gitlab } = world;
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", priority: "critical" });
  await app.defects.push(defect.id);
  gitlab.as("lena").editIssue(key, { labels: ["team::web", "priority::critical"] });
  await world.poll();
  expect((await app.defects.get(defect.id)).priority).toBe("blocker");
  await app.defects.update(defect.id, { priority: "trivial" });
  await world.settle();
  expect(gitlab.issue(key)?.labels.toSorted()).toEqual(["priority::low", "team::web"]);
  // The one that was there goes by itself where they are scoped.
  const added = [...(gitlab.issue(key)?.labels ?? []), "priority::medium"];
  gitlab
    .as("lena")
    .editIssue(key, { labels: edition === "premium" ? added : added.filter((label) => label !== "priority::low") });
  await world.poll();
  expect((await app.defects.get(defect.id)).priority).toBe("major");
  expect(gitlab.issue(key)?.labels.toSorted()).toEqual(["priority::medium", "team::web"]);
  expect((await app.defects.links(defect.id)).map(({ status }) => status)).toEqual(["synced"]);
  expect([world.errors, gitlab.violations]).toEqual([[], []]);
});
