import assert from "node:assert/strict";
import { BackrefError, type CommitOutcome, type CommitUnit, type Requirement, type Write } from "@backref/core/storage";
import type { Rule } from "../../rule.ts";
import {
  claim,
  commitUnit,
  insert,
  insertMany,
  markOf,
  read,
  readOk,
  type StorageContext,
  scope,
  updateOf,
} from "../context.ts";
import { insertOf } from "../sample-parents.ts";
import { sampleId, sampleRow } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const [firstId, secondId, thirdId, missingId] = [sampleId(1), sampleId(2), sampleId(3), sampleId(99)];
const newDefect = (id: string) => insertOf("defect", sampleRow("defect", { id }));
const missing: CommitOutcome = { status: "missing", table: "defect", id: missingId };

/** One write of every type, all of which succeed by themselves. */
function writesOfEveryType(fence: number): readonly Write[] {
  return [
    newDefect(sampleId(21)),
    updateOf("defect", firstId, { title: "Changed" }),
    { type: "put", table: "defect", row: sampleRow("defect", { id: sampleId(22) }) },
    { type: "delete", table: "relation", id: firstId },
    markOf([secondId]),
    { type: "release", table: "link", id: firstId, fence, seenMark: 1, nextAfterMs: null, set: { attempts: 3 } },
    { type: "block", budgetId: "budget-1", forMs: 1_000, reason: "rate limit" },
    insertOf("activity", sampleRow("activity")),
  ];
}

async function snapshot(context: StorageContext): Promise<readonly unknown[]> {
  const { storage } = context;
  return [
    await storage.find(scope, { table: "defect", by: "project", keys: [["web"]] }),
    await storage.find(scope, { table: "relation", by: "all", keys: [[]] }),
    await storage.find(scope, { table: "link", by: "source", keys: [[firstId]] }),
    await storage.find(scope, { table: "budget", by: "id", keys: [["budget-1"]] }),
    await storage.find(scope, { table: "activity", by: "all", keys: [[]] }),
  ];
}

async function commitMany(context: StorageContext, units: readonly CommitUnit[]): Promise<readonly string[]> {
  return (await context.storage.commit(scope, units)).map((outcome) => outcome.status);
}

const failures: readonly { readonly write: Write; readonly require?: Requirement; readonly outcome: CommitOutcome }[] =
  [
    { write: updateOf("defect", missingId, { title: "x" }), outcome: missing },
    { write: newDefect(firstId), outcome: { status: "taken", table: "defect", key: "id" } },
    {
      write: insertOf("relation", sampleRow("relation", { id: secondId, name: "taken" })),
      outcome: { status: "taken", table: "relation", key: "name" },
    },
    {
      write: { type: "release", table: "link", id: secondId, fence: 7, seenMark: 0, nextAfterMs: null, set: {} },
      outcome: { status: "stale", table: "link", id: secondId },
    },
  ];

export const unitRules: readonly Rule<StorageContext>[] = defineRules("core/storage/commit.ts, CommitUnit", [
  [
    "unit-atomic",
    "A unit that fails at its last write leaves nothing of the earlier ones behind.",
    async (context) => {
      await insert(context, "defect");
      await insert(context, "relation");
      await insert(context, "relation", { id: thirdId, name: "taken" });
      await insert(context, "link", { dueAt: 1, mark: 1 });
      await insert(context, "link", { id: secondId });
      const [leased] = await claim(context);
      const before = await snapshot(context);
      for (const { write, outcome } of failures) {
        const unit = [...writesOfEveryType(leased?.fence ?? 0).filter((entry) => !(entry.type === "delete")), write];
        assert.deepEqual(await commitUnit(context, unit), outcome);
        assert.deepEqual(await snapshot(context), before, `after a unit that ends as ${outcome.status}`);
      }
      const last = updateOf("defect", missingId, { title: "x" });
      assert.deepEqual(await commitUnit(context, [...writesOfEveryType(leased?.fence ?? 0), last]), missing);
      assert.deepEqual(await snapshot(context), before, "after a unit with a delete");
      const whole = await commitUnit(context, writesOfEveryType(leased?.fence ?? 0));
      assert.equal(whole.status, "committed", "the same writes commit without the failing one");
    },
  ],
  [
    "units-independent",
    "A unit that fails keeps no other of the same call from committing; there is one outcome per unit, in order.",
    async (context) => {
      const failing: CommitUnit = { write: [newDefect(thirdId), updateOf("defect", missingId, { title: "x" })] };
      const outcomes = await context.storage.commit(scope, [
        { write: [newDefect(firstId)] },
        failing,
        { write: [newDefect(secondId)] },
        { write: [newDefect(firstId)] },
      ]);
      const committed = { status: "committed", skipped: 0 };
      const taken = { status: "taken", table: "defect", key: "id" };
      assert.deepEqual(outcomes, [committed, missing, committed, taken]);
      assert.equal(await read(context, "defect", thirdId), undefined);
      await readOk(context, "defect", firstId);
      await readOk(context, "defect", secondId);
    },
  ],
  [
    "units-in-order",
    "A unit sees what earlier units of the same call wrote.",
    async (context) => {
      const require: Requirement = { table: "defect", id: firstId, match: { revision: 2 } };
      const statuses = await commitMany(context, [
        { require: [require], write: [newDefect(secondId)] },
        { write: [newDefect(firstId)] },
        { write: [updateOf("defect", firstId, { revision: 2 })] },
        { require: [require], write: [newDefect(thirdId)] },
      ]);
      assert.deepEqual(statuses, ["stale", "committed", "committed", "committed"]);
      assert.equal(await read(context, "defect", secondId), undefined);
      await readOk(context, "defect", thirdId);
    },
  ],
  [
    "writes-in-order",
    "Writes of a unit take effect in order: a key given up by one is free for the next.",
    async (context) => {
      await insert(context, "relation", { name: "blocks" });
      const again = sampleRow("relation", { id: secondId, name: "blocks" });
      const outcome = await commitUnit(context, [
        { type: "delete", table: "relation", id: firstId },
        insertOf("relation", again),
        updateOf("relation", secondId, { inverseName: "first" }),
        updateOf("relation", secondId, { inverseName: "second" }),
      ]);
      assert.equal(outcome.status, "committed");
      assert.equal((await readOk(context, "relation", secondId)).inverseName, "second");
    },
  ],
  [
    "unit-empty",
    "No units give no outcomes; a unit without writes commits if its requirements hold.",
    async (context) => {
      assert.deepEqual(await context.storage.commit(scope, []), []);
      assert.deepEqual(await commitUnit(context, []), { status: "committed", skipped: 0 });
      const require: Requirement = { table: "defect", id: firstId, match: {} };
      assert.deepEqual(await commitUnit(context, [], [require]), { status: "stale", table: "defect", id: firstId });
    },
  ],
  [
    "unit-large",
    "Units with some hundred writes, and calls with some hundred units, commit.",
    async (context) => {
      const numbers = Array.from({ length: 300 }, (_, index) => sampleId(index + 1));
      assert.equal((await commitUnit(context, numbers.map(newDefect))).status, "committed");
      const outcomes = await commitMany(
        context,
        numbers.map((id) => ({ write: [updateOf("defect", id, { revision: 2 })] })),
      );
      assert.deepEqual(new Set(outcomes), new Set(["committed"]));
    },
  ],
  [
    "refused-call-changes-nothing",
    "A call that is refused for its input changes nothing, not even by its sound units.",
    async (context) => {
      const bad = insertOf("defect", sampleRow("defect", { id: secondId, title: "a\0b" }));
      const call = () => context.storage.commit(scope, [{ write: [newDefect(firstId)] }, { write: [bad] }]);
      await assert.rejects(call, (error: unknown) => BackrefError.isInstance(error) && error.code === "invalid-input");
      assert.equal(await read(context, "defect", firstId), undefined);
    },
  ],
  [
    "require-match",
    "A requirement holds if every named column is equal, null included; otherwise the unit is stale.",
    async (context) => {
      await insert(context, "defect");
      const check = (match: object) => commitUnit(context, [], [{ table: "defect", id: firstId, match }]);
      const stale = { status: "stale", table: "defect", id: firstId };
      assert.equal((await check({ revision: 1, status: "open", assignee: null })).status, "committed");
      assert.deepEqual(await check({ revision: 2 }), stale);
      assert.deepEqual(await check({ revision: 1, status: "closed" }), stale);
      assert.deepEqual(await check({ assignee: "u1" }), stale);
      assert.deepEqual(await check({ priority: null }), stale);
    },
  ],
  [
    "require-missing-row",
    "A row that does not exist matches nothing.",
    async (context) => {
      const require: Requirement = { table: "defect", id: missingId, match: { assignee: null } };
      const outcome = await commitUnit(context, [newDefect(firstId)], [require]);
      assert.deepEqual(outcome, { status: "stale", table: "defect", id: missingId });
      assert.equal(await read(context, "defect", firstId), undefined);
    },
  ],
  [
    "require-first",
    "Requirements are checked before any write: a unit that is both stale and taken is stale.",
    async (context) => {
      await insertMany(context, "defect", { first: 1, count: 2 });
      const require: Requirement = { table: "defect", id: secondId, match: { revision: 9 } };
      const outcome = await commitUnit(context, [newDefect(firstId)], [require]);
      assert.deepEqual(outcome, { status: "stale", table: "defect", id: secondId });
      const ownWrite: Requirement = { table: "defect", id: secondId, match: { revision: 1 } };
      const bump = updateOf("defect", secondId, { revision: 2 });
      assert.equal((await commitUnit(context, [bump], [ownWrite])).status, "committed");
    },
  ],
]);
