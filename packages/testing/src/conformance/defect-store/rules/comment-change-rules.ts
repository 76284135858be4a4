import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import {
  addComment,
  additionOf,
  applyOk,
  commentKey,
  commentOk,
  commentsOf,
  createDefect,
  type DefectStoreContext,
  readOk,
} from "../context.ts";
import { defineRules } from "./define-rules.ts";

export const commentChangeRules: readonly Rule<DefectStoreContext>[] = defineRules(
  "DefectCommentChange",
  ["comments"],
  [
    [
      "comment-add",
      "A comment of the tracker's is added with its author and time, is public, and its id is answered by its key.",
      async (context) => {
        const place = await createDefect(context);
        const { title, revision } = await readOk(context, place);
        const addition = additionOf(1, "Works for **me**");
        const outcome = await applyOk(context, place, { comments: [addition] });
        assert.deepEqual(Object.keys(outcome.commentIds), [addition.key]);
        const comment = await commentOk(context, place, outcome.commentIds[addition.key]);
        const { body, authorName, createdAt, visibility, origin, deletedAt } = comment;
        assert.deepEqual(
          { body, authorName, createdAt, visibility, origin, deletedAt },
          {
            body: addition.body,
            authorName: addition.authorName,
            createdAt: addition.createdAt,
            visibility: "public",
            origin: "tracker",
            deletedAt: null,
          },
        );
        const after = await readOk(context, place);
        assert.equal(after.title, title, "fields stay as they are");
        assert.equal(after.revision, outcome.revision);
        assert.notEqual(after.revision, revision, "a comment alone moves the revision");
      },
    ],
    [
      "comment-add-many",
      "Several comments and fields are one change; every comment has an id of its own.",
      async (context) => {
        const place = await createDefect(context);
        const comments = [1, 2, 3].map((number) => additionOf(number, `Comment ${number}`));
        const outcome = await applyOk(context, place, { set: { title: "Theirs" }, comments });
        assert.equal(new Set(Object.values(outcome.commentIds)).size, 3);
        const bodies = (await commentsOf(context, place)).map(({ body }) => body);
        assert.deepEqual(bodies, ["Comment 1", "Comment 2", "Comment 3"]);
        assert.equal((await readOk(context, place)).title, "Theirs");
      },
    ],
    [
      "comment-key",
      "A key that was added before adds nothing and answers the same id; others of the change are added.",
      async (context) => {
        const place = await createDefect(context);
        const first = await applyOk(context, place, { comments: [additionOf(1, "Once")] });
        const comments = [additionOf(1, "Once"), additionOf(2, "Another")];
        const second = await applyOk(context, place, { comments });
        assert.equal(second.commentIds[commentKey(1)], first.commentIds[commentKey(1)]);
        assert.ok(second.commentIds[commentKey(2)] !== undefined, "the new one has an id");
        const bodies = (await commentsOf(context, place)).map(({ body }) => body);
        assert.deepEqual(bodies, ["Once", "Another"]);
      },
    ],
    [
      "comment-key-edited",
      "A key that comes again leaves alone what was done with its comment since.",
      async (context) => {
        const place = await createDefect(context);
        const { commentIds } = await applyOk(context, place, {
          comments: [additionOf(1, "Once"), additionOf(2, "Gone")],
        });
        const [edited = "", deleted = ""] = [commentIds[commentKey(1)], commentIds[commentKey(2)]];
        const changes = [
          { kind: "edit", commentId: edited, body: "Edited since" },
          { kind: "delete", commentId: deleted },
        ] as const;
        await applyOk(context, place, { comments: changes });
        const again = await applyOk(context, place, { comments: [additionOf(1, "Once"), additionOf(2, "Gone")] });
        assert.deepEqual(again.commentIds, commentIds);
        assert.equal((await commentOk(context, place, edited)).body, "Edited since");
        assert.notEqual((await commentOk(context, place, deleted)).deletedAt, null);
        assert.equal((await commentsOf(context, place)).length, 2);
      },
    ],
    [
      "comment-edit",
      "A comment of the tracker's is edited, and keeps its id, author, time and place.",
      async (context) => {
        const place = await createDefect(context);
        const { commentIds } = await applyOk(context, place, {
          comments: [additionOf(1, "One"), additionOf(2, "Two")],
        });
        const commentId = commentIds[commentKey(1)] ?? "";
        const before = await commentOk(context, place, commentId);
        await applyOk(context, place, { comments: [{ kind: "edit", commentId, body: "One, edited" }] });
        const after = await commentOk(context, place, commentId);
        assert.deepEqual({ ...after, updatedAt: before.updatedAt }, { ...before, body: "One, edited" });
        assert.deepEqual(
          (await commentsOf(context, place)).map(({ body }) => body),
          ["One, edited", "Two"],
        );
      },
    ],
    [
      "comment-edit-hosts",
      "A comment that people of the host wrote is edited as well, and stays theirs.",
      async (context) => {
        const place = await createDefect(context);
        const commentId = await addComment(context, place, "Ours");
        const before = await commentOk(context, place, commentId);
        await applyOk(context, place, { comments: [{ kind: "edit", commentId, body: "Edited at the tracker" }] });
        const after = await commentOk(context, place, commentId);
        assert.deepEqual({ ...after, updatedAt: before.updatedAt }, { ...before, body: "Edited at the tracker" });
      },
    ],
    [
      "comment-delete",
      "A comment that was deleted at the tracker stays listed, with the time of its deletion.",
      async (context) => {
        const place = await createDefect(context);
        const { commentIds } = await applyOk(context, place, {
          comments: [additionOf(1, "One"), additionOf(2, "Two")],
        });
        const [kept, deleted = ""] = [commentIds[commentKey(1)], commentIds[commentKey(2)]];
        await applyOk(context, place, { comments: [{ kind: "delete", commentId: deleted }] });
        assert.ok(Number.isFinite((await commentOk(context, place, deleted)).deletedAt), "deletedAt is a time");
        assert.equal((await commentOk(context, place, kept)).deletedAt, null);
      },
    ],
    [
      "comment-deleted-stays",
      "An edit of a deleted comment is passed over: it does not come back, and the rest of the change is applied.",
      async (context) => {
        const place = await createDefect(context);
        const { commentIds } = await applyOk(context, place, { comments: [additionOf(1, "One")] });
        const commentId = commentIds[commentKey(1)] ?? "";
        await applyOk(context, place, { comments: [{ kind: "delete", commentId }] });
        const comments = [{ kind: "edit", commentId, body: "Back again" }, additionOf(2, "Two")] as const;
        await applyOk(context, place, { set: { title: "Theirs" }, comments });
        const deleted = await commentOk(context, place, commentId);
        assert.notEqual(deleted.deletedAt, null);
        assert.equal((await readOk(context, place)).title, "Theirs");
        assert.equal((await commentsOf(context, place)).length, 2);
      },
    ],
    [
      "comment-others-untouched",
      "A change reaches comments of its own defect only.",
      async (context) => {
        const [place, other] = [await createDefect(context), await createDefect(context)];
        const commentId = await addComment(context, other, "Of the other one");
        const comments = [
          { kind: "edit", commentId, body: "Taken over" },
          { kind: "delete", commentId },
        ] as const;
        await applyOk(context, place, { comments });
        const { body, deletedAt } = await commentOk(context, other, commentId);
        assert.deepEqual({ body, deletedAt }, { body: "Of the other one", deletedAt: null });
      },
    ],
  ],
);
