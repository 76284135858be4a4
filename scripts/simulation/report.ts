import { ratesOf, reportFigures, totalOf } from "@backref/testing/simulation";
import { replayParameters, type SimulateArguments } from "./arguments.ts";
import type { Failure, Sweep } from "./sweep.ts";

const mostTraceLines = 120;
const longestLine = 240;

const cut = (line: string) => (line.length <= longestLine ? line : `${line.slice(0, longestLine - 1)}…`);
const indented = (texts: readonly string[], by: number) =>
  texts.flatMap((text) => text.split("\n")).map((line) => cut(`${" ".repeat(by)}${line}`));
const nameOf = ({ choice }: Failure) => `seed ${choice.seed} (${choice.profile}, ${choice.tracker})`;

/** The very last line. */
export function lastLine({ seeds, failures }: Sweep): string {
  return `seeds ${seeds}, violations ${failures.length}`;
}

function replayCommand({ choice, switches, shortest }: Failure, mutation: string | null): string {
  const parameters = replayParameters(choice, shortest?.switches ?? switches, mutation);
  return `npx -y pnpm@12 simulate ${parameters.join(" ")}`;
}

/** The end of a trace, which is what leads to the violation. */
function shortTrace(trace: readonly string[]): readonly string[] {
  const left = trace.length - mostTraceLines;
  const note = left > 0 ? [`… ${left} lines before`] : [];
  return [...note, ...trace.slice(-mostTraceLines)];
}

function describeFailure(failure: Failure, mutation: string | null): readonly string[] {
  const { shortest, violations } = failure;
  const history =
    shortest === null
      ? []
      : [
          `  the shortest history found, in ${shortest.runs} runs:`,
          ...indented(shortTrace(shortest.result.trace), 4),
          "  which ends with:",
          ...indented(shortest.result.violations, 4),
        ];
  return [
    "",
    `${nameOf(failure)} failed:`,
    ...indented(violations, 2),
    ...history,
    `  replay: ${replayCommand(failure, mutation)}`,
  ];
}

function describeMutation({ seeds, failures }: Sweep, mutation: string, from: number): string {
  const [first] = failures;
  return first === undefined
    ? `without "${mutation}" nothing was found wrong in ${seeds} seeds`
    : `without "${mutation}" seed ${first.choice.seed} fails, after ${first.choice.seed - from + 1} seeds`;
}

/** What was counted over all seeds, a line each. */
export function describeFigures({ seeds, tallies, elapsedMs, workedMs }: Sweep): readonly string[] {
  const time = `time: ${(elapsedMs / 1_000).toFixed(1)} s, ${(workedMs / seeds).toFixed(1)} ms per seed and thread`;
  return [...reportFigures(tallies, elapsedMs), time];
}

/** Everything but the last line, for people. */
export function report(found: Sweep, { mutation, from }: SimulateArguments): readonly string[] {
  const { failures } = found;
  // Shown in full: those that were looked into, or those one knows nothing else of.
  const isDetailed = (failure: Failure) => failure.shortest !== null || failures.every((one) => one.shortest === null);
  const detailed = failures.filter(isDetailed);
  const others = failures.filter((failure) => !isDetailed(failure));
  return [
    ...found.trace,
    ...describeFigures(found),
    ...(mutation === null ? [] : [describeMutation(found, mutation, from)]),
    ...detailed.flatMap((failure) => describeFailure(failure, mutation)),
    ...(others.length === 0 ? [] : ["", `${others.length} more:`]),
    ...others.map((failure) => cut(`${nameOf(failure)}: ${failure.violations[0]}`)),
  ];
}

/** The same as one object. */
export function reportJson(found: Sweep, { mutation }: SimulateArguments): string {
  const { seeds, failures, tallies, elapsedMs, workedMs } = found;
  return JSON.stringify({
    seeds,
    violations: failures.length,
    elapsedMs: Math.round(elapsedMs),
    msPerSeed: workedMs / seeds,
    mutation,
    figures: totalOf(tallies).figures,
    rates: ratesOf(totalOf(tallies)),
    profiles: Object.fromEntries([...tallies].map(([name, tally]) => [name, { ...tally, rates: ratesOf(tally) }])),
    failures: failures.map((failure) => ({
      ...failure.choice,
      violations: failure.violations,
      replay: replayCommand(failure, mutation),
      shortestTrace: failure.shortest === null ? null : shortTrace(failure.shortest.result.trace),
    })),
  });
}
