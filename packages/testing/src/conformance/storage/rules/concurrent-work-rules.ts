import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { countOf, writers } from "../at-once.ts";
import {
  claim,
  commitOk,
  commitUnit,
  insert,
  longMs,
  markOf,
  readOk,
  type StorageContext,
  updateOf,
} from "../context.ts";
import { insertOf } from "../sample-parents.ts";
import { sampleId, sampleRow } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const firstId = sampleId(1);

export const concurrentWorkRules: readonly Rule<StorageContext>[] = defineRules("core/storage/storage.ts, Storage", [
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
  [
    "concurrent-mark-search",
    "A mark that looks for its rows finds those of every unit that came before it.",
    async (context) => {
      await insert(context, "source");
      for (const number of writers.slice(0, 10)) {
        const id = sampleId(number);
        await insert(context, "defect", { id });
        const require = [{ table: "defect", id, match: { revision: 1 } }] as const;
        // Whoever adds a link looks at the defect, and whoever changes the defect looks for links.
        const [added, changed] = await Promise.all([
          commitUnit(context, [insertOf("link", sampleRow("link", { id }))], require),
          commitUnit(context, [
            updateOf("defect", id, { revision: 2 }),
            { type: "mark", table: "link", by: "defect", keys: [[id]], afterMs: 0 },
          ]),
        ]);
        assert.equal(changed.status, "committed");
        if (added.status === "committed")
          assert.equal((await readOk(context, "link", id)).mark, 1, "the link is marked");
        else assert.equal(added.status, "stale");
      }
    },
  ],
]);
