import assert from "node:assert/strict";
import type { ActivityRow } from "@backref/core/storage";
import type { Rule } from "../../rule.ts";
import { commitOk, commitUnit, readOk, type StorageContext, updateOf } from "../context.ts";
import { insertOf } from "../sample-parents.ts";
import { sampleId, sampleRow } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

async function append(context: StorageContext, number: number, overrides: Partial<ActivityRow> = {}): Promise<void> {
  const row = sampleRow("activity", { id: sampleId(number), ...overrides });
  await commitOk(context, [insertOf("activity", row)], row.tenantId);
}

async function readAll(context: StorageContext): Promise<readonly ActivityRow[]> {
  return context.storage.system.readActivity({ after: 0, limit: 1_000 });
}

function assertIncreasing(rows: readonly ActivityRow[]): void {
  let last = 0;
  for (const { sequence } of rows) {
    assert.ok(sequence > last, `sequence ${sequence} follows ${last}`);
    last = sequence;
  }
}

export const feedRules: readonly Rule<StorageContext>[] = defineRules(
  "core/storage/storage.ts, StorageSystem.readActivity",
  [
    [
      "activity-order",
      "Activity is read in commit order, over all tenants, with growing sequences that the storage gives.",
      async (context) => {
        const numbers = [5, 3, 9, 1];
        for (const number of numbers) {
          await append(context, number, { sequence: 1_000 - number, tenantId: `tenant-${number}` });
        }
        await commitOk(
          context,
          [8, 7].map((number) => insertOf("activity", sampleRow("activity", { id: sampleId(number) }))),
        );
        const rows = await readAll(context);
        assert.deepEqual(
          rows.map((row) => row.id),
          [...numbers, 8, 7].map(sampleId),
        );
        assertIncreasing(rows);
        assert.equal((await readOk(context, "activity", sampleId(8))).sequence, rows[4]?.sequence);
      },
    ],
    [
      "activity-pages-by-sequence",
      "`after` and `limit` walk through the feed without gaps or repeats.",
      async (context) => {
        for (let number = 1; number <= 25; number += 1) await append(context, number);
        const seen: ActivityRow[] = [];
        for (;;) {
          const after = seen.at(-1)?.sequence ?? 0;
          const page = await context.storage.system.readActivity({ after, limit: 10 });
          if (page.length === 0) break;
          assert.ok(page.length <= 10, "pages obey the limit");
          seen.push(...page);
        }
        assert.deepEqual(seen, await readAll(context));
        assert.equal(seen.length, 25);
      },
    ],
    [
      "activity-rolled-back",
      "Activity of a unit that failed, or of an insert left out, is never read.",
      async (context) => {
        await append(context, 1);
        const lost = insertOf("activity", sampleRow("activity", { id: sampleId(2) }));
        const outcome = await commitUnit(context, [lost, updateOf("defect", sampleId(99), { title: "x" })]);
        assert.equal(outcome.status, "missing");
        await commitOk(context, [
          insertOf("activity", sampleRow("activity", { id: sampleId(1), type: "other" }), "skip"),
        ]);
        await append(context, 3);
        const rows = await readAll(context);
        assert.deepEqual(
          rows.map((row) => [row.id, row.type]),
          [1, 3].map((number) => [sampleId(number), "defect.updated"]),
        );
        assertIncreasing(rows);
      },
    ],
    [
      "activity-concurrent",
      "A reader that follows the feed while many write misses nothing and sees nothing twice.",
      async (context) => {
        const writerCount = 10;
        const perWriter = 10;
        let writing = writerCount;
        const write = async (writer: number) => {
          for (let index = 0; index < perWriter; index += 1) {
            await append(context, writer * 100 + index, { tenantId: `tenant-${writer % 3}` });
          }
          writing -= 1;
        };
        const seen: ActivityRow[] = [];
        const follow = async () => {
          for (;;) {
            const isLast = writing === 0;
            const after = seen.at(-1)?.sequence ?? 0;
            const page = await context.storage.system.readActivity({ after, limit: 7 });
            seen.push(...page);
            if (isLast && page.length === 0) return;
          }
        };
        const writes = Array.from({ length: writerCount }, (_, index) => write(index + 1));
        await Promise.all([...writes, follow()]);
        assertIncreasing(seen);
        assert.equal(new Set(seen.map((row) => row.id)).size, seen.length, "nothing is seen twice");
        assert.equal(seen.length, writerCount * perWriter, "nothing is missed");
      },
    ],
    [
      "activity-keeps-sequence",
      "Changing an activity row does not move it.",
      async (context) => {
        for (const number of [1, 2]) await append(context, number);
        const before = await readAll(context);
        await commitOk(context, [updateOf("activity", sampleId(1), { type: "changed", sequence: 77 })]);
        const after = await readAll(context);
        assert.deepEqual(
          after.map((row) => [row.id, row.sequence]),
          before.map((row) => [row.id, row.sequence]),
        );
        assert.equal(after[0]?.type, "changed");
      },
    ],
  ],
);
