import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { assertBetween, claim, commitOk, insert, longMs, markOf, type StorageContext, updateOf } from "../context.ts";
import { sampleId } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const firstId = sampleId(1);

function nextDue(context: StorageContext): Promise<number | null> {
  return context.storage.system.nextDueInMs("link");
}

export const nextDueRules: readonly Rule<StorageContext>[] = defineRules(
  "core/storage/storage.ts, StorageSystem.nextDueInMs",
  [
    [
      "next-due",
      "Null while nothing is due, the time until the earliest row, and 0 when one is claimable.",
      async (context) => {
        assert.equal(await nextDue(context), null);
        await insert(context, "link");
        await insert(context, "link", { id: sampleId(2) });
        assert.equal(await nextDue(context), null);
        await commitOk(context, [
          markOf([sampleId(2)], { afterMs: 2 * longMs }),
          markOf([firstId], { afterMs: longMs }),
        ]);
        assertBetween(await nextDue(context), longMs / 2, longMs, "time until the next row");
        await commitOk(context, [markOf([sampleId(2)])]);
        assert.equal(await nextDue(context), 0);
        assert.equal(await context.storage.system.nextDueInMs("pollScope"), null, "of the table in question only");
      },
    ],
    [
      "next-due-leased",
      "A leased row counts from the end of its lease.",
      async (context) => {
        await insert(context, "link", { dueAt: 1 });
        await claim(context, { leaseMs: longMs });
        assertBetween(await nextDue(context), longMs / 2, longMs, "time until the lease has run out");
      },
    ],
    [
      "next-due-stopped",
      "Rows that are paused or ended, or whose source cannot run, are not in sight.",
      async (context) => {
        await insert(context, "link", { dueAt: 1, pausedAt: 1_000 });
        await insert(context, "link", { id: sampleId(2), dueAt: 1, endedAt: 1_000, active: null });
        await insert(context, "source", { id: sampleId(3), enabled: false });
        await insert(context, "link", { id: sampleId(3), sourceId: sampleId(3), dueAt: 1 });
        await insert(context, "source", { id: sampleId(4), health: "reconnect-required" });
        await insert(context, "link", { id: sampleId(4), sourceId: sampleId(4), dueAt: 1 });
        assert.equal(await nextDue(context), null);
        await commitOk(context, [updateOf("source", sampleId(3), { enabled: true })]);
        assert.equal(await nextDue(context), 0);
      },
    ],
    [
      "next-due-blocked",
      "A row of a blocked source counts from the end of the block.",
      async (context) => {
        await insert(context, "source", { budgetId: "budget-1" });
        await insert(context, "link", { dueAt: 1 });
        await commitOk(context, [{ type: "block", budgetId: "budget-1", forMs: longMs, reason: "rate limit" }]);
        assertBetween(await nextDue(context), longMs / 2, longMs, "time until the block has run out");
      },
    ],
  ],
);
