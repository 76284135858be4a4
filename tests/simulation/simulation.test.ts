import { expect, test } from "vitest";
import { readArguments } from "../../scripts/simulation/arguments.ts";
import { describeFigures, report } from "../../scripts/simulation/report.ts";
import { sweep } from "../../scripts/simulation/sweep.ts";

const seeds = process.env["BACKREF_SIMULATION_SEEDS"] ?? "2000";

test.for([
  ["trackers in process", ["--seeds", seeds]],
  ["the GitHub provider", ["--seeds", "120", "--tracker", "github"]],
  ["the Azure DevOps provider", ["--seeds", "20", "--tracker", "azure-devops"]],
  ["the GitLab provider", ["--seeds", "20", "--tracker", "gitlab"]],
  ["the Jira provider", ["--seeds", "20", "--tracker", "jira"]],
  ["the Linear provider", ["--seeds", "40", "--tracker", "linear"]],
] as const)("histories full of trouble break no rule: %s", async ([, words], { annotate }) => {
  const asked = readArguments(words);
  const found = await sweep(asked);
  for (const line of describeFigures(found)) await annotate(`simulation, ${line}`);
  expect(found.seeds).toBe(asked.seeds);
  expect(found.failures.length, report(found, asked).join("\n")).toBe(0);
});

test.for([
  [17, "host-store", "A walk was broken off by a request that certainly did nothing, and its stop came in."],
  [5, "host-store", "A process stood still on its walk, and another one took the stop for somebody's change."],
  [74, "poll-only", "The look after a write showed an older issue, and what was written came in later."],
  [1034, "poll-only", "An issue that was attached has no token, and a create in doubt stopped at it."],
  [1141, "slow", "An issue was adopted by a look of three requests, and written by what the first of them showed."],
  [1098, "several-links", "A person took the block out of a text, and its empty lines were gone from the host's."],
] as const)("seed %i, %s over Jira stays clean: %s", async ([seed, profile]) => {
  const asked = readArguments(["--seeds", "1", "--from", String(seed), "--profile", profile, "--tracker", "jira"]);
  const found = await sweep(asked);
  expect(found.failures.length, report(found, asked).join("\n")).toBe(0);
});
