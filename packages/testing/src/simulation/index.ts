/**
 * A deterministic simulation of the sync engine under trouble of all kinds, and a judge who looks on. A seed decides
 * everything that happens, so a history can be run again as often as one likes.
 * @packageDocumentation
 */
export { withoutRealTime } from "./kernel/real-time.ts";
export { type Figures, noFigures } from "./oracle/findings.ts";
export type { Profile } from "./plan/profile.ts";
export { type ProfileName, profileNamed, profileNames, usualProfiles } from "./plan/profile.ts";
export { everything, type Switches, type TroubleKind, troubleKinds } from "./plan/switches.ts";
export { addFigures } from "./run/add-figures.ts";
export { type AttemptOptions, attemptSeed, notRepeatable } from "./run/attempt-seed.ts";
export {
  type Combination,
  combinationOf,
  isRepeatedSeed,
  type SeedChoice,
  trackerNames,
  usualTrackers,
} from "./run/combination.ts";
export {
  addTallies,
  noTally,
  type Rates,
  ratesOf,
  reportFigures,
  type Tallies,
  type Tally,
  totalOf,
} from "./run/report-figures.ts";
export { runSeed, type SeedOptions, type SeedResult } from "./run/run-seed.ts";
export { ruleOf, type ShrinkOptions, type Shrunk, shrink } from "./run/shrink.ts";
export { thrown } from "./run/thrown.ts";
export type { TrackerName, TrackerProviders } from "./tracker/remote-tracker.ts";
