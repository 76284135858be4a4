import type { Storage } from "@backref/core/storage";
import { createMemoryStorage } from "@backref/storage-memory";
import { describe, expect, test } from "vitest";
import { createVirtualTime, runSuite, type StorageContext, type Suite, storageSuite } from "../../src/index.ts";
import { wrongAtOnce } from "./wrong-at-once.ts";
import { wrongCommits } from "./wrong-commits.ts";
import { wrongOverviews } from "./wrong-overviews.ts";
import { wrongReads } from "./wrong-reads.ts";
import { wrongReservations } from "./wrong-reservations.ts";
import { wrongWork } from "./wrong-work.ts";
import { wrongWorkAtOnce } from "./wrong-work-at-once.ts";

const wrongStorages = [
  ...wrongCommits,
  ...wrongReservations,
  ...wrongWork,
  ...wrongOverviews,
  ...wrongReads,
  ...wrongAtOnce,
  ...wrongWorkAtOnce,
];

function suiteOf(wrap: (inner: Storage) => Storage): Suite<StorageContext> {
  return storageSuite({
    create: async () => {
      const { clock, advance } = createVirtualTime();
      return { storage: wrap(createMemoryStorage({ clock })), advance };
    },
  });
}

async function failedRules(suite: Suite<StorageContext>): Promise<readonly string[]> {
  const results = await runSuite(suite);
  return results.filter((result) => result.status === "failed").map((result) => result.ruleId);
}

describe("storageSuite", () => {
  test("a sound storage passes every rule", async () => {
    expect(await failedRules(suiteOf((inner) => inner))).toEqual([]);
  });

  test("rule ids are unique and say where they belong", () => {
    const ids = suiteOf((inner) => inner).rules.map((rule) => rule.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^storage\/[a-zA-Z-]+$/.test(id))).toEqual([]);
  });

  for (const { mistake, caughtBy, wrap } of wrongStorages) {
    test(`a storage that ${mistake} breaks ${caughtBy}`, async () => {
      const suite = suiteOf(wrap);
      const failed = await failedRules(suite);
      expect(failed).toContain(caughtBy);
      // A mistake that broke everything would say nothing about the rule.
      expect(failed.length).toBeLessThan(suite.rules.length / 4);
    });
  }
});
