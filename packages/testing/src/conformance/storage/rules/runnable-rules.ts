import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import {
  assertBetween,
  claim,
  claimIds,
  commitOk,
  insert,
  longMs,
  readOk,
  type StorageContext,
  storageNow,
  updateOf,
} from "../context.ts";
import { sampleId, sampleTenantId } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const [firstId, secondId] = [sampleId(1), sampleId(2)];
const budgetId = "budget-1";
const named = { only: { tenantId: sampleTenantId, ids: [firstId] } };

function block(forMs: number, reason = "rate limit") {
  return { type: "block", budgetId, forMs, reason } as const;
}

/** A due link of the first source and one of the second. */
async function twoSources(context: StorageContext): Promise<void> {
  await insert(context, "source", { id: firstId, budgetId });
  await insert(context, "source", { id: secondId });
  await insert(context, "link", { id: firstId, sourceId: firstId, dueAt: 1 });
  await insert(context, "link", { id: secondId, sourceId: secondId, dueAt: 2 });
}

async function assertStopped(context: StorageContext): Promise<void> {
  assert.deepEqual(await claimIds(context), [secondId], "only the other source is served");
  assert.deepEqual(await claim(context, named), [], "nor is it claimed by name");
}

export const runnableRules: readonly Rule<StorageContext>[] = [
  ...defineRules("core/storage/storage.ts, StorageSystem.claim", [
    [
      "claim-disabled",
      "Nothing of a disabled source is claimed, until it is enabled again.",
      async (context) => {
        await twoSources(context);
        await commitOk(context, [updateOf("source", firstId, { enabled: false })]);
        await assertStopped(context);
        await commitOk(context, [updateOf("source", firstId, { enabled: true })]);
        assert.deepEqual(await claimIds(context), [firstId]);
      },
    ],
    [
      "claim-reconnect",
      "Nothing of a source that waits for new credentials is claimed; of a degraded one it is.",
      async (context) => {
        await twoSources(context);
        await commitOk(context, [updateOf("source", firstId, { health: "reconnect-required" })]);
        await assertStopped(context);
        await commitOk(context, [updateOf("source", firstId, { health: "degraded" })]);
        assert.deepEqual(await claimIds(context), [firstId]);
      },
    ],
    [
      "claim-blocked",
      "Nothing of a source whose budget is blocked is claimed, until the block has run out.",
      async (context) => {
        await twoSources(context);
        await commitOk(context, [block(context.shortMs)]);
        assert.deepEqual(await claim(context, named), []);
        await context.pass(context.shortMs);
        assert.deepEqual([...(await claimIds(context))].sort(), [firstId, secondId]);
      },
    ],
    [
      "claim-blocked-others",
      "A blocked budget stops all of its sources and no others.",
      async (context) => {
        await twoSources(context);
        await insert(context, "source", { id: sampleId(3), budgetId });
        await insert(context, "link", { id: sampleId(3), sourceId: sampleId(3), dueAt: 1 });
        await commitOk(context, [block(longMs)]);
        await assertStopped(context);
      },
    ],
    [
      "claim-moved-budget",
      "A source that is given another budget is measured by that one.",
      async (context) => {
        await twoSources(context);
        await commitOk(context, [block(longMs)]);
        await assertStopped(context);
        await commitOk(context, [updateOf("source", firstId, { budgetId: "budget-2" })]);
        assert.deepEqual(await claimIds(context), [firstId]);
      },
    ],
  ]),
  ...defineRules("core/storage/commit.ts, BlockWrite", [
    [
      "block-creates",
      "A block makes the budget's row where there is none, and keeps its windows where there is one.",
      async (context) => {
        const before = await storageNow(context);
        await commitOk(context, [block(60_000)]);
        const made = await readOk(context, "budget", budgetId);
        assertBetween(made.blockedUntil, before + 60_000, (await storageNow(context)) + 60_000, "blockedUntil");
        assert.equal(made.reason, "rate limit");
        const known = await insert(context, "budget", { id: "budget-2" });
        await commitOk(context, [{ ...block(60_000), budgetId: "budget-2" }]);
        assert.deepEqual((await readOk(context, "budget", "budget-2")).windows, known.windows);
      },
    ],
    [
      "block-never-shortens",
      "A shorter block does not shorten a longer one; a longer one extends it.",
      async (context) => {
        await commitOk(context, [block(longMs)]);
        const { blockedUntil } = await readOk(context, "budget", budgetId);
        await commitOk(context, [block(1_000)]);
        assert.equal((await readOk(context, "budget", budgetId)).blockedUntil, blockedUntil);
        await commitOk(context, [block(1_000, "something short")]);
        assert.equal(
          (await readOk(context, "budget", budgetId)).reason,
          "rate limit",
          "the reason is the longer block's",
        );
        await commitOk(context, [block(2 * longMs, "longer")]);
        const extended = await readOk(context, "budget", budgetId);
        assert.ok(extended.blockedUntil >= blockedUntil + longMs, "the longer block counts");
        assert.equal(extended.reason, "longer");
      },
    ],
  ]),
];
