import { expect, test } from "vitest";
import { runDemo } from "./support/run-demo.ts";

const timeoutMs = 180_000;

test("with the fake Azure DevOps the example reports come to agreement", { timeout: timeoutMs }, async () => {
  const { exitCode, output, errors } = await runDemo(["--provider", "azure-devops"]);
  expect(errors).toBe("");
  const rows = output.split("\n").filter((line) => line.includes("/Shop/_workitems/edit/"));
  expect(rows).toHaveLength(5);
  expect(rows.map((row) => / (\w+ +\w+ +synced +\d)/.exec(row)?.[1]?.replace(/ +/g, " "))).toEqual([
    "closed major synced 0",
    "open blocker synced 0",
    "closed blocker synced 1",
    "open critical synced 0",
    "open trivial synced 1",
  ]);
  expect(output).toContain("Both sides agree on title, status, priority and comments.");
  expect(exitCode).toBe(0);
});
