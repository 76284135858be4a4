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
];

test.each(regressions)("seed $seed, $profile: $about", async ({ about: _about, ...choice }) => {
  const { violations, trace } = await attemptSeed({
    ...choice,
    switches: everything,
    withTrace: true,
    isRepeated: false,
    createStorage: (clock) => createMemoryStorage({ clock }),
    createLinearProvider,
  });
  expect(violations, trace.join("\n")).toEqual([]);
});
