import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import {
  addComment,
  additionOf,
  apply,
  commentOk,
  commentsOf,
  createDefect,
  type DefectStoreContext,
  readOk,
} from "../context.ts";
import { defineRules } from "./define-rules.ts";

const writers = Array.from({ length: 12 }, (_, index) => index + 1);
/** Often enough that each side is the faster one now and then. */
const rounds = Array.from({ length: 32 }, (_, index) => index + 1);

/** Lets one of two that begin together begin a little later: by turns of the event loop, or by a few milliseconds. */
async function lateBy(round: number): Promise<void> {
  if (round % 4 === 0) await new Promise((resolve) => setTimeout(resolve, round / 8));
  else for (let turn = 0; turn < round % 7; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

export const concurrencyRules: readonly Rule<DefectStoreContext>[] = defineRules(
  "DefectStore.apply",
  [],
  [
    [
      "concurrent-applies",
      "Of many changes at once that were computed from one revision exactly one is applied, with all it holds.",
      async (context) => {
        const place = await createDefect(context);
        const { revision } = await readOk(context, place);
        const hasComments = context.host.comments !== undefined;
        const outcomes = await Promise.all(
          writers.map((writer) => {
            const comments = hasComments ? [additionOf(writer, `By ${writer}`)] : [];
            return apply(context, place, { set: { title: `By ${writer}` }, comments }, revision);
          }),
        );
        const winners = writers.filter((_writer, index) => outcomes[index]?.status === "applied");
        assert.equal(winners.length, 1, `applied were ${winners.length}`);
        assert.equal(outcomes.filter(({ status }) => status === "stale").length, writers.length - 1);
        assert.equal((await readOk(context, place)).title, `By ${winners[0]}`);
        const bodies = (await commentsOf(context, place)).map(({ body }) => body);
        assert.deepEqual(bodies, hasComments ? [`By ${winners[0]}`] : []);
      },
    ],
    [
      "concurrent-edit",
      "A person's edit at the same moment is never lost, neither of the same field nor of another one.",
      async (context) => {
        const place = await createDefect(context);
        for (const round of rounds) {
          const { revision } = await readOk(context, place);
          const edit = { title: `Person ${round}`, description: `Person ${round}` };
          const priority = context.priorities[round % 2] ?? null;
          const [, outcome] = await Promise.all([
            lateBy(round).then(() => context.host.editDefect(place, edit)),
            lateBy(rounds.length - round).then(() =>
              apply(context, place, { set: { title: `Tracker ${round}`, priority } }, revision),
            ),
          ]);
          const after = await readOk(context, place);
          const { title, description } = after;
          assert.deepEqual({ title, description }, edit, `after an apply that was ${outcome.status}`);
          if (outcome.status === "applied") assert.equal(after.priority, priority, "what was applied stays");
          else assert.equal(outcome.status, "stale");
        }
      },
    ],
    [
      "concurrent-comment-edit",
      "A person's edit of a comment at the same moment is never lost.",
      async (context) => {
        const place = await createDefect(context);
        const commentId = await addComment(context, place, "Start");
        for (const round of rounds) {
          const { revision } = await readOk(context, place);
          const theirs = { kind: "edit", commentId, body: `Tracker ${round}` } as const;
          await Promise.all([
            lateBy(round).then(() => context.host.comments?.edit(place, commentId, `Person ${round}`)),
            lateBy(rounds.length - round).then(() => apply(context, place, { comments: [theirs] }, revision)),
          ]);
          assert.equal((await commentOk(context, place, commentId)).body, `Person ${round}`);
        }
      },
      ["comments"],
    ],
    [
      "concurrent-revisions",
      "The revision that an apply answers is the one it made: a person's edit right after it has another.",
      async (context) => {
        const place = await createDefect(context);
        for (const round of rounds) {
          const { revision } = await readOk(context, place);
          const [outcome] = await Promise.all([
            apply(context, place, { set: { title: `Tracker ${round}` } }, revision),
            lateBy(round).then(() => context.host.editDefect(place, { description: `Person ${round}` })),
          ]);
          if (outcome.status !== "applied") continue;
          // The edit came after it, or it would have been stale.
          assert.notEqual(outcome.revision, (await readOk(context, place)).revision);
          const late = await apply(context, place, { set: { description: "Late" } }, outcome.revision);
          assert.equal(late.status, "stale");
        }
      },
    ],
  ],
);
