import { expect, test } from "vitest";
import { createWorld, project } from "./world.ts";

const key = `${project}#1`;
const mapping = { fields: { assignee: { direction: "two-way" } } } as const;

async function createPairedWorld(severalAssignees = false) {
  const edition = severalAssignees ? "premium" : "free";
  const world = await createWorld({}, { mapping, fake: { edition }, options: { severalAssignees } });
  const { app, gitlab, source } = world;
  const ids = { ada: gitlab.addUser("ada.l"), ben: gitlab.addUser("ben.k"), gone: 123_456 };
  for (const [userId, remoteId] of Object.entries(ids)) {
    await app.people.set({
      sourceId: source.id,
      userId,
      remoteId: String(remoteId),
      login: null,
      displayName: userId,
    });
  }
  return world;
}

test.each([false, true])("an assignee travels both ways, also to nobody (several: %s)", async (several) => {
  const { app, gitlab, settle, poll, errors } = await createPairedWorld(several);
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", assignee: "ada" });
  await app.defects.push(defect.id);
  expect(gitlab.issue(key)?.assignees).toEqual(["ada.l"]);

  gitlab.as("lena").editIssue(key, { assignees: ["ben.k"] });
  await poll();
  expect((await app.defects.get(defect.id)).assignee).toBe("ben");

  await app.defects.update(defect.id, { assignee: "ada" });
  await settle();
  expect(gitlab.issue(key)?.assignees).toEqual(["ada.l"]);
  await app.defects.update(defect.id, { assignee: null });
  await settle();
  expect(gitlab.issue(key)?.assignees).toEqual([]);

  gitlab.as("lena").editIssue(key, { assignees: ["ada.l"] });
  await poll();
  gitlab.as("lena").editIssue(key, { assignees: [] });
  await poll();
  expect((await app.defects.get(defect.id)).assignee).toBeNull();
  expect([errors, gitlab.violations]).toEqual([[], []]);
});

test("where an issue has several, ours is one of them, and the others stay", async () => {
  const { app, gitlab, settle, poll } = await createPairedWorld(true);
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", assignee: "ada" });
  await app.defects.push(defect.id);
  gitlab.as("lena").editIssue(key, { assignees: ["ada.l", "max"] });
  await poll();
  expect((await app.defects.get(defect.id)).assignee).toBe("ada");
  await app.defects.update(defect.id, { assignee: "ben" });
  await settle();
  expect(gitlab.issue(key)?.assignees.toSorted()).toEqual(["ben.k", "max"]);
  await app.defects.update(defect.id, { assignee: null });
  await settle();
  expect(gitlab.issue(key)?.assignees).toEqual(["max"]);
});

test("one who cannot be assigned holds up nothing else, neither of a push nor of a change", async () => {
  const { app, gitlab, settle } = await createPairedWorld();
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", assignee: "gone" });
  await app.defects.push(defect.id);
  expect(gitlab.issue(key)).toMatchObject({ title: "Total is wrong", assignees: [] });
  await app.defects.update(defect.id, { assignee: "ben" });
  await settle();
  await app.defects.update(defect.id, { assignee: "gone", title: "Total is still wrong" });
  await settle();
  expect(gitlab.issue(key)).toMatchObject({ title: "Total is still wrong", assignees: ["ben.k"] });
  const [link] = await app.defects.links(defect.id);
  expect(link?.status).toBe("partial");
  expect(JSON.stringify(link)).toContain("did not assign");
});
