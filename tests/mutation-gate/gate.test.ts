import { describe, expect, test } from "vitest";
import { runPnpm } from "../../scripts/run-pnpm.ts";
import { readArguments } from "../../scripts/simulation/arguments.ts";
import { sweep } from "../../scripts/simulation/sweep.ts";
import type { Catch } from "./catch.ts";
import { catches } from "./catches.ts";
import { mechanisms } from "./mechanisms/index.ts";
import { mutationVariable } from "./mutated/mutated-source.ts";

/** Where its own seed does not fail any more, a mechanism has to be missed within so many others. */
const mostSeeds = 600;

async function failsWithout(id: string, choice: Extract<Catch, { by: "simulation" }>, from: number, seeds: number) {
  const where = ["--profile", choice.profile, "--tracker", choice.tracker];
  const asked = readArguments(["--mutation", id, "--from", String(from), "--seeds", String(seeds), ...where]);
  return (await sweep(asked)).failures.length > 0;
}

/**
 * `BACKREF_MUTATION_GATE=all` takes out every mechanism, which is minutes of work. Otherwise those that the simulation misses
 * within its first seeds.
 */
const quickSeeds = 20;
const isQuick = (known: Catch) => known.by === "simulation" && known.seed <= quickSeeds;
const chosen = Object.entries(catches).filter(
  ([, known]) => process.env["BACKREF_MUTATION_GATE"] === "all" || isQuick(known),
);

/** What Vitest says of core's tests over the source without the mechanism. */
async function testsWithout(id: string, files: readonly string[]): Promise<string> {
  const parameters = ["exec", "vitest", "run", "--config", "tests/mutation-gate/mutated/vitest.config.ts", ...files];
  const { output } = await runPnpm(parameters, { environment: { [mutationVariable]: id, NO_COLOR: "1" } });
  return output;
}

describe.concurrent("without it something fails", () => {
  test.for(chosen)("%s", async ([id, known], { expect }) => {
    if (known.by === "tests") {
      expect(await testsWithout(id, known.files)).toMatch(/Tests\s+\d+ failed/);
      return;
    }
    const isMissed = (await failsWithout(id, known, known.seed, 1)) || (await failsWithout(id, known, 1, mostSeeds));
    expect(isMissed, `No seed of ${mostSeeds} of profile ${known.profile} (${known.tracker}) misses it.`).toBe(true);
  });
});

test("of each mechanism it is known what notices its absence", () => {
  expect(Object.keys(catches).toSorted()).toEqual(mechanisms.map(({ id }) => id).toSorted());
});
