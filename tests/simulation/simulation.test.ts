import { expect, test } from "vitest";
import { readArguments } from "../../scripts/simulation/arguments.ts";
import { describeFigures, report } from "../../scripts/simulation/report.ts";
import { sweep } from "../../scripts/simulation/sweep.ts";

const seeds = process.env["BACKREF_SIMULATION_SEEDS"] ?? "2000";

test.for([
  ["trackers in process", ["--seeds", seeds]],
  ["the GitHub provider", ["--seeds", "120", "--tracker", "github"]],
  ["the Linear provider", ["--seeds", "20", "--tracker", "linear"]],
  ["the Azure DevOps provider", ["--seeds", "20", "--tracker", "azure-devops"]],
] as const)("histories full of trouble break no rule: %s", async ([, words], { annotate }) => {
  const asked = readArguments(words);
  const found = await sweep(asked);
  for (const line of describeFigures(found)) await annotate(`simulation, ${line}`);
  expect(found.seeds).toBe(asked.seeds);
  expect(found.failures.length, report(found, asked).join("\n")).toBe(0);
});
