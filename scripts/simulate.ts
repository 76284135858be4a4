/**
 * `pnpm simulate`: runs the sync engine through many histories full of trouble and judges each of them. The last line is
 * `seeds N, violations M`, where M counts the seeds that broke a rule.
 *
 *   pnpm simulate --seeds 1000 --from 5000            seeds 5000 to 5999, each with the profile it chooses
 *   pnpm simulate --seeds 50 --profile quiet --tracker cas
 *   pnpm simulate --seeds 1 --from 17 --profile busy --tracker cas --keep 3,5,9 --without death,late --trace
 *   pnpm simulate --seeds 500 --mutation commit-fence  stops at the first seed that misses the mechanism
 *
 * With `--json` it prints one object, and the last line goes to stderr.
 */

import { readArguments, type SimulateArguments } from "./simulation/arguments.ts";
import { mechanismNamed } from "./simulation/mutation.ts";
import { lastLine, report, reportJson } from "./simulation/report.ts";
import { type Progress, type Sweep, sweep } from "./simulation/sweep.ts";

const progressEveryMs = 3_000;

async function read(): Promise<SimulateArguments | null> {
  try {
    const asked = readArguments(process.argv.slice(2));
    if (asked.mutation !== null) await mechanismNamed(asked.mutation);
    return asked;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(error.message);
    return null;
  }
}

function progressLines(asked: SimulateArguments): (progress: Progress) => void {
  const startedAt = performance.now();
  let shownAt = startedAt;
  let told = 0;
  return ({ seeds, failures }) => {
    for (const { choice, violations } of failures.slice(told)) {
      console.error(`seed ${choice.seed} (${choice.profile}, ${choice.tracker}): ${violations[0]}`);
    }
    told = failures.length;
    const now = performance.now();
    if (now - shownAt < progressEveryMs) return;
    shownAt = now;
    const perSecond = (seeds * 1_000) / (now - startedAt);
    console.error(
      `${seeds} of ${asked.seeds} seeds, ${failures.length} with violations, ${perSecond.toFixed(1)} per second`,
    );
  };
}

function show(found: Sweep, asked: SimulateArguments): void {
  if (asked.isJson) console.log(reportJson(found, asked));
  else for (const line of report(found, asked)) console.log(line);
  if (asked.isJson) console.error(lastLine(found));
  else console.log(lastLine(found));
}

/** 2 where the seeds could not be run. */
async function simulate(): Promise<0 | 1 | 2> {
  const asked = await read();
  if (asked === null) return 2;
  try {
    const found = await sweep(asked, progressLines(asked));
    show(found, asked);
    return found.failures.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(error);
    return 2;
  }
}

process.exitCode = await simulate();
