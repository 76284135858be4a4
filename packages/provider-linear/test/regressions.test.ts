import { createMemoryStorage } from "@backref/storage-memory";
import { attemptSeed, everything, type SeedChoice } from "@backref/testing/simulation";
import { expect, test } from "vitest";
import { createLinearProvider } from "../src/index.ts";

/** Histories over Linear that have to stay clean. */
const regressions: readonly (SeedChoice & { readonly about: string })[] = [
  {
    seed: 97,
    profile: "slow",
    tracker: "linear",
    about: "A team was read between the look at an issue and the write, and that took seven seconds.",
  },
  {
    seed: 28,
    profile: "host-store",
    tracker: "linear",
    about:
      "A rate limit ended the doubt about the create before it, and what that had sent came in as somebody's edit.",
  },
  {
    seed: 34,
    profile: "slow",
    tracker: "linear",
    about: "Somebody wrote a comment before anybody knew whose the issue was, and nothing counts comments there.",
  },
  {
    seed: 37,
    profile: "comments",
    tracker: "linear",
    about: "A comment was deleted, the delivery was lost, and the sweep looked at the issue alone.",
  },
];

test.each(regressions)("seed $seed, $profile: $about", async ({ about: _about, ...choice }) => {
  const { violations, trace } = await attemptSeed({
    ...choice,
    switches: everything,
    withTrace: true,
    isRepeated: false,
    createStorage: (clock) => createMemoryStorage({ clock }),
    providers: { linear: createLinearProvider },
  });
  expect(violations, trace.join("\n")).toEqual([]);
});
