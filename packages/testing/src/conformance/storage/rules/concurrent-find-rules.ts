import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { readDuring } from "../at-once.ts";
import { commitOk, insert, readOk, type StorageContext, scope, updateOf } from "../context.ts";
import { sampleId } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const [firstId, secondId] = [sampleId(1), sampleId(2)];

export const concurrentFindRules: readonly Rule<StorageContext>[] = defineRules("core/storage/storage.ts, Storage", [
  [
    "concurrent-find-whole",
    "A find sees all of a unit or nothing of it, in several rows and in all columns of each.",
    async (context) => {
      // The columns of a link may be kept in several places.
      const columns = (value: number) => ({ attempts: value, hintVersion: value });
      for (const id of [firstId, secondId]) await insert(context, "link", { id, ...columns(0) });
      const write = async (writer: number) => {
        for (let round = 1; round <= 10; round += 1) {
          const value = writer * 100 + round;
          await commitOk(context, [
            updateOf("link", firstId, columns(value)),
            updateOf("link", secondId, columns(value)),
          ]);
        }
      };
      await readDuring([1, 2, 3].map(write), 4, async () => {
        const rows = await context.storage.find(scope, { table: "link", by: "id", keys: [[firstId], [secondId]] });
        const values = rows.flatMap((row) => [row.attempts, row.hintVersion]);
        assert.equal(values.length, 4);
        assert.equal(new Set(values).size, 1, `values of one unit: ${values.join(", ")}`);
      });
    },
  ],
  [
    "concurrent-find-latest",
    "A find sees every unit that had committed when it began, and nothing that was seen is gone later.",
    async (context) => {
      await insert(context, "defect", { revision: 0 });
      let known = 0;
      const write = async () => {
        for (let revision = 1; revision <= 40; revision += 1) {
          await commitOk(context, [updateOf("defect", firstId, { revision })]);
          known = Math.max(known, revision);
        }
      };
      await readDuring([write()], 4, async () => {
        const least = known;
        const { revision } = await readOk(context, "defect");
        assert.ok(revision >= least, `revision ${revision} was read after ${least}`);
        known = Math.max(known, revision);
      });
    },
  ],
]);
