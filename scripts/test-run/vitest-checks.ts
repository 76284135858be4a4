import { availableParallelism } from "node:os";
import { startVitest } from "vitest/node";
import { repositoryRoot } from "../repository.ts";
import type { Outcome } from "./outcome.ts";
import { OutcomeReporter } from "./outcome-reporter.ts";

export interface VitestSelection {
  /** Names of projects; `!name` leaves one out. */
  readonly projects: readonly string[];
  /** Parts of file names. @default all files */
  readonly files?: readonly string[];
}

/** Runs the tests of some projects of `vitest.workspace.ts`. */
export async function vitestChecks(
  selection: VitestSelection,
  onProjectEnd: (project: string, outcomes: readonly Outcome[]) => void,
): Promise<readonly Outcome[]> {
  const reporter = new OutcomeReporter(onProjectEnd);
  const vitest = await startVitest([...(selection.files ?? [])], {
    root: repositoryRoot,
    config: "vitest.workspace.ts",
    project: [...selection.projects],
    reporters: [reporter],
    passWithNoTests: true,
    watch: false,
    // Vitest leaves a core to others. Here nobody else waits, and tests often wait for a server or a process of their own.
    maxWorkers: availableParallelism() + 1,
  });
  await vitest.close();
  return reporter.outcomes;
}
