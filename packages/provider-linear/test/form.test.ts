import { expect, test } from "vitest";
import { createDirect, newIssue } from "./direct.ts";

function createForm() {
  const direct = createDirect();
  const { linear, provider, call } = direct;
  const fieldsOf = async (container: string) => (await provider.form?.fields(call, { container, type: null })) ?? [];
  const create = async (fields: Readonly<Record<string, string | number | null>>) =>
    provider.create?.create(call, { ...newIssue, fields });
  return { ...direct, linear, fieldsOf, create };
}

test("the form has what the team uses, and costs one request", async () => {
  const { linear, fieldsOf } = createForm();
  linear.changeTeam("ENG", { estimation: "tShirt", hasCycles: true });
  linear.addProject("ENG", "Checkout");
  linear.addProject("OPS", "Servers");
  linear.addCycle("ENG", { isPast: true });
  linear.addCycle("ENG");
  linear.addCycle("ENG", { name: "Before the fair" });
  const mark = linear.mark();
  const fields = await fieldsOf("ENG");
  expect(linear.requestsSince(mark)).toHaveLength(1);
  const namesOf = (id: string) => fields.find((field) => field.id === id)?.allowedValues?.map(({ name }) => name);
  expect(fields.map(({ id }) => id)).toEqual([
    ...["state", "assignee", "project", "cycle", "dueDate", "estimate", "parent"],
  ]);
  expect(namesOf("state")).toEqual(["Backlog", "Todo"]);
  expect(fields[0]?.defaultValue).toBe(fields[0]?.allowedValues?.[0]?.id);
  expect([namesOf("project"), namesOf("cycle")]).toEqual([["Checkout"], ["Cycle 2", "Before the fair"]]);
  expect(fields.find(({ id }) => id === "estimate")?.description).toMatch(/^XS is 1/);

  expect((await fieldsOf("OPS")).map(({ id }) => id)).toEqual(["state", "assignee", "project", "dueDate", "parent"]);
});

test("more projects than a page shows are all offered", async () => {
  const { linear, fieldsOf } = createForm();
  for (let number = 1; number <= 230; number += 1) linear.addProject("ENG", `Project ${number}`);
  const mark = linear.mark();
  const projects = (await fieldsOf("ENG")).find(({ id }) => id === "project");
  expect([projects?.allowedValues?.length, linear.requestsSince(mark).length]).toEqual([230, 3]);
});

test("every field arrives, a state also by name and a person by login", async () => {
  const { linear, lena, create } = createForm();
  linear.changeTeam("ENG", { estimation: "fibonacci", hasCycles: true });
  lena.createIssue("ENG", { title: "Checkout" });
  linear.addUser("Ada Lovelace");
  const made = await create({
    ...{ state: "Todo", assignee: "ada.lovelace", project: linear.addProject("ENG", "Checkout"), parent: "ENG-1" },
    ...{ cycle: linear.addCycle("ENG"), dueDate: "2026-12-24", estimate: 3 },
  });
  expect(made?.warnings).toEqual([]);
  expect(linear.issue("ENG-2")).toMatchObject({
    ...{ state: { name: "Todo" }, assignee: "Ada Lovelace", project: "Checkout", cycle: 1, parent: "ENG-1" },
    ...{ dueDate: "2026-12-24", estimate: 3 },
  });
  expect(linear.violations).toEqual([]);
});

test.each([
  [{ project: "nowhere" }, "project"],
  [{ cycle: "never" }, "cycle"],
  [{ parent: "ENG-99" }, "parent"],
  [{ state: "Somewhere else" }, "state"],
  [{ assignee: "nobody" }, "assignee"],
  [{ estimate: 1.5 }, "estimate"],
  [{ component: "web" }, "component"],
])("what is not there is told with its field: %j", async (fields, field) => {
  const { linear, create } = createForm();
  const error = await create(fields).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ failure: "permanent", field });
  expect(linear.issues("ENG")).toEqual([]);
});

test("what Linear drops without a word is told", async () => {
  const { linear, create } = createForm();
  linear.faults.add({
    kind: "drop-fields",
    fields: ["dueDate", "projectId"],
    match: { operation: "mutation issueCreate" },
  });
  const made = await create({ dueDate: "2026-12-24", project: linear.addProject("ENG", "Checkout") });
  expect(made?.warnings.map(({ message }) => message)).toEqual([
    "Linear did not set the field project.",
    "Linear did not set the field dueDate.",
  ]);
});
