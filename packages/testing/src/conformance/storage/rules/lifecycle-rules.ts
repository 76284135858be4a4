import assert from "node:assert/strict";
import { StorageError } from "@backref/core/storage";
import type { Rule } from "../../rule.ts";
import { insert, longMs, readOk, type StorageContext, scope } from "../context.ts";
import { defineRules } from "./define-rules.ts";

const isClosed = (error: unknown) => StorageError.isInstance(error) && error.code === "closed";

export const lifecycleRules: readonly Rule<StorageContext>[] = defineRules("core/storage/storage.ts, Storage", [
  [
    "spec-version",
    "The storage says which version of the contract it speaks.",
    async ({ storage }) => assert.equal(storage.specVersion, 1),
  ],
  [
    "migrate-again",
    "Migrating again, also several times at once, changes nothing.",
    async (context) => {
      const row = await insert(context, "defect");
      await Promise.all([context.storage.migrate(), context.storage.migrate(), context.storage.migrate()]);
      assert.deepEqual(await readOk(context, "defect"), row);
    },
  ],
  [
    "close-idempotent",
    "Closing twice is fine.",
    async ({ storage }) => {
      await storage.close();
      await storage.close();
    },
  ],
  [
    "closed-refuses",
    "After close every other method throws `closed`.",
    async ({ storage }) => {
      const { system } = storage;
      await storage.close();
      const request = { table: "link", owner: "w", leaseMs: longMs, limit: 1, limitPerSource: 1 } as const;
      const calls: readonly (() => Promise<unknown>)[] = [
        () => storage.find(scope, { table: "defect", by: "id", keys: [["x"]] }),
        () => storage.commit(scope, [{ write: [] }]),
        () => storage.migrate(),
        () => system.claim(request),
        () => system.nextDueInMs("link"),
        () => system.sourceByEndpoint("x"),
        () => system.sourcesByAppScope({ providerId: "x", appScope: "y" }),
        () => system.readActivity({ after: 0, limit: 1 }),
        () => system.claimConsumer({ name: "c", owner: "w", leaseMs: longMs }),
        () => system.commitConsumer({ name: "c", fence: 1, cursor: 1, leaseMs: null }),
        () => system.reserve({ tenantId: scope.tenantId, budgetId: "b", windows: [], items: [] }),
        () => system.installation({ id: "production", takeOver: false }),
        () => system.prune({ deliveriesBefore: 0, limit: 1 }),
      ];
      for (const call of calls) await assert.rejects(call, isClosed, `${call} was expected to throw "closed"`);
    },
  ],
]);
