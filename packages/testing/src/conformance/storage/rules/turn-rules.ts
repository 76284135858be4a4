import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { claim, commitOk, insert, insertMany, type StorageContext } from "../context.ts";
import { sampleId } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const sourceIds = [1, 2, 3].map(sampleId);

/** Due links of three sources; the first source has been due longest, and much more of it. */
async function unevenSources(context: StorageContext): Promise<void> {
  await insertMany(context, "link", { first: 1, count: 60 }, () => ({ sourceId: sampleId(1), dueAt: 1_000 }));
  await insertMany(context, "link", { first: 101, count: 6 }, () => ({ sourceId: sampleId(2), dueAt: 2_000 }));
  await insertMany(context, "link", { first: 201, count: 6 }, () => ({ sourceId: sampleId(3), dueAt: 3_000 }));
}

async function servedOneByOne(context: StorageContext, count: number): Promise<readonly string[]> {
  const served: string[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const rows = await claim(context, { limit: 1 });
    served.push(...rows.map((row) => row.sourceId));
  }
  return served;
}

export const turnRules: readonly Rule<StorageContext>[] = defineRules("core/storage/storage.ts, StorageSystem.claim", [
  [
    "turn-by-turn",
    "Claims of one row serve the sources in turn, however much one of them has to do.",
    async (context) => {
      await unevenSources(context);
      const served = await servedOneByOne(context, 9);
      for (const round of [served.slice(0, 3), served.slice(3, 6), served.slice(6, 9)]) {
        assert.deepEqual([...round].sort(), sourceIds, `every source has one turn per round: ${served.join(", ")}`);
      }
    },
  ],
  [
    "turn-within-claim",
    "One claim with room for more than one source's share serves the others too.",
    async (context) => {
      await unevenSources(context);
      const rows = await claim(context, { limit: 12, limitPerSource: 4 });
      const counts = sourceIds.map((sourceId) => rows.filter((row) => row.sourceId === sourceId).length);
      assert.deepEqual(counts, [4, 4, 4]);
    },
  ],
  [
    "turn-waits-its-turn",
    "A source that was just served comes after those that wait, also when new work of it has been due longer.",
    async (context) => {
      await unevenSources(context);
      const [firstServed] = await servedOneByOne(context, 1);
      await insertMany(context, "link", { first: 301, count: 5 }, () => ({
        sourceId: firstServed as string,
        dueAt: 1,
      }));
      const next = await servedOneByOne(context, 2);
      assert.ok(!next.includes(firstServed as string), `${firstServed} was served again before ${next.join(", ")}`);
    },
  ],
  [
    "turn-many-sources",
    "With more sources than a claim has room for, each is served once before any is served twice.",
    async (context) => {
      await insertMany(context, "link", { first: 1, count: 60 }, (number) => ({
        sourceId: sampleId((number % 20) + 1),
        dueAt: number,
      }));
      const served: string[] = [];
      for (let turn = 0; turn < 4; turn += 1) {
        const rows = await claim(context, { limit: 5, limitPerSource: 1 });
        served.push(...rows.map((row) => row.sourceId));
      }
      assert.equal(new Set(served).size, 20, "twenty claims of one row each serve twenty sources");
    },
  ],
  [
    "turn-stopped-source",
    "Sources that cannot run take no turns from those that can.",
    async (context) => {
      await unevenSources(context);
      await insert(context, "source", { id: sampleId(9), enabled: false });
      await insertMany(context, "link", { first: 401, count: 30 }, () => ({ sourceId: sampleId(9), dueAt: 1 }));
      await commitOk(context, [{ type: "block", budgetId: sampleId(1), forMs: 600_000, reason: "rate limit" }]);
      const rows = await claim(context, { limit: 4, limitPerSource: 2 });
      assert.deepEqual(rows.map((row) => row.sourceId).sort(), [2, 2, 3, 3].map(sampleId));
    },
  ],
  [
    "turn-runs-dry",
    "Once a source has nothing left, claims go on with the others until all is served.",
    async (context) => {
      await insertMany(context, "link", { first: 1, count: 5 }, () => ({ sourceId: sampleId(1), dueAt: 1_000 }));
      await insertMany(context, "link", { first: 101, count: 1 }, () => ({ sourceId: sampleId(2), dueAt: 1_000 }));
      const served = await servedOneByOne(context, 7);
      assert.deepEqual(served.toSorted(), [1, 1, 1, 1, 1, 2].map(sampleId));
    },
  ],
]);
