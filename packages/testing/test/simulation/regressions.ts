import type { SeedChoice, TroubleKind } from "../../src/simulation/index.ts";

/** A history that once went wrong. */
export interface Regression extends SeedChoice {
  /** Numbers of the steps that take part. @default all */
  readonly keep?: readonly number[];
  /** Kinds of trouble that it does without. @default none */
  readonly without?: readonly TroubleKind[];
  /** What was wrong, in one sentence. */
  readonly about: string;
}

/** Histories that have to stay clean. A change of the plans makes other histories of these seeds, so prefer a test. */
export const regressions: readonly Regression[] = [];
