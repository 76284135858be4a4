import { withoutRealTime } from "../kernel/real-time.ts";
import { noFigures } from "../oracle/findings.ts";
import { runSeed, type SeedOptions, type SeedResult } from "./run-seed.ts";
import { thrown } from "./thrown.ts";

/** A seed, and how it is tried. */
export interface AttemptOptions extends SeedOptions {
  /** Runs the seed twice: both histories have to be the same. */
  readonly isRepeated: boolean;
}

/** What the violation of a seed begins with that did not run the same way twice. */
export const notRepeatable = "not repeatable";

async function attempt(options: SeedOptions, run: typeof runSeed): Promise<SeedResult> {
  try {
    return await withoutRealTime(() => run(options));
  } catch (error) {
    return { violations: [thrown(error)], figures: { ...noFigures }, hash: 0, trace: [] };
  }
}

/** Runs a seed under refusal of real time. Whatever happens is a result: what is thrown is a violation too. */
export async function attemptSeed(options: AttemptOptions, run: typeof runSeed = runSeed): Promise<SeedResult> {
  const first = await attempt(options, run);
  if (!options.isRepeated) return first;
  const second = await attempt(options, run);
  const difference = differenceOf(first, second);
  return difference === null
    ? first
    : { ...first, violations: [`${notRepeatable}: ${difference}`, ...first.violations] };
}

function differenceOf(first: SeedResult, second: SeedResult): string | null {
  if (first.hash !== second.hash) {
    const events = [first, second].map(({ figures }) => figures.events);
    return `events hash to ${first.hash} and then to ${second.hash} (${events.join(" and ")} events)`;
  }
  const [one, other] = [first, second].map(({ violations }) => violations.join("; "));
  return one === other ? null : `the same events were judged "${one}" and then "${other}"`;
}
