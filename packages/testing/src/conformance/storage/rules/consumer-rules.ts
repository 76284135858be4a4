import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { longMs, type StorageContext } from "../context.ts";
import { defineRules } from "./define-rules.ts";

const name = "audit";

function claimConsumer(context: StorageContext, owner: string, leaseMs: number = longMs) {
  return context.storage.system.claimConsumer({ name, owner, leaseMs });
}

export const consumerRules: readonly Rule<StorageContext>[] = defineRules(
  "core/storage/storage.ts, StorageSystem.claimConsumer",
  [
    [
      "consumer-starts-at-zero",
      "A new consumer starts at sequence 0.",
      async (context) => {
        assert.equal((await claimConsumer(context, "worker-1"))?.cursor, 0);
      },
    ],
    [
      "consumer-exclusive",
      "While one holds a consumer another gets null; consumers of other names are not concerned.",
      async (context) => {
        const claims = await Promise.all([1, 2, 3, 4, 5].map((number) => claimConsumer(context, `worker-${number}`)));
        assert.equal(claims.filter((held) => held !== null).length, 1, "one of several claims at the same time wins");
        assert.equal(await claimConsumer(context, "worker-9"), null);
        const owners = await Promise.all([1, 2, 3, 4, 5].map((number) => claimConsumer(context, `worker-${number}`)));
        assert.deepEqual(owners, [null, null, null, null, null], "nor does its own holder get it a second time");
        const other = { name: "mail", owner: "worker-9", leaseMs: longMs };
        assert.equal((await context.storage.system.claimConsumer(other))?.cursor, 0);
      },
    ],
    [
      "consumer-commit",
      "A commit moves the cursor; with a lease it keeps the consumer, with null it gives it back.",
      async (context) => {
        const held = await claimConsumer(context, "worker-1");
        const fence = held?.fence ?? -1;
        const { system } = context.storage;
        assert.equal(await system.commitConsumer({ name, fence, cursor: 5, leaseMs: longMs }), true);
        assert.equal(await claimConsumer(context, "worker-2"), null);
        assert.equal(await system.commitConsumer({ name, fence, cursor: 8, leaseMs: null }), true);
        const next = await claimConsumer(context, "worker-2");
        assert.equal(next?.cursor, 8);
        assert.ok((next?.fence ?? 0) > fence, "the fence grows");
      },
    ],
    [
      "consumer-expired",
      "When a lease has run out another gets the consumer at the committed cursor, and the old fence counts no more.",
      async (context) => {
        const { system } = context.storage;
        const first = await claimConsumer(context, "worker-1");
        const fence = first?.fence ?? -1;
        await system.commitConsumer({ name, fence, cursor: 3, leaseMs: context.shortMs });
        await context.pass(context.shortMs);
        const second = await claimConsumer(context, "worker-2");
        assert.equal(second?.cursor, 3);
        assert.equal(await system.commitConsumer({ name, fence, cursor: 9, leaseMs: null }), false);
        await system.commitConsumer({ name, fence: second?.fence ?? -1, cursor: 4, leaseMs: null });
        assert.equal((await claimConsumer(context, "worker-3"))?.cursor, 4);
      },
    ],
    [
      "consumer-unknown",
      "Committing a consumer that nobody claimed answers false.",
      async (context) => {
        const request = { name, fence: 1, cursor: 5, leaseMs: null };
        assert.equal(await context.storage.system.commitConsumer(request), false);
        assert.equal((await claimConsumer(context, "worker-1"))?.cursor, 0);
      },
    ],
  ],
);
