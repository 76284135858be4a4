import assert from "node:assert/strict";
import { idleWork, type LinkRow } from "@backref/core/storage";
import type { Rule } from "../../rule.ts";
import { claim, commitOk, commitUnit, insert, read, readOk, type StorageContext, updateOf } from "../context.ts";
import { insertOf } from "../sample-parents.ts";
import { sampleId, sampleRow } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const [firstId, secondId, thirdId] = [sampleId(1), sampleId(2), sampleId(3)];
const foreignWork = { mark: 40, dueAt: 1, leaseOwner: "nobody", leaseUntil: 1, fence: 40 };

function workOf({ mark, dueAt, leaseOwner, leaseUntil, fence }: LinkRow) {
  return { mark, dueAt, leaseOwner, leaseUntil, fence };
}

export const writeRules: readonly Rule<StorageContext>[] = defineRules("core/storage/commit.ts, Write", [
  [
    "insert-taken",
    "Inserting an id that exists fails the unit with key `id` and leaves the row as it was.",
    async (context) => {
      const row = await insert(context, "defect");
      const outcome = await commitUnit(context, [insertOf("defect", { ...row, title: "Other" })]);
      assert.deepEqual(outcome, { status: "taken", table: "defect", key: "id" });
      assert.deepEqual(await readOk(context, "defect"), row);
    },
  ],
  [
    "insert-skip",
    "With `skip` an insert whose id or key is taken is left out and counted, and the rest of the unit commits.",
    async (context) => {
      const row = await insert(context, "relation", { name: "blocks" });
      const outcome = await commitUnit(context, [
        insertOf("relation", { ...row, inverseName: "other" }, "skip"),
        insertOf("relation", sampleRow("relation", { id: secondId, name: "blocks" }), "skip"),
        insertOf("relation", sampleRow("relation", { id: thirdId }), "skip"),
      ]);
      assert.deepEqual(outcome, { status: "committed", skipped: 2 });
      assert.deepEqual(await readOk(context, "relation"), row);
      assert.equal(await read(context, "relation", secondId), undefined);
      await readOk(context, "relation", thirdId);
    },
  ],
  [
    "insert-work-columns",
    "A work item is inserted with the work columns it brings.",
    async (context) => {
      const work = { mark: 3, dueAt: 5_000, leaseOwner: null, leaseUntil: null, fence: 2 };
      await insert(context, "link", work);
      assert.deepEqual(workOf(await readOk(context, "link")), work);
    },
  ],
  [
    "update-columns",
    "An update changes the columns it names and no others.",
    async (context) => {
      const row = await insert(context, "defect");
      const set = { title: "Changed", assignee: "u2", priority: null, changedAt: { title: 5, assignee: 6 } };
      await commitOk(context, [updateOf("defect", firstId, set), updateOf("defect", firstId, {})]);
      assert.deepEqual(await readOk(context, "defect"), { ...row, ...set });
    },
  ],
  [
    "update-missing",
    "Updating a row that does not exist fails the unit.",
    async (context) => {
      const outcome = await commitUnit(context, [updateOf("defect", firstId, { title: "x" })]);
      assert.deepEqual(outcome, { status: "missing", table: "defect", id: firstId });
    },
  ],
  [
    "update-work-columns",
    "An update leaves work columns alone.",
    async (context) => {
      await insert(context, "link");
      await commitOk(context, [updateOf("link", firstId, { ...foreignWork, attempts: 2 })]);
      const row = await readOk(context, "link");
      assert.deepEqual(workOf(row), idleWork);
      assert.equal(row.attempts, 2);
    },
  ],
  [
    "put",
    "A put inserts a row, or replaces every column of the one with its id.",
    async (context) => {
      const first = sampleRow("defect");
      await commitOk(context, [{ type: "put", table: "defect", row: first }]);
      assert.deepEqual(await readOk(context, "defect"), first);
      const second = sampleRow("defect", { title: "Other", assignee: "u2", revision: 7, changedAt: {} });
      await commitOk(context, [{ type: "put", table: "defect", row: second }]);
      assert.deepEqual(await readOk(context, "defect"), second);
    },
  ],
  [
    "put-work-columns",
    "Putting over a work item keeps its work columns: a lease survives.",
    async (context) => {
      const row = await insert(context, "link", { dueAt: 1 });
      const [leased] = await claim(context);
      await commitOk(context, [{ type: "put", table: "link", row: { ...row, ...foreignWork, attempts: 2 } }]);
      const after = await readOk(context, "link");
      assert.deepEqual(workOf(after), workOf(leased as LinkRow));
      assert.equal(after.attempts, 2);
    },
  ],
  [
    "delete",
    "A deleted row is gone; deleting a missing one is no failure; the id can be used again.",
    async (context) => {
      await insert(context, "defect");
      await commitOk(context, [
        { type: "delete", table: "defect", id: firstId },
        { type: "delete", table: "defect", id: secondId },
      ]);
      assert.equal(await read(context, "defect"), undefined);
      await insert(context, "defect", { title: "Again" });
      assert.equal((await readOk(context, "defect")).title, "Again");
    },
  ],
  [
    "delete-work",
    "A deleted work item is not claimed any more.",
    async (context) => {
      await insert(context, "link", { dueAt: 1 });
      await commitOk(context, [{ type: "delete", table: "link", id: firstId }]);
      assert.deepEqual(await claim(context), []);
      assert.equal(await context.storage.system.nextDueInMs("link"), null);
    },
  ],
]);
