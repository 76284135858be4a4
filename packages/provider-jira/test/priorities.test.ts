import type { Deployment } from "@backref/testing/jira";
import { expect, test } from "vitest";
import { createJiraProvider } from "../src/index.ts";
import { draft, setUp } from "./support.ts";

const deployments: readonly Deployment[] = ["cloud", "data-center"];

test.each(deployments)("priorities go by their names where the source says so (%s)", async (deployment) => {
  const { fake, time, provider, call, read, update } = await setUp(deployment, { priorities: "name" });
  const { issue, warnings } = await provider.create.create(call(), { ...draft, priority: "High" });
  expect([issue.priority, warnings]).toEqual(["High", []]);
  expect((await update("WEB-1", { priority: "Low" })).issue.priority).toBe("Low");
  expect((await read("WEB-1")).priority).toBe("Low");
  await time.advance(60_000);
  const page = { container: "WEB", cursor: null, startAt: 0, withComments: false };
  expect((await provider.changes.list(call(), page)).issues.map(({ priority }) => priority)).toEqual(["Low"]);
  const found = await provider.search.issues(call(), { containers: ["WEB"], text: "Login", limit: 5 });
  expect(found.map(({ priority }) => priority)).toEqual(["Low"]);
  fake.addProject({ key: "OPS", workflow: { initial: "1", transitions: [] } });
  await expect(provider.create.create(call(), { ...draft, token: "br-2", priority: "Nowhere" })).rejects.toMatchObject({
    failure: "permanent",
    field: "priority",
  });
});

test("they go by their ids otherwise", async () => {
  const { provider, call } = await setUp();
  const { issue } = await provider.create.create(call(), { ...draft, priority: "High" });
  expect(issue.priority).toMatch(/^\d+$/);
});

test("a source that has not chosen has ids", () => {
  expect(createJiraProvider().describe().options.parse({})).toMatchObject({ value: { priorities: "id" } });
});
