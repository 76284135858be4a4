import { expect, test } from "vitest";
import { readArguments } from "../../scripts/simulation/arguments.ts";
import { describeFigures, report } from "../../scripts/simulation/report.ts";
import { sweep } from "../../scripts/simulation/sweep.ts";

const seeds = process.env["BACKREF_SIMULATION_SEEDS"] ?? "2000";

test(`${seeds} histories full of trouble break no rule`, async ({ annotate }) => {
  const asked = readArguments(["--seeds", seeds]);
  const found = await sweep(asked);
  for (const line of describeFigures(found)) await annotate(`simulation, ${line}`);
  expect(found.seeds).toBe(asked.seeds);
  expect(found.failures.length, report(found, asked).join("\n")).toBe(0);
});
