import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { atOnce, writers } from "../at-once.ts";
import { claim, commitUnit, insert, insertMany, type StorageContext, scope, updateOf } from "../context.ts";
import { sampleId } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const firstId = sampleId(1);
const named = (id: string) => ({ only: { tenantId: scope.tenantId, ids: [id] } });

export const concurrentClaimRules: readonly Rule<StorageContext>[] = defineRules("core/storage/storage.ts, Storage", [
  [
    "concurrent-claims",
    "Claims at the same time never lease the same row, and together they lease all.",
    async (context) => {
      const ids = await insertMany(context, "link", { first: 1, count: 100 }, (number) => ({
        dueAt: number,
        sourceId: sampleId((number % 4) + 1),
      }));
      const claimed: string[] = [];
      for (let round = 0; round < 10 && claimed.length < ids.length; round += 1) {
        const claims = writers.map((writer) => claim(context, { owner: `worker-${writer}`, limit: 7 }));
        claimed.push(...(await Promise.all(claims)).flat().map((row) => row.id));
      }
      assert.equal(new Set(claimed).size, claimed.length, "no row is leased twice");
      assert.deepEqual(claimed.toSorted(), ids);
    },
  ],
  [
    "concurrent-claims-by-name",
    "Of several claims of one row by name exactly one gets it.",
    async (context) => {
      await insert(context, "link");
      const only = { tenantId: scope.tenantId, ids: [firstId] };
      const rows = (await Promise.all(writers.map(() => claim(context, { only })))).flat();
      assert.equal(rows.length, 1);
    },
  ],
  [
    "concurrent-claims-full",
    "Claims at the same time each lease as many rows as they ask for, where there are enough for all.",
    async (context) => {
      await insertMany(context, "link", { first: 1, count: 100 }, (number) => ({
        dueAt: number,
        sourceId: sampleId((number % 4) + 1),
      }));
      const claims = await atOnce(10, (writer) => claim(context, { owner: `worker-${writer}`, limit: 10 }));
      assert.deepEqual(
        claims.map((rows) => rows.length),
        claims.map(() => 10),
      );
    },
  ],
  [
    "concurrent-claim-kinds",
    "Of claims by name and claims of what is due at the same time exactly one gets a row.",
    async (context) => {
      for (const number of [1, 2, 3, 4, 5]) {
        const id = sampleId(number);
        await insert(context, "link", { id, dueAt: 1 });
        const claims = await atOnce(10, (writer) => claim(context, writer % 2 === 1 ? named(id) : {}));
        assert.deepEqual(
          claims.flat().map((row) => [row.id, row.fence]),
          [[id, 1]],
        );
      }
    },
  ],
  [
    "concurrent-claim-latest",
    "A claim shows its rows as they are when it leases them: a unit that still found the old fence is in them.",
    async (context) => {
      const count = 40;
      for (const round of [1, 2, 3]) {
        const ids = await insertMany(context, "link", { first: round * 1_000, count }, (number) => ({ dueAt: number }));
        const claiming = claim(context, { limit: count });
        // Those that a claim comes to last have the longest time to change before.
        const units = ids.toReversed().map(async (id) => {
          const require = [{ table: "link", id, match: { fence: 0 } }] as const;
          return [id, await commitUnit(context, [updateOf("link", id, { attempts: 7 })], require)] as const;
        });
        const claimed = new Map((await claiming).map((row) => [row.id, row.attempts]));
        for (const [id, { status }] of await Promise.all(units)) {
          if (status === "committed") assert.notEqual(claimed.get(id), 0, "what was committed before is in the row");
          else assert.deepEqual([status, claimed.get(id)], ["stale", 0], "the row was leased before");
        }
        await claim(context, { limit: count });
      }
    },
  ],
  [
    "concurrent-claim-and-end",
    "Of a claim and a unit that ends what nobody has claimed, at the same time, exactly one gets the row.",
    async (context) => {
      for (const number of writers.slice(0, 10)) {
        const id = sampleId(number);
        await insert(context, "link", { id, dueAt: 1 });
        const require = [{ table: "link", id, match: { fence: 0 } }] as const;
        const [ended, rows] = await Promise.all([
          commitUnit(context, [updateOf("link", id, { active: null, endedAt: 1 })], require),
          claim(context),
        ]);
        assert.deepEqual([rows.length, ended.status], rows.length === 0 ? [0, "committed"] : [1, "stale"]);
      }
    },
  ],
  [
    "concurrent-claim-and-release",
    "Of a late release and the claim that follows its lease only one counts, or the claim sees what was released.",
    async (context) => {
      for (const number of [1, 2, 3, 4, 5]) {
        const id = sampleId(number);
        await insert(context, "link", { id });
        const [held] = await claim(context, { ...named(id), leaseMs: context.shortMs });
        await context.pass(context.shortMs);
        const { fence = 0, mark = 0 } = held ?? {};
        const release = { type: "release", table: "link", id, fence, seenMark: mark, nextAfterMs: null } as const;
        const [released, [row]] = await Promise.all([
          commitUnit(context, [{ ...release, set: { attempts: 7 } }]),
          claim(context, named(id)),
        ]);
        if (released.status === "committed")
          assert.ok(row === undefined || row.attempts === 7, "what was released counts");
        else assert.deepEqual([row?.fence, row?.attempts], [fence + 1, 0], "the claim came first");
      }
    },
  ],
]);
