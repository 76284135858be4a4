import type { IssuePatch } from "@backref/core/provider";
import { expect, test } from "vitest";
import { byKey, createDirect } from "./direct.ts";
import { createWorld } from "./world.ts";

function createUpdates() {
  const direct = createDirect();
  const { provider, call, time, lena } = direct;
  lena.createIssue("ENG", { title: "Total is wrong" });
  /** Lets time pass until the update has ended. */
  const update = async (patch: IssuePatch) => {
    const request = { issue: byKey("ENG", "1"), patch, ifVersion: null };
    const ended = Promise.resolve(provider.update?.update(call, request)).catch((error: unknown) => error);
    await time.advance(30_000);
    return ended;
  };
  return { ...direct, update };
}

test("a change waits for no slow reading of the team: it is left to the next look, which has it", async () => {
  const { linear, update, operationsSince } = createUpdates();
  linear.faults.add({ kind: "delay", ms: 1_500, match: { operation: "query team" } });
  const mark = linear.mark();
  expect(await update({ state: { category: "active" } })).toMatchObject({ failure: "retry" });
  expect(operationsSince(mark)).toEqual(["query team"]);
  expect(await update({ state: { category: "active" } })).toMatchObject({ issue: { state: { name: "In Progress" } } });
  expect(operationsSince(mark)).toEqual(["query team", "mutation issueUpdate"]);
});

test("a quick reading of the team costs no look", async () => {
  const { linear, update, operationsSince } = createUpdates();
  linear.faults.add({ kind: "delay", ms: 500, match: { operation: "query team" } });
  const mark = linear.mark();
  expect(await update({ state: { category: "active" } })).toMatchObject({ issue: { state: { name: "In Progress" } } });
  expect(operationsSince(mark)).toEqual(["query team", "mutation issueUpdate"]);
});

test("what a slow refusal told is remembered for the next look, of a label and of an account", async () => {
  const { linear, update, operationsSince } = createUpdates();
  linear.addLabel("ENG", { name: "flaky", color: "d93f0b" });
  const gone = linear.addUser("Gone");
  await update({ state: { category: "active" } });
  linear.removeLabel("ENG", "flaky");
  linear.removeUser("Gone");

  for (const patch of [{ labels: { add: ["flaky"], remove: [] } }, { assigneeIds: { add: [gone], remove: [] } }]) {
    linear.faults.add({ kind: "delay", ms: 5_000, match: { operation: "mutation issueUpdate" } });
    const mark = linear.mark();
    expect(await update({ ...patch, title: "Another title" })).toMatchObject({ failure: "retry" });
    expect(operationsSince(mark).filter((name) => name === "mutation issueUpdate")).toHaveLength(1);
    expect(linear.issue("ENG-1")?.title).not.toBe("Another title");
    const before = linear.mark();
    expect(await update({ ...patch, title: "Another title" })).toMatchObject({ issue: { title: "Another title" } });
    expect(operationsSince(before)).toEqual(["mutation issueUpdate"]);
    linear.as("lena").editIssue("ENG-1", { title: "Total is wrong" });
  }
});

test("the engine looks again, and the change arrives", async () => {
  const { app, linear, settle, time, operationsSince } = await createWorld();
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  const { issue } = await app.defects.push(defect.id);
  expect(issue?.key).toBe("ENG-1");
  await time.advance(4_000_000);
  await settle();
  linear.faults.add({ kind: "delay", ms: 3_000, match: { operation: "query team" } });
  const mark = linear.mark();
  await app.defects.update(defect.id, { status: "in-progress" });
  const settled = settle();
  await time.advance(20_000);
  await settled;
  await settle();
  expect(linear.issue("ENG-1")?.state.type).toBe("started");
  const [first, ...others] = operationsSince(mark).filter((name) => /issue|team/.test(name));
  expect([first, ...others.slice(0, 1)]).toEqual(["query issues", "query team"]);
  expect(others.slice(-2)).toEqual(["query issues", "mutation issueUpdate"]);
});
