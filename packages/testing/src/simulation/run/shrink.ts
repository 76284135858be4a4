import { createPlan } from "../plan/plan.ts";
import { profileNamed } from "../plan/profile.ts";
import { type Switches, troubleKinds } from "../plan/switches.ts";
import { runSeed, type SeedOptions, type SeedResult } from "./run-seed.ts";

/** A history that breaks a rule, and how long a shorter one is looked for. */
export interface ShrinkOptions {
  /** A seed that fails. The search begins with its switches. */
  readonly failing: SeedOptions;
  /** @default runSeed */
  readonly run?: (options: SeedOptions) => Promise<SeedResult>;
  /** Runs that the search may take. One more follows, with a trace. @default 200 */
  readonly mostRuns?: number;
  /** Asked before each of them: true ends the search with what it has. @default never */
  readonly isOver?: () => boolean;
}

/** The shortest history that was found. */
export interface Shrunk {
  readonly switches: Switches;
  /** Steps that are left of the plan. */
  readonly steps: number;
  readonly plannedSteps: number;
  readonly runs: number;
  /** Of the last run, with its trace. */
  readonly result: SeedResult;
}

/** The word a violation begins with, for example `I3`: what stays the same while a history gets shorter. */
export function ruleOf(violation: string): string {
  const [word, second] = violation.split(/\s+/);
  const isStep = word?.startsWith("#") === true;
  return (isStep ? second : word) ?? "";
}

/**
 * The shortest history found that fails in the same way: with fewer kinds of trouble first, then with fewer steps, then
 * with fewer kinds again. Null where the seed does not fail.
 */
export async function shrink(options: ShrinkOptions): Promise<Shrunk | null> {
  const { failing, run = runSeed, mostRuns = 200, isOver = () => false } = options;
  const planned = createPlan(failing.seed, profileNamed(failing.profile)).map((step) => step.number);
  let { switches } = failing;
  let runs = 0;

  const firstRule = async (tried: Switches): Promise<string | null> => {
    runs += 1;
    const { violations } = await run({ ...failing, switches: tried, withTrace: false });
    return violations[0] === undefined ? null : ruleOf(violations[0]);
  };
  const rule = await firstRule(switches);
  if (rule === null) return null;

  /** Keeps the switches if the history still fails with them. */
  const accept = async (tried: Switches): Promise<boolean> => {
    if (runs >= mostRuns || isOver() || (await firstRule(tried)) !== rule) return false;
    switches = tried;
    return true;
  };
  const dropTrouble = async () => {
    for (const kind of troubleKinds) {
      if (switches.without.has(kind)) continue;
      await accept({ ...switches, without: new Set([...switches.without, kind]) });
    }
  };
  const dropSteps = async () => {
    let kept = planned.filter((number) => switches.steps === null || switches.steps.has(number));
    for (let size = Math.ceil(kept.length / 2); size > 0; ) {
      const before = kept.length;
      for (let at = 0; at < kept.length; ) {
        const fewer = kept.toSpliced(at, size);
        if (await accept({ ...switches, steps: new Set(fewer) })) kept = fewer;
        else at += size;
      }
      if (size > 1) size = Math.ceil(size / 2);
      else if (kept.length === before) size = 0;
    }
    return kept.length;
  };

  await dropTrouble();
  const steps = await dropSteps();
  if (steps < planned.length) await dropTrouble();
  const result = await run({ ...failing, switches, withTrace: true });
  return { switches, steps, plannedSteps: planned.length, runs: runs + 1, result };
}
