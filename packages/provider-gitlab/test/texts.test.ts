import { expect, test } from "vitest";
import { createWorld, project } from "./world.ts";

const key = `${project}#1`;
/** Commands in every disguise that a failure message may bring along. */
const disguises = [
  "/close",
  "Text\n/close",
  "Text\r\n/close\r\n/title Gone",
  "/\rclose",
  "   /close",
  "> /close\n- /close\n1. /close",
  "<!--\n/close\n-->",
  "```\nx\n````\n/close\n```",
  "~~~\n/close\n~~~",
  "---\n```\n/close\n```\n---",
  "| /close |\n|---|\n/close",
  "\\\n/close",
  "/CLOSE\n/cloſe\n/confidential\n/assign @max\n/label ~bug\n/due 2026-12-24",
];

test("no command is carried out, in a description or in a comment, new or edited", async () => {
  const world = await createWorld();
  const { app, gitlab } = world;
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  await app.defects.push(defect.id);
  const comment = await app.comments.add({ defectId: defect.id, body: "First" });
  await world.settle();
  for (const text of disguises) {
    await app.defects.update(defect.id, { description: text });
    await app.comments.update(comment.id, { body: text });
    await app.comments.add({ defectId: defect.id, body: text });
    await world.poll();
  }
  const issue = gitlab.issue(key);
  expect(issue).toMatchObject({ title: "Total is wrong", state: "opened", labels: [], assignees: [] });
  expect(issue).toMatchObject({ confidential: false, dueDate: null });
  expect(issue?.notes).toHaveLength(1 + disguises.length);
  expect(gitlab.notifications).toEqual([]);
  const comments = (await app.comments.list({ defectId: defect.id, limit: 100 })).items;
  expect(comments.map(({ body }) => body)).toEqual(
    // Comments are taken without space around them.
    [disguises.at(-1), ...disguises].map((text) => text?.trim()),
  );
  expect((await app.defects.links(defect.id)).map(({ status }) => status)).toEqual(["synced"]);
  const quiet = gitlab.mark();
  await world.poll();
  expect(gitlab.requestsSince(quiet).filter(({ method }) => method !== "GET")).toEqual([]);
  expect([world.errors, gitlab.violations]).toEqual([[], []]);
});

test("a description that people edit, and our own comment, come back without what was put into them", async () => {
  const world = await createWorld();
  const { app, gitlab } = world;
  const description = "/close @all\nSee &3, [issue:1] and !4";
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", description });
  await app.defects.push(defect.id);
  const comment = await app.comments.add({ defectId: defect.id, body: description });
  await world.settle();
  const { description: there = "", notes = [] } = gitlab.issue(key) ?? {};
  expect(there).not.toContain(description);
  gitlab.as("lena").editIssue(key, { description: there.replace("See", "Look at") });
  gitlab.as("lena").editNote(notes[0]?.id ?? 0, (notes[0]?.body ?? "").replace("See", "Look at"));
  await world.poll();
  expect((await app.defects.get(defect.id)).description).toBe(description.replace("See", "Look at"));
  const { items } = await app.comments.list({ defectId: defect.id });
  expect(items).toMatchObject([{ id: comment.id, body: description.replace("See", "Look at") }]);
});

test("what only some may read stays at GitLab: internal notes, and all that GitLab writes", async () => {
  const world = await createWorld();
  const { app, gitlab } = world;
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  await app.defects.push(defect.id);
  gitlab.as("lena").note(key, "For everybody");
  const { id } = gitlab.as("lena").note(key, "For us alone", { internal: true });
  gitlab.as("lena").editIssue(key, { confidential: true });
  await world.poll();
  gitlab.as("lena").editNote(id, "Still for us alone");
  await world.poll();
  const bodies = async () => (await app.comments.list({ defectId: defect.id })).items.map(({ body }) => body);
  expect(await bodies()).toEqual(["For everybody"]);
  await app.defects.update(defect.id, { title: "Total is still wrong" });
  await world.poll();
  expect(gitlab.issue(key)).toMatchObject({ title: "Total is still wrong", confidential: true });
  gitlab.as("lena").deleteNote(id);
  await world.poll();
  expect(await bodies()).toEqual(["For everybody"]);
});
