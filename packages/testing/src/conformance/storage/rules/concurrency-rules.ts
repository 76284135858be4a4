import assert from "node:assert/strict";
import type { CommitOutcome, Requirement } from "@backref/core/storage";
import type { Rule } from "../../rule.ts";
import {
  claim,
  commitOk,
  commitUnit,
  insert,
  insertMany,
  longMs,
  markOf,
  readOk,
  type StorageContext,
  scope,
  updateOf,
} from "../context.ts";
import { insertOf } from "../sample-parents.ts";
import { sampleId, sampleRow } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const [firstId, secondId] = [sampleId(1), sampleId(2)];
const writers = Array.from({ length: 20 }, (_, index) => index + 1);

function countOf(outcomes: readonly CommitOutcome[], status: CommitOutcome["status"]): number {
  return outcomes.filter((outcome) => outcome.status === status).length;
}

export const concurrencyRules: readonly Rule<StorageContext>[] = defineRules("core/storage/storage.ts, Storage", [
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
    "concurrent-marks",
    "Marks at the same time are all counted.",
    async (context) => {
      await insert(context, "link");
      await Promise.all(writers.map(() => commitOk(context, [markOf([firstId])])));
      assert.equal((await readOk(context, "link")).mark, writers.length);
    },
  ],
  [
    "concurrent-mark-and-release",
    "A mark that races with a release is never lost: the row ends up due.",
    async (context) => {
      for (const number of [1, 2, 3, 4, 5]) {
        const id = sampleId(number);
        await insert(context, "link", { id, dueAt: 1 });
        const [leased] = await claim(context);
        const { fence, mark } = leased ?? { fence: 0, mark: 0 };
        const release = {
          type: "release",
          table: "link",
          id,
          fence,
          seenMark: mark,
          nextAfterMs: null,
          set: {},
        } as const;
        await Promise.all([commitOk(context, [release]), commitOk(context, [markOf([id])])]);
        const again = await claim(context);
        assert.deepEqual(
          again.map((row) => row.id),
          [id],
        );
      }
    },
  ],
  [
    "concurrent-release",
    "Of several releases under fences of which one is right exactly that one commits.",
    async (context) => {
      await insert(context, "link", { dueAt: 1, fence: 9 });
      await claim(context);
      const outcomes = await Promise.all(
        writers.map((fence) =>
          commitUnit(context, [
            {
              type: "release",
              table: "link",
              id: firstId,
              fence,
              seenMark: 0,
              nextAfterMs: null,
              set: { attempts: fence },
            },
          ]),
        ),
      );
      assert.equal(countOf(outcomes, "committed"), 1);
      assert.equal((await readOk(context, "link")).attempts, 10);
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
    "concurrent-blocks",
    "Of blocks at the same time the longest counts.",
    async (context) => {
      const block = (forMs: number) =>
        commitOk(context, [{ type: "block", budgetId: "b", forMs, reason: "rate limit" }]);
      await block(1_000);
      const base = (await readOk(context, "budget", "b")).blockedUntil;
      await Promise.all(writers.map((writer) => block(writer * longMs)));
      assert.ok((await readOk(context, "budget", "b")).blockedUntil >= base + writers.length * longMs - 1_000);
    },
  ],
]);
