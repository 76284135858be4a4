import type { Storage } from "@backref/core/storage";
import { createMemoryStorage } from "@backref/storage-memory";
import { everything, noFigures, type SeedOptions, type SeedResult } from "../../src/simulation/index.ts";

export const createStorage = (clock: { now(): number; monotonic(): number }): Storage => createMemoryStorage({ clock });

export const busySeed: SeedOptions = {
  seed: 1,
  profile: "busy",
  tracker: "cas",
  switches: everything,
  createStorage,
  withTrace: false,
};

/** What a run could have found. */
export function resultOf(violations: readonly string[], differences: Partial<SeedResult> = {}): SeedResult {
  return { violations, figures: { ...noFigures }, hash: 1, trace: [], ...differences };
}
