import type { CoverageVerdict, IssueCoverage, ObservedObject } from "./coverage-types.ts";

/** The objects that cover one issue, counted. */
export interface Tally {
  readonly count: number;
  readonly outcomes: IssueCoverage["outcomes"];
  readonly named: readonly ObservedObject[];
  /** @param most objects that are named */
  add(object: ObservedObject, most: number): void;
}

export function createTally(): Tally {
  const outcomes = { passed: 0, failed: 0, blocked: 0, skipped: 0, notRun: 0 };
  const named: ObservedObject[] = [];
  const tally = {
    count: 0,
    outcomes,
    named,
    add(object: ObservedObject, most: number) {
      tally.count += 1;
      outcomes[object.outcome ?? "notRun"] += 1;
      if (object.outcome === "failed") {
        // Behind the failed ones that are there, before all others.
        named.splice(Math.min(outcomes.failed - 1, named.length), 0, object);
        if (named.length > most) named.pop();
      } else if (named.length < most) named.push(object);
    },
  };
  return tally;
}

export function verdictOf({ count, outcomes }: Pick<Tally, "count" | "outcomes">): CoverageVerdict {
  if (count === 0) return "uncovered";
  if (outcomes.failed > 0) return "failing";
  return outcomes.passed === count ? "passing" : "incomplete";
}
