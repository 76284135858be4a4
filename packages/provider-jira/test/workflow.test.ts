import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

const severity = {
  id: "customfield_10950",
  name: "Severity",
  kind: "text",
  required: false,
  options: [],
  defaultValue: null,
} as const;

/** Done is behind a screen that asks for what nobody knows. */
const workflow = {
  initial: "1",
  transitions: [
    { id: "1", name: "Start", from: ["1"], to: "3", fields: [] },
    { id: "2", name: "Close", from: ["3"], to: "5", fields: [{ id: severity.id, required: true }] },
    { id: "3", name: "Stop", from: ["3"], to: "1", fields: [] },
  ],
} as const;

test("where the way ends before the target, the defect keeps its status and the link says why", async () => {
  const { app, jira, settle, poll } = await createWorld("cloud", { project: { workflow, fields: [severity] } });
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  await app.defects.push(defect.id);
  await app.defects.update(defect.id, { status: "closed" });
  await settle();
  await poll();
  expect(jira.issue("WEB-1")?.status).toBe("In Progress");
  expect((await app.defects.get(defect.id)).status).toBe("closed");
  const [link] = await app.defects.links(defect.id);
  expect(link).toMatchObject({ status: "partial", refused: [{ field: "status" }] });
  expect(JSON.stringify(link)).toContain("asks for Severity");

  const mark = jira.mark();
  await poll();
  expect(jira.requestsSince(mark).filter(({ operation }) => operation.endsWith("/transitions"))).toEqual([]);
  jira.as("lena").moveTo("WEB-1", "To Do");
  await poll();
  expect((await app.defects.get(defect.id)).status).toBe("open");
});

test("a walk that a crash has broken off is gone on with, and nothing of it comes in", async () => {
  const { app, jira, settle, poll } = await createWorld("data-center");
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  await app.defects.push(defect.id);
  const step = { method: "POST", operation: "/issue/{issueIdOrKey}/transitions", nth: 2 };
  jira.faults.add({ kind: "lost-before", match: step });
  await app.defects.update(defect.id, { status: "closed" });
  await settle();
  await poll();
  expect(jira.issue("WEB-1")?.status).toBe("Done");
  expect((await app.defects.get(defect.id)).status).toBe("closed");
});
