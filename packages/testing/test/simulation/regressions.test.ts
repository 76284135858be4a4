import { describe, expect, test } from "vitest";
import { attemptSeed } from "../../src/simulation/index.ts";
import { busySeed } from "./fake-run.ts";
import { regressions } from "./regressions.ts";

test("every regression says what was wrong", () => {
  expect(regressions.filter(({ about }) => !/^[A-Z].{20,}\.$/.test(about))).toEqual([]);
});

describe.each(regressions)("seed $seed, $profile with $tracker", ({ about, keep, without, ...choice }) => {
  test(about, async () => {
    const switches = { steps: keep === undefined ? null : new Set(keep), without: new Set(without) };
    const options = { ...busySeed, ...choice, switches, withTrace: true, isRepeated: false };
    const { violations, trace } = await attemptSeed(options);
    expect(violations, trace.join("\n")).toEqual([]);
  });
});
