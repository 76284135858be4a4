/** What became of one test or one check. */
export interface Outcome {
  /** Names the test from the outside in, for example `core > mapping > keeps trivial`. */
  readonly name: string;
  readonly status: "passed" | "failed" | "skipped";
  /** Why it was skipped, or what went wrong. Empty for what passed. */
  readonly detail: string;
  /** Figures a test wants to be seen in the summary. */
  readonly notes: readonly string[];
}

export function count(outcomes: readonly Outcome[], status: Outcome["status"]): number {
  return outcomes.filter((outcome) => outcome.status === status).length;
}

/** The last line of every test run: `12 passed, 0 failed`, with the skipped ones where there are any. */
export function summaryLine(outcomes: readonly Outcome[]): string {
  const skipped = count(outcomes, "skipped");
  const line = `${count(outcomes, "passed")} passed, ${count(outcomes, "failed")} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}
