import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { atOnce, writers } from "../at-once.ts";
import { commitOk, findIds, insertMany, longMs, type StorageContext } from "../context.ts";
import { insertOf } from "../sample-parents.ts";
import { sampleId, sampleRow } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

export const concurrentSystemRules: readonly Rule<StorageContext>[] = defineRules(
  "core/storage/storage.ts, StorageSystem",
  [
    [
      "concurrent-consumer-handover",
      "Of a late commit of a consumer and the claim that follows its lease, the later one knows of the earlier.",
      async ({ storage: { system }, shortMs, pass }) => {
        for (const number of [1, 2, 3, 4, 5]) {
          const name = `audit-${number}`;
          const held = await system.claimConsumer({ name, owner: "worker-1", leaseMs: shortMs });
          await pass(shortMs);
          const fence = held?.fence ?? -1;
          const [isMoved, next] = await Promise.all([
            system.commitConsumer({ name, fence, cursor: 5, leaseMs: null }),
            system.claimConsumer({ name, owner: "worker-2", leaseMs: longMs }),
          ]);
          assert.equal(next?.cursor, isMoved ? 5 : 0);
        }
      },
    ],
    [
      "concurrent-consumer-commits",
      "Of several commits of a consumer under fences of which one is right exactly that one counts.",
      async ({ storage: { system } }) => {
        const name = "audit";
        const held = await system.claimConsumer({ name, owner: "worker-1", leaseMs: longMs });
        const fence = held?.fence ?? -1;
        const answers = await atOnce(8, (writer) =>
          system.commitConsumer({ name, fence: fence + writer - 4, cursor: writer, leaseMs: null }),
        );
        assert.deepEqual(
          answers.flatMap((answer, index) => (answer ? [index + 1] : [])),
          [4],
        );
        assert.equal((await system.claimConsumer({ name, owner: "worker-2", leaseMs: longMs }))?.cursor, 4);
      },
    ],
    [
      "concurrent-installation",
      "All who ask first at the same time are told one id; of those who take over the last one stays.",
      async ({ storage: { system } }) => {
        const idOf = (writer: number) => `installation-${writer}`;
        const ask = (takeOver: boolean) =>
          atOnce(writers.length, (writer) => system.installation({ id: idOf(writer), takeOver }));
        assert.equal(new Set(await ask(false)).size, 1);
        assert.deepEqual(await ask(true), writers.map(idOf), "whoever takes over is told the own id");
        const [kept, ...others] = await ask(false);
        assert.ok(kept !== undefined && writers.map(idOf).includes(kept));
        assert.deepEqual(new Set(others), new Set([kept]));
      },
    ],
    [
      "concurrent-prune",
      "Prunes at the same time each remove as many as they may, and no delivery is counted twice.",
      async (context) => {
        const { system } = context.storage;
        for (const round of [1, 2, 3]) {
          const numbers = Array.from({ length: 40 }, (_, index) => round * 1_000 + index);
          await insertMany(context, "delivery", { first: round * 1_000, count: 40 }, (number) => ({
            receivedAt: number,
          }));
          const counts = await atOnce(8, () => system.prune({ deliveriesBefore: round * 1_000 + 30, limit: 4 }));
          assert.deepEqual(counts.toSorted(), [2, 4, 4, 4, 4, 4, 4, 4]);
          const ids = numbers.map(sampleId);
          const left = await findIds(context, { table: "delivery", by: "id", keys: ids.map((id) => [id]) });
          assert.deepEqual(left, ids.slice(30));
          await system.prune({ deliveriesBefore: round * 1_000 + 40, limit: 100 });
        }
      },
    ],
    [
      "concurrent-activity-order",
      "Activity stands in the order in which it was committed, where one commit had ended when the other began.",
      async (context) => {
        let ended = 0;
        const commits: { readonly id: string; readonly begun: number; readonly ended: number }[] = [];
        await atOnce(8, async (writer) => {
          for (let index = 0; index < 6; index += 1) {
            const id = sampleId(writer * 100 + index);
            const begun = ended;
            await commitOk(context, [insertOf("activity", sampleRow("activity", { id }))]);
            ended += 1;
            commits.push({ id, begun, ended });
          }
        });
        const rows = await context.storage.system.readActivity({ after: 0, limit: 100 });
        assert.equal(rows.length, commits.length);
        const placeOf = new Map(rows.map((row, place) => [row.id, place]));
        for (const earlier of commits) {
          for (const later of commits) {
            // Commits are numbered as they end: who began after so many had ended comes after all of these.
            if (earlier.ended > later.begun) continue;
            assert.ok((placeOf.get(earlier.id) ?? 0) < (placeOf.get(later.id) ?? 0), "the later commit stands later");
          }
        }
      },
    ],
  ],
);
