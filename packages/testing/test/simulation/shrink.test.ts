import { describe, expect, test } from "vitest";
import {
  everything,
  ruleOf,
  type SeedOptions,
  type SeedResult,
  type Switches,
  shrink,
  troubleKinds,
} from "../../src/simulation/index.ts";
import { busySeed, resultOf } from "./fake-run.ts";

const isKept = ({ steps }: Switches, number: number) => steps === null || steps.has(number);

/** Runs that fail where the switches allow it, and a log of them. */
function failingWhere(fails: (switches: Switches) => string | null) {
  const log: SeedOptions[] = [];
  const run = async (options: SeedOptions): Promise<SeedResult> => {
    log.push(options);
    const violation = fails(options.switches);
    return resultOf(violation === null ? [] : [violation], { trace: options.withTrace ? ["how it came"] : [] });
  };
  return { log, run };
}

describe("the search for a short history", () => {
  test("keeps the steps and the trouble it takes, and nothing else", async () => {
    const { run } = failingWhere((switches) =>
      isKept(switches, 7) && isKept(switches, 30) && !switches.without.has("late") ? "I3 lost" : null,
    );
    const shrunk = await shrink({ failing: busySeed, run });
    expect([...(shrunk?.switches.steps ?? [])]).toEqual([7, 30]);
    expect(shrunk?.steps).toBe(2);
    expect(shrunk?.plannedSteps).toBeGreaterThan(30);
    expect(troubleKinds.filter((kind) => shrunk?.switches.without.has(kind) !== true)).toEqual(["late"]);
  });

  test("does not take another failure for the same", async () => {
    const { run } = failingWhere((switches) => (isKept(switches, 3) ? "I3 lost" : "I1 apart"));
    const shrunk = await shrink({ failing: busySeed, run });
    expect([...(shrunk?.switches.steps ?? [])]).toEqual([3]);
    expect(shrunk?.result.violations).toEqual(["I3 lost"]);
  });

  test("tries trouble again once there are fewer steps", async () => {
    const { run } = failingWhere((switches) =>
      isKept(switches, 5) && (switches.steps !== null || !switches.without.has("death")) ? "I2 twice" : null,
    );
    const shrunk = await shrink({ failing: busySeed, run });
    expect(shrunk?.switches.without.size).toBe(troubleKinds.length);
  });

  test("ends with a run that is traced, of what was found", async () => {
    const { log, run } = failingWhere((switches) => (isKept(switches, 9) ? "I3 lost" : null));
    const shrunk = await shrink({ failing: busySeed, run });
    expect(shrunk?.result.trace).toEqual(["how it came"]);
    expect(log.filter(({ withTrace }) => withTrace)).toEqual([log.at(-1)]);
    expect(log.at(-1)?.switches).toEqual(shrunk?.switches);
    expect(shrunk?.runs).toBe(log.length);
  });

  test("takes no more runs than it may, and one with a trace", async () => {
    const { log, run } = failingWhere((switches) =>
      switches.steps === null || switches.steps.size > 20 ? "I3" : null,
    );
    await shrink({ failing: busySeed, run, mostRuns: 30 });
    expect(log).toHaveLength(31);
  });

  test("ends when its time is over", async () => {
    const { log, run } = failingWhere(() => "I3");
    await shrink({ failing: busySeed, run, isOver: () => log.length >= 5 });
    expect(log).toHaveLength(6);
  });

  test("begins with the switches it is given", async () => {
    const switches: Switches = { steps: new Set([1, 2, 3, 4]), without: new Set(["death"]) };
    const { log, run } = failingWhere(() => "I3 lost");
    const shrunk = await shrink({ failing: { ...busySeed, switches }, run });
    expect(log.every((options) => options.switches.without.has("death"))).toBe(true);
    expect(log.every((options) => [...(options.switches.steps ?? [0])].every((step) => step >= 1 && step <= 4))).toBe(
      true,
    );
    expect(shrunk?.steps).toBe(0);
  });

  test("finds nothing where nothing fails", async () => {
    const { log, run } = failingWhere(() => null);
    expect(await shrink({ failing: { ...busySeed, switches: everything }, run })).toBeNull();
    expect(log).toHaveLength(1);
  });
});

test.each([
  ["I3 title of 3: lost", "I3"],
  ["threw Error: no\n    at here", "threw"],
  ["#17 link ended with TypeError", "link"],
])("%j is a failure of the kind %s", (violation, rule) => {
  expect(ruleOf(violation)).toBe(rule);
});
