import assert from "node:assert/strict";
import type { AccessPath, Scalar } from "@backref/core/storage";
import type { Rule } from "../../rule.ts";
import { accessPathsOf, tableNames } from "../access-paths.ts";
import { commitOk, findIds, insert, insertMany, readOk, type StorageContext, scope } from "../context.ts";
import { insertOf } from "../sample-parents.ts";
import { sampleId, sampleRow } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const [firstId, secondId, thirdId] = [sampleId(1), sampleId(2), sampleId(3)];

export const findRules: readonly Rule<StorageContext>[] = defineRules("core/storage/storage.ts, Storage.find", [
  [
    "row-round-trip",
    "A row of any table comes back with every column as it went in.",
    async (context) => {
      for (const table of tableNames) {
        const row = await insert(context, table, { id: sampleId(7) });
        const found = await readOk(context, table, row.id);
        const expected = "sequence" in found ? { ...row, sequence: found.sequence } : row;
        assert.deepEqual(found, expected, `a row of ${table}`);
      }
    },
  ],
  [
    "find-access-paths",
    "Every access path finds a row by the values of its columns, and not by others.",
    async (context) => {
      for (const table of tableNames) {
        const row = await insert(context, table, { id: sampleId(7) });
        const columnsOf = row as unknown as Readonly<Record<string, Scalar>>;
        for (const { by, columns } of accessPathsOf(table)) {
          const key = columns.map((column) => columnsOf[column] ?? null);
          if (key.includes(null)) continue;
          const ids = await findIds(context, { table, by, keys: [key] });
          assert.ok(ids.includes(row.id), `${table} by ${by} finds the row`);
          if (typeof key[0] !== "string") continue;
          const others = await findIds(context, { table, by, keys: [[sampleId(99), ...key.slice(1)]] });
          assert.deepEqual(others, [], `${table} by ${by} finds nothing for another value`);
        }
      }
    },
  ],
  [
    "find-follows-updates",
    "A row is found by its present values, not by former ones.",
    async (context) => {
      await insert(context, "defect");
      await commitOk(context, [{ type: "update", table: "defect", id: firstId, set: { projectId: "api" } }]);
      assert.deepEqual(await findIds(context, { table: "defect", by: "project", keys: [["api"]] }), [firstId]);
      assert.deepEqual(await findIds(context, { table: "defect", by: "project", keys: [["web"]] }), []);
    },
  ],
  [
    "find-missing",
    "Rows that do not exist are absent from the answer; no keys find nothing.",
    async (context) => {
      await insert(context, "defect", { id: secondId });
      const keys = [[firstId], [secondId], [thirdId]];
      assert.deepEqual(await findIds(context, { table: "defect", by: "id", keys }), [secondId]);
      assert.deepEqual(await findIds(context, { table: "defect", by: "id", keys: [] }), []);
    },
  ],
  [
    "find-null",
    "A null in a key finds rows with a null there.",
    async (context) => {
      await insert(context, "occurrence", { id: firstId, runId: null });
      await insert(context, "occurrence", { id: secondId, runId: "R-1" });
      await insert(context, "occurrence", { id: thirdId, resultId: null });
      const byRun = { table: "occurrence", by: "run", keys: [["web", null]] } as const;
      assert.deepEqual(await findIds(context, byRun), [firstId]);
      const byResult = { table: "occurrence", by: "result", keys: [["web", null]] } as const;
      assert.deepEqual(await findIds(context, byResult), [thirdId]);
    },
  ],
  [
    "find-many-keys",
    "Rows that equal any of the keys are found, each once, also with 1,000 keys.",
    async (context) => {
      const ids = await insertMany(context, "defect", { first: 1, count: 20 });
      const keys = Array.from({ length: 1000 }, (_, index) => [sampleId((index % 500) + 1)]);
      assert.deepEqual(await findIds(context, { table: "defect", by: "id", keys }), ids);
      const twice = { table: "defect", by: "project", keys: [["web"], ["api"], ["web"]] } as const;
      assert.deepEqual(await findIds(context, twice), ids);
    },
  ],
  [
    "find-order",
    "Rows come in the order of their ids, whatever order they were written or asked for in; newest first on request.",
    async (context) => {
      for (const number of [3, 1, 5, 2, 4]) await insert(context, "defect", { id: sampleId(number) });
      const ascending = [1, 2, 3, 4, 5].map(sampleId);
      const descending = ascending.toReversed();
      const keys = descending.map((id) => [id]);
      assert.deepEqual(await findIds(context, { table: "defect", by: "id", keys }), ascending);
      assert.deepEqual(await findIds(context, { table: "defect", by: "id", keys, newestFirst: true }), descending);
      assert.deepEqual(await findIds(context, { table: "defect", by: "project", keys: [["web"]] }), ascending);
    },
  ],
  [
    "find-pages",
    "Limit and after walk through all rows, forwards and backwards, over several keys.",
    async (context) => {
      const projectId = (number: number) => (number % 2 === 0 ? "web" : "api");
      const ids = await insertMany(context, "defect", { first: 1, count: 23 }, (number) => ({
        projectId: projectId(number),
      }));
      const keys = [["web"], ["api"]];
      for (const newestFirst of [false, true]) {
        const seen: string[] = [];
        for (;;) {
          const after = seen.at(-1);
          const page = { limit: 5, newestFirst, ...(after !== undefined && { after }) };
          const found = await findIds(context, { table: "defect", by: "project", keys, ...page });
          if (found.length === 0) break;
          assert.equal(found.length, Math.min(5, ids.length - seen.length), "pages are full, but for the last");
          seen.push(...found);
        }
        assert.deepEqual(seen, newestFirst ? ids.toReversed() : ids);
      }
    },
  ],
  [
    "find-after-missing",
    "`after` need not name a row that exists.",
    async (context) => {
      await insert(context, "defect", { id: firstId });
      await insert(context, "defect", { id: thirdId });
      const query = { table: "defect", by: "project", keys: [["web"]], after: secondId } as const;
      assert.deepEqual(await findIds(context, query), [thirdId]);
      assert.deepEqual(await findIds(context, { ...query, newestFirst: true }), [firstId]);
    },
  ],
  [
    "activity-pages",
    "Activity is ordered and paged by sequence, also where that is not the order of the ids.",
    async (context) => {
      const ids = [4, 2, 5, 1, 3].map(sampleId);
      for (const id of ids) await commitOk(context, [insertOf("activity", sampleRow("activity", { id }))]);
      const query = { table: "activity", by: "all", keys: [[]] } as const;
      assert.deepEqual(await findIds(context, query), ids);
      assert.deepEqual(await findIds(context, { ...query, after: sampleId(5) }), ids.slice(3));
      const newest = { ...query, newestFirst: true, limit: 2 };
      assert.deepEqual(await findIds(context, newest), ids.toReversed().slice(0, 2));
      assert.deepEqual(await findIds(context, { ...newest, after: sampleId(1) }), ids.toReversed().slice(2, 4));
    },
  ],
  [
    "find-unknown-path",
    "An access path that the table does not have is a TypeError, and so is a key with too few or too many values.",
    async ({ storage }) => {
      const byTitle = "title" as AccessPath<"defect">;
      await assert.rejects(() => storage.find(scope, { table: "defect", by: byTitle, keys: [["x"]] }), TypeError);
      await assert.rejects(() => storage.find(scope, { table: "defect", by: "project", keys: [[]] }), TypeError);
      await assert.rejects(() => storage.find(scope, { table: "defect", by: "id", keys: [["x", "y"]] }), TypeError);
    },
  ],
]);
