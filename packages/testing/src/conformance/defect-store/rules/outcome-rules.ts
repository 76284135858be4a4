import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import {
  addComment,
  additionOf,
  apply,
  applyOk,
  changeOf,
  commentsOf,
  createDefect,
  type DefectStoreContext,
  readOk,
  wholeOf,
} from "../context.ts";
import { defineRules } from "./define-rules.ts";

export const outcomeRules: readonly Rule<DefectStoreContext>[] = defineRules(
  "DefectApplyOutcome",
  [],
  [
    [
      "stale",
      "A change that was computed from a former revision is stale and changes nothing.",
      async (context) => {
        const place = await createDefect(context);
        const { revision } = await readOk(context, place);
        await context.host.editDefect(place, { description: "Edited by a person" });
        const before = await wholeOf(context, place);
        const change = { set: { title: "Theirs" }, comments: [additionOf(1, "Theirs")] };
        assert.deepEqual(await apply(context, place, change, revision), { status: "stale" });
        assert.deepEqual(await wholeOf(context, place), before);
      },
    ],
    [
      "stale-comment",
      "A change that was computed before a person's comment, or an edit of one, is stale.",
      async (context) => {
        const place = await createDefect(context);
        const { revision } = await readOk(context, place);
        const commentId = await addComment(context, place, "Seen");
        const between = await readOk(context, place);
        assert.equal((await apply(context, place, { set: { title: "Theirs" } }, revision)).status, "stale");
        await context.host.comments?.edit(place, commentId, "Seen twice");
        const edit = { kind: "edit", commentId, body: "Theirs" } as const;
        assert.equal((await apply(context, place, { comments: [edit] }, between.revision)).status, "stale");
        assert.equal((await commentsOf(context, place))[0]?.body, "Seen twice");
      },
      ["comments"],
    ],
    [
      "stale-repeated",
      "Repeating an applied change is stale, and a comment of it is not added again.",
      async (context) => {
        const place = await createDefect(context);
        const { revision } = await readOk(context, place);
        const comments = context.host.comments === undefined ? [] : [additionOf(1, "Theirs")];
        const change = { set: { title: "Theirs" }, comments };
        assert.equal((await apply(context, place, change, revision)).status, "applied");
        assert.deepEqual(await apply(context, place, change, revision), { status: "stale" });
        assert.equal((await commentsOf(context, place)).length, comments.length);
      },
    ],
    [
      "stale-foreign",
      "A revision that the defect never had is stale, whatever it looks like.",
      async (context) => {
        const place = await createDefect(context);
        for (const revision of ["no revision", "", "-1", "99999999999999999999999999", "1e0"]) {
          const outcome = await apply(context, place, { set: { title: "Theirs" } }, revision);
          assert.deepEqual(outcome, { status: "stale" }, `under "${revision}"`);
        }
      },
    ],
    [
      "gone",
      "A defect that never was is gone, whatever its id looks like.",
      async (context) => {
        const { revision } = await readOk(context, await createDefect(context));
        for (const defectId of ["no-such-defect", "99999999999999999999999999", "'; --"]) {
          const place = { tenantId: context.tenantId, defectId };
          assert.deepEqual(await apply(context, place, { set: { title: "Theirs" } }, revision), { status: "gone" });
        }
      },
    ],
    [
      "gone-deleted",
      "A defect that was deleted is gone, not stale: its links have to be detached.",
      async (context) => {
        const place = await createDefect(context);
        const { revision } = await readOk(context, place);
        await context.host.deleteDefect?.(place);
        const comments = context.host.comments === undefined ? [] : [additionOf(1, "Theirs")];
        const outcome = await apply(context, place, { set: { title: "Theirs" }, comments }, revision);
        assert.deepEqual(outcome, { status: "gone" });
        assert.deepEqual(await context.store.read({ tenantId: place.tenantId }, [place.defectId]), []);
      },
      ["deleteDefect"],
    ],
    [
      "outcomes-in-order",
      "Many changes at once answer one outcome each, in their order; one that cannot be applied stops no other.",
      async (context) => {
        const { store, tenantId } = context;
        assert.deepEqual(await store.apply({ tenantId }, []), []);
        const [first, moved, last] = [
          await createDefect(context),
          await createDefect(context),
          await createDefect(context),
        ];
        const revisions = await Promise.all([first, moved, last].map((place) => readOk(context, place)));
        await context.host.editDefect(moved, { title: "Ours" });
        const missing = { defectId: "no-such-defect" };
        const outcomes = await store.apply(
          { tenantId },
          [missing, last, moved, first].map((place) => {
            const known = revisions.find(({ id }) => id === place.defectId);
            return changeOf(place, known?.revision ?? "1", { set: { title: `Theirs ${place.defectId}` } });
          }),
        );
        assert.deepEqual(
          outcomes.map(({ status }) => status),
          ["gone", "applied", "stale", "applied"],
        );
        for (const [index, place] of [last, first].entries()) {
          const snapshot = await readOk(context, place);
          const outcome = outcomes[index === 0 ? 1 : 3];
          assert.equal(snapshot.title, `Theirs ${place.defectId}`);
          assert.equal(outcome?.status === "applied" ? outcome.revision : null, snapshot.revision);
        }
        assert.equal((await readOk(context, moved)).title, "Ours");
      },
    ],
    [
      "outcomes-same-defect",
      "Of two changes of one defect in one call, computed from the same revision, only the first is applied.",
      async (context) => {
        const place = await createDefect(context);
        const { revision } = await readOk(context, place);
        const changes = ["First", "Second"].map((title) => changeOf(place, revision, { set: { title } }));
        const outcomes = await context.store.apply({ tenantId: context.tenantId }, changes);
        assert.deepEqual(
          outcomes.map(({ status }) => status),
          ["applied", "stale"],
        );
        assert.equal((await readOk(context, place)).title, "First");
        await applyOk(context, place, { set: { title: "Third" } });
      },
    ],
  ],
);
