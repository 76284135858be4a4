import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { addComment, commentOk, commentsOf, createDefect, type DefectStoreContext } from "../context.ts";
import { defineRules } from "./define-rules.ts";

export const commentReadRules: readonly Rule<DefectStoreContext>[] = defineRules(
  "DefectStore.readComments",
  ["comments"],
  [
    [
      "comments-shape",
      "A comment of the host's reads as it was written, in the documented shape.",
      async (context) => {
        const place = await createDefect(context);
        const commentId = await addComment(context, place, "Seen **twice**");
        const comment = await commentOk(context, place, commentId);
        const { defectId, body, visibility, origin, deletedAt } = comment;
        const expected = { body: "Seen **twice**", visibility: "public", origin: "host", deletedAt: null };
        assert.deepEqual({ body, visibility, origin, deletedAt }, expected);
        assert.equal(defectId, place.defectId);
        assert.equal(typeof comment.authorName, "string");
        for (const at of [comment.createdAt, comment.updatedAt]) {
          assert.ok(Number.isFinite(at), "times are numbers of milliseconds");
        }
      },
    ],
    [
      "comments-internal",
      "Internal comments say so: they never leave the host.",
      async (context) => {
        const place = await createDefect(context);
        const commentId = await addComment(context, place, "Not for the tracker", "internal");
        assert.equal((await commentOk(context, place, commentId)).visibility, "internal");
      },
      ["internal comments"],
    ],
    [
      "comments-order",
      "Comments come oldest first, also after one was edited.",
      async (context) => {
        const place = await createDefect(context);
        const ids: string[] = [];
        for (const body of ["One", "Two", "Three", "Four"]) ids.push(await addComment(context, place, body));
        await context.host.comments?.edit(place, ids[0] ?? "", "One, edited");
        const comments = await commentsOf(context, place);
        assert.deepEqual(
          comments.map(({ id }) => id),
          ids,
        );
        assert.equal(comments[0]?.body, "One, edited");
      },
    ],
    [
      "comments-of-many",
      "Comments of many defects are read at once, each with the id of its own, and nobody else's.",
      async (context) => {
        const [first, second, third] = [
          await createDefect(context),
          await createDefect(context),
          await createDefect(context),
        ];
        for (const [place, body] of [
          [first, "Of the first"],
          [second, "Of the second"],
          [third, "Of the third"],
          [first, "Of the first again"],
        ] as const) {
          await addComment(context, place, body);
        }
        const ids = [first.defectId, second.defectId];
        const comments = await context.store.readComments({ tenantId: context.tenantId }, ids);
        const bodiesOf = (id: string) => comments.filter(({ defectId }) => defectId === id).map(({ body }) => body);
        assert.equal(comments.length, 3);
        assert.deepEqual(ids.map(bodiesOf), [["Of the first", "Of the first again"], ["Of the second"]]);
      },
    ],
    [
      "comments-deleted",
      "A comment that people of the host deleted stays listed, with the time of its deletion.",
      async (context) => {
        const place = await createDefect(context);
        const [kept, deleted] = [await addComment(context, place, "Kept"), await addComment(context, place, "Deleted")];
        await context.host.comments?.delete?.(place, deleted);
        assert.ok(Number.isFinite((await commentOk(context, place, deleted)).deletedAt), "deletedAt is a time");
        assert.equal((await commentOk(context, place, kept)).deletedAt, null);
      },
      ["comments.delete"],
    ],
  ],
);
