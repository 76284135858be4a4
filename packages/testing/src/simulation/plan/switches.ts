/** Kinds of trouble that a run can do without, to find the shortest history that still fails. */
export const troubleKinds = [
  "refused",
  "lostBefore",
  "lostAfter",
  "late",
  "unavailable",
  "badGateway",
  "rateLimit",
  "drop",
  "labelRefused",
  "stale",
  "indexLag",
  "dropped",
  "doubled",
  "forged",
  "truncated",
  "death",
  "pause",
  "storageTrouble",
  "noticeLost",
  "clocks",
] as const;
/** One of `troubleKinds`. */
export type TroubleKind = (typeof troubleKinds)[number];

/** What of a seed's plan takes place. */
export interface Switches {
  /** Numbers of the steps that are kept; null for all. */
  readonly steps: ReadonlySet<number> | null;
  readonly without: ReadonlySet<TroubleKind>;
}

/** All steps and all trouble take part. */
export const everything: Switches = { steps: null, without: new Set() };
