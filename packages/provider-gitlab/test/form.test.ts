import { expect, test } from "vitest";
import { createWorld, project } from "./world.ts";

test("a form offers due date, confidentiality and open milestones, and what it gives is set", async () => {
  const { app, gitlab, errors } = await createWorld();
  const milestone = gitlab.addMilestone(project, "Autumn");
  const { fields } = await app.defects.pushForm({ projectId: "web" });
  const given = fields.filter(({ by }) => by === "fields");
  expect(given.map(({ id, type, required }) => `${id}: ${type} ${required}`)).toEqual([
    ...["labels: texts false", "due_date: date false", "confidential: boolean false", "milestone_id: option false"],
  ]);
  expect(given.at(-1)?.allowedValues).toEqual([{ id: String(milestone), name: "Autumn" }]);
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  const values = { due_date: "2026-12-24", confidential: true, milestone_id: String(milestone) };
  expect(await app.defects.push(defect.id, { fields: values })).toMatchObject({ status: "synced", message: null });
  expect(gitlab.issue(`${project}#1`)).toMatchObject({ dueDate: "2026-12-24", confidential: true });
  expect([errors, gitlab.violations]).toEqual([[], []]);
});

test.each([
  [{ due_date: "tomorrow" }, /due_date|Due date/],
  [{ confidential: "perhaps" }, /confidential/i],
  [{ milestone_id: "987654" }, /milestone/i],
])("a value that is none is told, and no issue is made: %j", async (fields, words) => {
  const { app, gitlab } = await createWorld();
  gitlab.addMilestone(project, "Autumn");
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  const outcome = await app.defects.push(defect.id, { fields }).then(
    (link) => `${link.status}: ${link.message}`,
    (error: Error) => error.message,
  );
  expect(outcome).toMatch(words);
  expect(gitlab.issues(project)).toEqual([]);
});
