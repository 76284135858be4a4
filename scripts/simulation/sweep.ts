import {
  addTallies,
  combinationOf,
  isRepeatedSeed,
  noTally,
  notRepeatable,
  type ProfileName,
  ruleOf,
  type SeedChoice,
  type Switches,
  type Tallies,
  type Tally,
} from "@backref/testing/simulation";
import type { SimulateArguments } from "./arguments.ts";
import type { Answer, Job } from "./messages.ts";
import { createPool, type Pool } from "./pool.ts";

/** A seed that broke a rule. */
export interface Failure {
  readonly choice: SeedChoice;
  readonly switches: Switches;
  readonly violations: readonly string[];
  /** The shortest history found that fails in the same way; null where none was looked for. */
  readonly shortest: Answer | null;
}

/** What became of all seeds. */
export interface Sweep {
  readonly seeds: number;
  /** In the order of their seeds. */
  readonly failures: readonly Failure[];
  readonly tallies: Tallies;
  /** From the first seed to the last, without the search for short histories. */
  readonly elapsedMs: number;
  /** Sum over all seeds of the time each of them took on its thread. */
  readonly workedMs: number;
  /** Of the only seed, where it was asked for. */
  readonly trace: readonly string[];
}

export interface Progress {
  readonly seeds: number;
  /** In the order in which they were found. */
  readonly failures: readonly Failure[];
}

/** As many failing seeds are looked into. */
const mostShrunk = 3;

function jobOf(seed: number, { profile, tracker, switches, withTrace }: SimulateArguments): Job {
  const choice = { seed, ...combinationOf(seed, { profile, tracker }) };
  return { choice, switches, isRepeated: isRepeatedSeed(seed), withTrace, isShrunk: false };
}

/** Runs all seeds; with a mutation, until the first one fails. */
export async function sweep(
  asked: SimulateArguments,
  onProgress: (progress: Progress) => void = () => {},
): Promise<Sweep> {
  // A thread that gets no seed would only take time to start.
  const pool = createPool({ ...asked, workers: Math.min(asked.workers, asked.seeds) });
  try {
    return await sweepIn(pool, asked, onProgress);
  } finally {
    await pool.stop();
  }
}

async function sweepIn(pool: Pool, asked: SimulateArguments, onProgress: (progress: Progress) => void): Promise<Sweep> {
  const tallies = new Map<ProfileName, Tally>();
  const failures: Failure[] = [];
  let trace: readonly string[] = [];
  let seeds = 0;
  let workedMs = 0;
  const isMutated = asked.mutation !== null;
  const startedAt = performance.now();

  function* jobs(): Generator<Job> {
    for (let seed = asked.from; seed < asked.from + asked.seeds; seed += 1) {
      // Jobs that were handed out are finished, so the first seed to fail is the same however fast the threads are.
      if (isMutated && failures.length > 0) return;
      yield jobOf(seed, asked);
    }
  }
  await pool.run(jobs(), ({ choice, switches }, { result, durationMs }) => {
    seeds += 1;
    workedMs += durationMs;
    tallies.set(
      choice.profile,
      addTallies(tallies.get(choice.profile) ?? noTally, { seeds: 1, figures: result.figures }),
    );
    if (asked.withTrace) trace = result.trace;
    if (result.violations.length > 0)
      failures.push({ choice, switches, violations: result.violations, shortest: null });
    onProgress({ seeds, failures });
  });
  const elapsedMs = performance.now() - startedAt;

  failures.sort((one, other) => one.choice.seed - other.choice.seed);
  if (isMutated) failures.splice(1);
  const shrunk = asked.withTrace || isMutated ? failures : await withShortest(pool, failures);
  return { seeds, failures: shrunk, tallies: sorted(tallies), elapsedMs, workedMs, trace };
}

/** Different rules first, so that what is shown tells the most. */
function worthShrinking(failures: readonly Failure[]): readonly Failure[] {
  const firsts = new Map<string, Failure>();
  for (const failure of failures) {
    const rule = ruleOf(failure.violations[0] ?? "");
    if (!firsts.has(rule)) firsts.set(rule, failure);
  }
  return [...new Set([...firsts.values(), ...failures])].slice(0, mostShrunk);
}

async function withShortest(pool: Pool, failures: readonly Failure[]): Promise<readonly Failure[]> {
  const jobs = worthShrinking(failures).map(
    ({ choice, switches, violations }): Job => ({
      choice,
      switches,
      isRepeated: violations[0]?.startsWith(notRepeatable) === true,
      withTrace: false,
      isShrunk: true,
    }),
  );
  const shortest = new Map<number, Answer>();
  await pool.run(jobs, ({ choice }, answer) => void shortest.set(choice.seed, answer));
  return failures.map((failure) => ({ ...failure, shortest: shortest.get(failure.choice.seed) ?? null }));
}

const sorted = (tallies: Tallies): Tallies => new Map([...tallies].sort(([one], [other]) => one.localeCompare(other)));
