import type { Storage } from "@backref/core/storage";
import type { Rule, Suite } from "../rule.ts";
import type { StorageContext } from "./context.ts";
import { claimRules } from "./rules/claim-rules.ts";
import { concurrentClaimRules } from "./rules/concurrent-claim-rules.ts";
import { concurrentFindRules } from "./rules/concurrent-find-rules.ts";
import { concurrentKeyRules } from "./rules/concurrent-key-rules.ts";
import { concurrentSystemRules } from "./rules/concurrent-system-rules.ts";
import { concurrentWorkRules } from "./rules/concurrent-work-rules.ts";
import { concurrentWriteRules } from "./rules/concurrent-write-rules.ts";
import { consumerRules } from "./rules/consumer-rules.ts";
import { feedRules } from "./rules/feed-rules.ts";
import { findRules } from "./rules/find-rules.ts";
import { keyRules } from "./rules/key-rules.ts";
import { lifecycleRules } from "./rules/lifecycle-rules.ts";
import { markRules } from "./rules/mark-rules.ts";
import { nextDueRules } from "./rules/next-due-rules.ts";
import { overviewRules } from "./rules/overview-rules.ts";
import { releaseRules } from "./rules/release-rules.ts";
import { reserveRules } from "./rules/reserve-rules.ts";
import { runnableRules } from "./rules/runnable-rules.ts";
import { systemRules } from "./rules/system-rules.ts";
import { tenantRules } from "./rules/tenant-rules.ts";
import { turnRules } from "./rules/turn-rules.ts";
import { unitRules } from "./rules/unit-rules.ts";
import { valueRules } from "./rules/value-rules.ts";
import { writeRules } from "./rules/write-rules.ts";

/** A storage under test, empty and used by nobody else. */
export interface StorageUnderTest {
  readonly storage: Storage;
  /** Moves the storage's clock. Without it the rules wait in real time, some tenths of a second each. */
  readonly advance?: (durationMs: number) => Promise<void>;
  /** Removes what was made for the test, after the storage was closed. */
  readonly dispose?: () => Promise<void>;
}

/** What the suite for a storage needs. */
export interface StorageSuiteOptions {
  /** Called once per rule. The suite calls `migrate` and `close` itself. */
  readonly create: () => Promise<StorageUnderTest>;
}

const rules: readonly Rule<StorageContext>[] = [
  ...lifecycleRules,
  ...findRules,
  ...keyRules,
  ...unitRules,
  ...writeRules,
  ...markRules,
  ...releaseRules,
  ...claimRules,
  ...runnableRules,
  ...turnRules,
  ...nextDueRules,
  ...overviewRules,
  ...reserveRules,
  ...concurrentFindRules,
  ...concurrentKeyRules,
  ...concurrentWriteRules,
  ...concurrentWorkRules,
  ...concurrentClaimRules,
  ...concurrentSystemRules,
  ...feedRules,
  ...consumerRules,
  ...systemRules,
  ...tenantRules,
  ...valueRules,
];

const sleep = (durationMs: number) => new Promise<void>((resolve) => setTimeout(resolve, durationMs));

/**
 * What every storage must do, proven through the contract alone.
 * @example
 * ```ts
 * import { createMemoryStorage } from "@backref/storage-memory";
 * import { registerSuite, storageSuite } from "@backref/testing";
 * import { describe, test } from "vitest";
 *
 * registerSuite(storageSuite({ create: async () => ({ storage: createMemoryStorage() }) }), { describe, test });
 * ```
 */
export function storageSuite({ create }: StorageSuiteOptions): Suite<StorageContext> {
  return {
    name: "storage",
    rules,
    async createContext() {
      const { storage, advance, dispose } = await create();
      await storage.migrate();
      return {
        storage,
        shortMs: advance === undefined ? 200 : 5_000,
        // A little more than asked for: timers may fire a moment early, and clocks of storages differ from ours.
        pass: (durationMs) => (advance ?? sleep)(durationMs + 20),
        async dispose() {
          await storage.close();
          await dispose?.();
        },
      };
    },
    disposeContext: (context) => context.dispose(),
  };
}
