import type { SeedChoice, SeedResult, Switches } from "@backref/testing/simulation";

/** What a worker thread is started with. */
export interface WorkerSettings {
  /** Id of a mechanism that is taken out before anything is loaded, or null. */
  readonly mutation: string | null;
}

/** One seed for a worker thread. */
export interface Job {
  readonly choice: SeedChoice;
  readonly switches: Switches;
  /** Runs it twice: both histories have to be the same. */
  readonly isRepeated: boolean;
  readonly withTrace: boolean;
  /** Looks for the shortest history that fails in the same way, and answers with that. */
  readonly isShrunk: boolean;
}

/** What became of a job. */
export interface Answer {
  /** What took place in the end: those of the job, or fewer steps and less trouble. */
  readonly switches: Switches;
  readonly result: SeedResult;
  readonly runs: number;
  readonly durationMs: number;
}

/** The first message of a worker thread says that it has loaded everything; each other one is an answer. */
export type WorkerMessage = { readonly kind: "ready" } | { readonly kind: "answer"; readonly answer: Answer };
