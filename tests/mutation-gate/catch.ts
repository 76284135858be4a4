import type { ProfileName, TrackerName } from "@backref/testing/simulation";

/** What notices that a mechanism is gone. */
export type Catch =
  | {
      readonly by: "simulation";
      readonly profile: ProfileName;
      readonly tracker: TrackerName;
      /** A seed that failed without it. Where the plans have changed since, others are tried. */
      readonly seed: number;
    }
  | {
      readonly by: "tests";
      /** Test files of core, at least one of which fails without it. */
      readonly files: readonly string[];
    };
