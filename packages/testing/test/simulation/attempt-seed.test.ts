import { describe, expect, test } from "vitest";
import {
  attemptSeed,
  combinationOf,
  runSeed,
  type SeedResult,
  usualProfiles,
  usualTrackers,
  withoutRealTime,
} from "../../src/simulation/index.ts";
import { busySeed, createStorage, resultOf } from "./fake-run.ts";

/** A run that finds one thing after the other. */
function inTurn(...results: readonly SeedResult[]): { readonly run: typeof runSeed; readonly count: () => number } {
  let count = 0;
  const run = async () => {
    const result = results[count];
    count += 1;
    if (result === undefined) throw new Error("It ran too often.");
    return result;
  };
  return { run, count: () => count };
}

describe("a seed", () => {
  const seeds = Array.from({ length: usualProfiles.length * usualTrackers.length }, (_, index) => index + 1);

  test.each(seeds.map((seed) => ({ seed, ...combinationOf(seed) })))(
    "runs the same way twice: $seed, $profile with $tracker",
    async (choice) => {
      const run = () => withoutRealTime(() => runSeed({ ...busySeed, ...choice, createStorage }));
      const [first, second] = [await run(), await run()];
      expect(second).toEqual(first);
      expect(first.figures.events).toBeGreaterThan(100);
    },
  );

  test("runs the same way with and without a trace", async () => {
    const silent = await runSeed(busySeed);
    const traced = await runSeed({ ...busySeed, withTrace: true });
    expect(traced.hash).toBe(silent.hash);
    expect(traced.trace.length).toBeGreaterThan(10);
  });

  test("is another history than the next one", async () => {
    const [one, other] = [await runSeed(busySeed), await runSeed({ ...busySeed, seed: 2 })];
    expect(one.hash).not.toBe(other.hash);
  });
});

describe("an attempt", () => {
  test("runs once, or twice where the seed has to prove that it is repeatable", async () => {
    const once = inTurn(resultOf([]));
    expect(await attemptSeed({ ...busySeed, isRepeated: false }, once.run)).toEqual(resultOf([]));
    const twice = inTurn(resultOf([]), resultOf([]));
    expect(await attemptSeed({ ...busySeed, isRepeated: true }, twice.run)).toEqual(resultOf([]));
    expect([once.count(), twice.count()]).toEqual([1, 2]);
  });

  test.each([
    ["events", resultOf(["I1 apart"], { hash: 2 })],
    ["judgement", resultOf(["I2 twice"])],
  ])("says so where the second %s is another", async (_what, second) => {
    const { run } = inTurn(resultOf(["I1 apart"]), second);
    const { violations } = await attemptSeed({ ...busySeed, isRepeated: true }, run);
    expect(violations).toEqual([expect.stringMatching(/^not repeatable: /), "I1 apart"]);
  });

  test("takes an exception for a violation and shows where it came from", async () => {
    const run = async () => {
      throw new RangeError("It went wrong.");
    };
    const { violations } = await attemptSeed({ ...busySeed, isRepeated: false }, run);
    expect(violations).toEqual([expect.stringMatching(/^threw RangeError: It went wrong\.\n.*attempt-seed\.test/)]);
  });

  test.each([
    ["Date.now", () => Date.now()],
    ["setTimeout", () => setTimeout(() => {}, 1)],
    ["setInterval", () => setInterval(() => {}, 1)],
  ])("refuses %s", async (name, ask) => {
    const run = async () => {
      ask();
      return resultOf([]);
    };
    const { violations } = await attemptSeed({ ...busySeed, isRepeated: false }, run);
    expect(violations).toEqual([expect.stringContaining(`${name} was called inside a simulated run`)]);
    expect(Date.now()).toBeGreaterThan(0);
  });

  test("shows the history that led to an exception", async () => {
    const createBroken: typeof createStorage = (clock) => {
      const storage = createStorage(clock);
      const find: typeof storage.find = (scope, query) => {
        if (query.table === "link" && query.by === "source") throw new Error("The judge cannot look.");
        return storage.find(scope, query);
      };
      return { ...storage, find };
    };
    const { violations, trace } = await runSeed({ ...busySeed, createStorage: createBroken, withTrace: true });
    expect(violations.join("\n")).toContain("threw Error: The judge cannot look.");
    expect(trace.length).toBeGreaterThan(10);
  });
});
