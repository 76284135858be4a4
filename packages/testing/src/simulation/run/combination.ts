import { type ProfileName, usualProfiles } from "../plan/profile.ts";
import type { TrackerName } from "../tracker/remote-tracker.ts";

/** Every tracker that can be asked for. */
export const trackerNames: readonly TrackerName[] = [
  "cas",
  "plain",
  "azure-devops",
  "github",
  "gitlab",
  "jira",
  "linear",
];

/** Those that run when none is asked for. */
export const usualTrackers: readonly TrackerName[] = ["cas", "plain"];

/** One way to run a seed. */
export interface Combination {
  readonly profile: ProfileName;
  readonly tracker: TrackerName;
}

/** Enough to run the same history again. */
export interface SeedChoice extends Combination {
  readonly seed: number;
}

/** What a seed runs with. It follows from the seed alone, and seeds in a row take every combination in its turn. */
export function combinationOf(
  seed: number,
  asked: { readonly profile: ProfileName | null; readonly tracker: TrackerName | null } = {
    profile: null,
    tracker: null,
  },
): Combination {
  const profiles = asked.profile === null ? usualProfiles : [asked.profile];
  const trackers = asked.tracker === null ? usualTrackers : [asked.tracker];
  const combinations = trackers.flatMap((tracker) => profiles.map((profile) => ({ profile, tracker })));
  const chosen = combinations[seed % combinations.length];
  if (chosen === undefined) throw new TypeError(`A seed is a whole number from 0 on, not ${seed}.`);
  return chosen;
}

/** About one seed in a hundred has to prove that it can be repeated. The number is prime, so all combinations do. */
export function isRepeatedSeed(seed: number): boolean {
  return seed % 101 === 1;
}
