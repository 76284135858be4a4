import assert from "node:assert/strict";
import type { ReserveItem, ReserveWindow } from "@backref/core/storage";
import type { Rule } from "../../rule.ts";
import { commitOk, longMs, readOk, type StorageContext } from "../context.ts";
import { sampleTenantId } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const budgetId = "budget-1";
const perMinute: ReserveWindow = { name: "creations", windowMs: longMs, limit: 10 };

const one: ReserveItem = { amounts: [1], share: 1 };
const several = (count: number): readonly ReserveItem[] => Array.from({ length: count }, () => one);

async function reserve(
  { storage }: StorageContext,
  items: readonly ReserveItem[],
  windows: readonly ReserveWindow[] = [perMinute],
  tenantId: string = sampleTenantId,
): Promise<readonly number[]> {
  const { waits } = await storage.system.reserve({ tenantId, budgetId, windows, items });
  assert.equal(waits.length, items.length, "one answer per item");
  return waits;
}

const granted = (waits: readonly number[]) => waits.filter((wait) => wait === 0).length;

export const reserveRules: readonly Rule<StorageContext>[] = defineRules(
  "core/storage/storage.ts, StorageSystem.reserve",
  [
    [
      "reserve-limit",
      "As much is granted as the window has room for; the others are told when there will be some.",
      async (context) => {
        assert.equal(granted(await reserve(context, several(4))), 4);
        const waits = await reserve(context, several(8));
        assert.deepEqual(waits.slice(0, 6), [0, 0, 0, 0, 0, 0]);
        for (const wait of waits.slice(6)) assert.ok(wait > longMs - 60_000 && wait <= longMs, `waits ${wait} ms`);
        assert.equal(
          granted(await reserve(context, several(1))),
          0,
          "what was refused spent nothing, and gave nothing back",
        );
      },
    ],
    [
      "reserve-slides",
      "What was spent counts for the whole length of its window, and not longer.",
      async (context) => {
        const windows = [{ name: "short", windowMs: context.shortMs * 2, limit: 3 }];
        assert.equal(granted(await reserve(context, several(2), windows)), 2);
        await context.pass(context.shortMs);
        assert.equal(granted(await reserve(context, several(2), windows)), 1);
        await context.pass(context.shortMs + 20);
        assert.equal(granted(await reserve(context, several(3), windows)), 2, "the third of them is still counted");
      },
    ],
    [
      "reserve-wait-is-enough",
      "After the time it was told to wait, an item is granted.",
      async (context) => {
        const windows = [{ name: "short", windowMs: context.shortMs, limit: 1 }];
        await reserve(context, several(1), windows);
        const [wait = 0] = await reserve(context, several(1), windows);
        assert.ok(wait > 0 && wait <= context.shortMs, `waits ${wait} ms`);
        await context.pass(wait);
        assert.deepEqual(await reserve(context, several(1), windows), [0]);
      },
    ],
    [
      "reserve-several-windows",
      "An item is granted only where every window has room, and spends nothing at all where one has none.",
      async (context) => {
        const windows = [perMinute, { name: "points", windowMs: longMs, limit: 7 }];
        const item = { amounts: [1, 3], share: 1 };
        assert.equal(granted(await reserve(context, [item, item, item], windows)), 2);
        assert.equal(granted(await reserve(context, several(9), windows)), 8, "the third took no creation");
        assert.equal(granted(await reserve(context, [{ amounts: [0, 1], share: 1 }], windows)), 1);
      },
    ],
    [
      "reserve-passes-by",
      "An item that has to wait keeps none behind it waiting.",
      async (context) => {
        const items = [9, 5, 1].map((amount) => ({ amounts: [amount], share: 1 }));
        const waits = await reserve(context, items);
        assert.deepEqual(
          waits.map((wait) => wait === 0),
          [true, false, true],
        );
      },
    ],
    [
      "reserve-share",
      "An item that may use a part of the limit only leaves the rest to others.",
      async (context) => {
        const modest = { amounts: [1], share: 0.5 };
        assert.equal(
          granted(
            await reserve(
              context,
              Array.from({ length: 8 }, () => modest),
            ),
          ),
          5,
        );
        assert.equal(granted(await reserve(context, several(8))), 5);
      },
    ],
    [
      "reserve-above-limit",
      "An amount above the limit is granted when nothing else is spent, since it would wait for ever.",
      async (context) => {
        assert.deepEqual(await reserve(context, [{ amounts: [50], share: 1 }]), [0]);
        assert.equal(granted(await reserve(context, several(1))), 0);
      },
    ],
    [
      "reserve-concurrent",
      "However many ask at once, no more is granted than the limit.",
      async (context) => {
        const answers = await Promise.all(Array.from({ length: 12 }, () => reserve(context, several(3))));
        assert.equal(granted(answers.flat()), perMinute.limit);
      },
    ],
    [
      "reserve-budgets-apart",
      "Budgets do not spend for each other, nor do tenants whose budgets have the same id.",
      async (context) => {
        assert.equal(granted(await reserve(context, several(10))), 10);
        assert.equal(granted(await reserve(context, several(10), [perMinute], "tenant-2")), 10);
        const request = { tenantId: sampleTenantId, budgetId: "budget-2", windows: [perMinute], items: several(10) };
        assert.equal(granted((await context.storage.system.reserve(request)).waits), 10);
      },
    ],
    [
      "reserve-beside-blocks",
      "Blocks and reservations leave each other's part of the row alone.",
      async (context) => {
        await commitOk(context, [{ type: "block", budgetId, forMs: longMs, reason: "rate limit" }]);
        const { blockedUntil } = await readOk(context, "budget", budgetId);
        assert.equal(granted(await reserve(context, several(9))), 9, "a block does not concern it");
        assert.deepEqual(
          [
            (await readOk(context, "budget", budgetId)).blockedUntil,
            (await readOk(context, "budget", budgetId)).reason,
          ],
          [blockedUntil, "rate limit"],
        );
        await commitOk(context, [{ type: "block", budgetId, forMs: 2 * longMs, reason: "rate limit" }]);
        assert.equal(granted(await reserve(context, several(9))), 1, "a block gives nothing back");
      },
    ],
    [
      "reserve-stays-small",
      "However much is spent, the row stays small: what was spent at nearly the same time is kept together.",
      async (context) => {
        const windows = [{ name: "points", windowMs: longMs, limit: 100_000 }];
        for (let round = 0; round < 20; round += 1) await reserve(context, several(100), windows);
        const { windows: kept } = await readOk(context, "budget", budgetId);
        assert.ok(JSON.stringify(kept).length < 2_000, `${JSON.stringify(kept).length} characters`);
        assert.equal(granted(await reserve(context, [{ amounts: [98_001], share: 1 }], windows)), 0);
        assert.equal(granted(await reserve(context, [{ amounts: [98_000], share: 1 }], windows)), 1);
      },
    ],
  ],
);
