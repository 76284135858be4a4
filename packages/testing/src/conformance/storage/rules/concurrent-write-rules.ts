import assert from "node:assert/strict";
import type { Requirement, Row } from "@backref/core/storage";
import type { Rule } from "../../rule.ts";
import { atOnce, countOf, writers } from "../at-once.ts";
import { commitOk, commitUnit, insert, read, readOk, type StorageContext, updateOf } from "../context.ts";
import { insertOf } from "../sample-parents.ts";
import { sampleId, sampleRow } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const [firstId, secondId] = [sampleId(1), sampleId(2)];

export const concurrentWriteRules: readonly Rule<StorageContext>[] = defineRules("core/storage/storage.ts, Storage", [
  [
    "concurrent-requirement",
    "Of several commits that require the same revision and move it exactly one wins.",
    async (context) => {
      await insert(context, "defect");
      const require: Requirement = { table: "defect", id: firstId, match: { revision: 1 } };
      const outcomes = await Promise.all(
        writers.map((writer) =>
          commitUnit(context, [updateOf("defect", firstId, { revision: 2, title: `by ${writer}` })], [require]),
        ),
      );
      assert.equal(countOf(outcomes, "committed"), 1);
      assert.equal(countOf(outcomes, "stale"), writers.length - 1);
      const winner = outcomes.findIndex((outcome) => outcome.status === "committed");
      assert.equal((await readOk(context, "defect")).title, `by ${writers[winner]}`);
    },
  ],
  [
    "concurrent-no-lost-update",
    "Counting up with read, require and retry from many sides at once loses nothing.",
    async (context) => {
      await insert(context, "defect", { revision: 0 });
      const countUp = async () => {
        for (;;) {
          const { revision } = await readOk(context, "defect");
          const require: Requirement = { table: "defect", id: firstId, match: { revision } };
          const write = updateOf("defect", firstId, { revision: revision + 1 });
          if ((await commitUnit(context, [write], [require])).status === "committed") return;
        }
      };
      await Promise.all(writers.slice(0, 8).map(countUp));
      assert.equal((await readOk(context, "defect")).revision, 8);
    },
  ],
  [
    "concurrent-opposite-order",
    "Units that touch the same rows in opposite order all commit, whole.",
    async (context) => {
      await insert(context, "defect", { id: firstId });
      await insert(context, "defect", { id: secondId });
      const outcomes = await Promise.all(
        writers.map((writer) => {
          const writes = [firstId, secondId].map((id) => updateOf("defect", id, { title: `by ${writer}` }));
          return commitUnit(context, writer % 2 === 0 ? writes : writes.toReversed());
        }),
      );
      assert.equal(countOf(outcomes, "committed"), writers.length);
      const titles = [await readOk(context, "defect", firstId), await readOk(context, "defect", secondId)];
      assert.equal(titles[0]?.title, titles[1]?.title, "both rows are of the same writer");
    },
  ],
  [
    "concurrent-update-columns",
    "Updates of different columns of one row at the same time leave each other's columns alone.",
    async (context) => {
      const changes: readonly Partial<Row<"defect">>[] = [
        { title: "New" },
        { description: "Other steps." },
        { status: "closed" },
        { priority: null },
        { assignee: "ada" },
        { changedAt: { title: 7 } },
        { revision: 2 },
      ];
      for (const number of [1, 2, 3, 4, 5]) {
        const id = sampleId(number);
        const row = await insert(context, "defect", { id });
        await Promise.all(changes.map((set) => commitOk(context, [updateOf("defect", id, set)])));
        assert.deepEqual(await readOk(context, "defect", id), Object.assign({}, row, ...changes));
      }
    },
  ],
  [
    "concurrent-put",
    "Of several puts of one row at the same time one is there in the end, whole, whether the row was there before or not.",
    async (context) => {
      const row = (writer: number) => {
        const by = `by ${writer}`;
        return sampleRow("defect", { title: by, description: by, assignee: by });
      };
      for (const _round of [1, 2]) {
        await atOnce(writers.length, (writer) =>
          commitOk(context, [{ type: "put", table: "defect", row: row(writer) }]),
        );
        const found = await readOk(context, "defect");
        assert.deepEqual([found.description, found.assignee], [found.title, found.title]);
      }
    },
  ],
  [
    "concurrent-delete-and-insert",
    "A delete and an insert that skips what is there happen one after the other, in either order.",
    async (context) => {
      for (const number of writers.slice(0, 10)) {
        const row = await insert(context, "relation", { id: sampleId(number) });
        const [, inserted] = await Promise.all([
          commitOk(context, [{ type: "delete", table: "relation", id: row.id }]),
          commitUnit(context, [insertOf("relation", row, "skip")]),
        ]);
        const isThere = (await read(context, "relation", row.id)) !== undefined;
        assert.deepEqual(inserted, { status: "committed", skipped: isThere ? 0 : 1 });
      }
    },
  ],
]);
