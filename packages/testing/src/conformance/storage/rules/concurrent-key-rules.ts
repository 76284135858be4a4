import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { atOnce, countOf, writers } from "../at-once.ts";
import { commitOk, commitUnit, insert, read, type StorageContext, scope, updateOf } from "../context.ts";
import { type AnyOverrides, filled, keyCases, pick, taken } from "../key-cases.ts";
import { insertOf, parentsOf } from "../sample-parents.ts";
import { sampleId, sampleRow } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

export const concurrentKeyRules: readonly Rule<StorageContext>[] = defineRules("core/storage/storage.ts, Storage", [
  [
    "concurrent-unique",
    "Of several inserts of one unique key exactly one wins; with `skip` the others are left out.",
    async (context) => {
      const row = (writer: number) => sampleRow("relation", { id: sampleId(writer), name: "blocks" });
      const outcomes = await Promise.all(
        writers.map((writer) => commitUnit(context, [insertOf("relation", row(writer))])),
      );
      assert.equal(countOf(outcomes, "committed"), 1);
      assert.equal(countOf(outcomes, "taken"), writers.length - 1);
      const other = (writer: number) => ({ ...row(writer + 100), name: "causes" });
      const skipping = await Promise.all(
        writers.map((writer) => commitUnit(context, [insertOf("relation", other(writer), "skip")])),
      );
      const skipped = skipping.map((outcome) => (outcome.status === "committed" ? outcome.skipped : Number.NaN));
      assert.equal(
        skipped.reduce((sum, count) => sum + count, 0),
        writers.length - 1,
      );
      const found = await context.storage.find(scope, { table: "relation", by: "all", keys: [[]] });
      assert.deepEqual(found.map((relation) => relation.name).sort(), ["blocks", "causes"]);
    },
  ],
  [
    "concurrent-insert-id",
    "Of several inserts of one id exactly one wins, and its row is there.",
    async (context) => {
      const row = (writer: number) => sampleRow("relation", { name: `relation of ${writer}` });
      const outcomes = await atOnce(12, (writer) => commitUnit(context, [insertOf("relation", row(writer))]));
      assert.equal(countOf(outcomes, "committed"), 1);
      assert.equal(countOf(outcomes, "taken"), 11);
      const winner = outcomes.findIndex((outcome) => outcome.status === "committed") + 1;
      assert.deepEqual(await read(context, "relation"), row(winner));
    },
  ],
  [
    "concurrent-unique-keys",
    "Whatever the unique key, of several rows that want it at the same time exactly one gets it.",
    async (context) => {
      for (const keyCase of keyCases) {
        const { table, columns } = keyCase;
        const key = pick(sampleRow(table, { id: sampleId(200), ...filled[table] } as AnyOverrides), columns);
        const rows = [101, 102, 103].map((number) =>
          sampleRow(table, { id: sampleId(number), ...filled[table], ...key } as AnyOverrides),
        );
        await commitOk(
          context,
          rows.flatMap((row) => parentsOf(table, row)),
        );
        const outcomes = await Promise.all(rows.map((row) => commitUnit(context, [insertOf(table, row)])));
        const lost = outcomes.filter((outcome) => outcome.status !== "committed");
        const name = `${table}.${keyCase.key}`;
        assert.deepEqual(
          lost,
          Array.from({ length: rows.length - 1 }, () => taken(keyCase)),
          name,
        );
        const found = await context.storage.find(scope, { table, by: "id", keys: rows.map((row) => [row.id]) });
        assert.equal(found.length, 1, name);
        await commitOk(context, [{ type: "delete", table, id: found[0]?.id ?? "" }]);
      }
    },
  ],
  [
    "concurrent-unique-update",
    "Of several rows that change to one unique key at the same time exactly one gets it, the others stay.",
    async (context) => {
      const idOf = (writer: number) => sampleId(writer);
      for (const writer of writers) await insert(context, "relation", { id: idOf(writer), name: `name ${writer}` });
      const outcomes = await atOnce(writers.length, (writer) =>
        commitUnit(context, [updateOf("relation", idOf(writer), { name: "blocks", inverseName: "new" })]),
      );
      assert.equal(countOf(outcomes, "committed"), 1);
      assert.equal(countOf(outcomes, "taken"), writers.length - 1);
      const relations = await context.storage.find(scope, { table: "relation", by: "all", keys: [[]] });
      for (const [index, { name, inverseName }] of relations.entries()) {
        const hasWon = outcomes[index]?.status === "committed";
        const expected = hasWon ? ["blocks", "new"] : [`name ${index + 1}`, sampleRow("relation").inverseName];
        assert.deepEqual([name, inverseName], expected);
      }
    },
  ],
]);
