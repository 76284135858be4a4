import type { Figures } from "../oracle/findings.ts";
import { noFigures } from "../oracle/findings.ts";
import type { ProfileName } from "../plan/profile.ts";
import { addFigures } from "./add-figures.ts";

/** What was counted over some seeds. */
export interface Tally {
  readonly seeds: number;
  readonly figures: Figures;
}

/** Counts of each profile. */
export type Tallies = ReadonlyMap<ProfileName, Tally>;

/** Where counting begins. */
export const noTally: Tally = { seeds: 0, figures: noFigures };

/** Both counts together. */
export function addTallies(one: Tally, other: Tally): Tally {
  return { seeds: one.seeds + other.seeds, figures: addFigures(one.figures, other.figures) };
}

/** What happened, in relation to what it could happen to. Zero where nothing could. */
export interface Rates {
  /** Per request that was sent while there was trouble. */
  readonly requestFaults: number;
  /** Dropped, doubled, forged or truncated, per delivery. */
  readonly deliveryFaults: number;
  readonly deathsPerSeed: number;
  readonly pausesPerSeed: number;
  /** Edits at a tracker without compare-and-set that were overwritten unseen, per edit of people in such runs. */
  readonly unseenOverwritesPerEdit: number;
  /** Requests while people are at work, per edit of people. */
  readonly requestsPerEdit: number;
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/** Figures per seed, and per what they belong to. */
export function ratesOf({ seeds, figures }: Tally): Rates {
  const edits = figures.hostEdits + figures.trackerEdits;
  return {
    requestFaults: ratio(figures.requestFaults, figures.requestsInUse),
    deliveryFaults: ratio(figures.deliveryFaults, figures.deliveries),
    deathsPerSeed: ratio(figures.deaths, seeds),
    pausesPerSeed: ratio(figures.pauses, seeds),
    unseenOverwritesPerEdit: ratio(figures.unseenOverwrites, figures.exposedEdits),
    requestsPerEdit: ratio(figures.requestsInUse, edits),
  };
}

/** Counts of all profiles together. */
export function totalOf(tallies: Tallies): Tally {
  return [...tallies.values()].reduce(addTallies, noTally);
}

const whole = (value: number) => Math.round(value).toLocaleString("en-US");
const percent = (value: number) => `${(100 * value).toFixed(1)} %`;

/** The figures in words, a line each. */
export function reportFigures(tallies: Tallies, elapsedMs: number): readonly string[] {
  const total = totalOf(tallies);
  const { figures } = total;
  const rates = ratesOf(total);
  const byProfile = [...tallies].map(([name, tally]) => `${name} ${ratesOf(tally).requestsPerEdit.toFixed(2)}`);
  return [
    `request faults: ${percent(rates.requestFaults)} of ${whole(figures.requestsInUse)} requests in times of trouble`,
    `delivery faults: ${percent(rates.deliveryFaults)} of ${whole(figures.deliveries)} deliveries`,
    `processes, per seed: ${rates.deathsPerSeed.toFixed(2)} deaths, ${rates.pausesPerSeed.toFixed(2)} pauses`,
    `people: ${whole(figures.hostEdits)} edits at the host, ${whole(figures.trackerEdits)} at trackers`,
    `issues made by the engine: ${whole(figures.creates)}`,
    `conflicts recorded: ${whole(figures.conflicts)}`,
    `without compare-and-set: ${whole(figures.unseenOverwrites)} unseen overwrites (${whole(figures.lateOverwrites)} by late writes) in ${whole(figures.exposedEdits)} edits, ${rates.unseenOverwritesPerEdit.toFixed(5)} per edit; ${whole(figures.commentOverwrites)} of comments`,
    `requests per edit: ${byProfile.join(", ")}`,
    `events: ${whole(figures.events)}, ${whole(ratio(figures.events * 1_000, elapsedMs))} per second`,
  ];
}
