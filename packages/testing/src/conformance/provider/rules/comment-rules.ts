import assert from "node:assert/strict";
import type { IssueAddress, RemoteComment } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { open, readAddress, sampleToken, truthOf } from "../actions.ts";
import { able, nextVersion, type ProviderContext, settle } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";
import { failureOf } from "../failures.ts";
import { missingIssue } from "../operations.ts";
import { assertSameText } from "../truth.ts";

const withoutEdit = ({ capabilities }: ProviderContext): string | null =>
  capabilities.comments.edit ? null : "the provider declares that comments cannot be edited";
const withoutDelete = ({ capabilities }: ProviderContext): string | null =>
  capabilities.comments.delete ? null : "the provider declares that comments cannot be deleted";

function list(context: ProviderContext, issue: IssueAddress): Promise<readonly RemoteComment[]> {
  return groupOf(context, "comments").list(context.call(), { issue });
}

function createComment(context: ProviderContext, issue: IssueAddress, body: string): Promise<RemoteComment | null> {
  return groupOf(context, "comments").create(context.call(), { issue, body, token: sampleToken });
}

async function openAddress(context: ProviderContext): Promise<IssueAddress> {
  return readAddress(context, await open(context));
}

function assertComplete(comment: RemoteComment, context: ProviderContext): void {
  assert.ok(comment.remoteId !== "", "remoteId");
  assert.ok(["public", "internal", "unknown"].includes(comment.visibility), `visibility is ${comment.visibility}`);
  assert.ok(comment.author !== null && comment.author.id !== "", "the author");
  assert.ok(comment.url === null || URL.canParse(comment.url), `url is ${comment.url}`);
  assert.ok(comment.createdAt <= comment.updatedAt, "createdAt is after updatedAt");
  assert.ok(Math.abs(context.tracker.now() - comment.createdAt) < 3_600_000, `createdAt is ${comment.createdAt}`);
  assert.ok(Number.isFinite(comment.version), `version is ${comment.version}`);
}

export const commentRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/comments.ts, CommentsGroup",
  { groups: ["comments"] },
  [
    [
      "comments-list",
      "All comments are listed, oldest first and complete.",
      async (context) => {
        const issue = await openAddress(context);
        assert.deepEqual(await list(context, issue), [], "an issue without comments");
        const ids: string[] = [];
        for (const body of ["first", "**second** 🎉", "third"]) {
          ids.push(await able(context, "comment")(issue.item, body));
          await nextVersion(context);
        }
        const comments = await list(context, issue);
        assert.deepEqual(
          comments.map(({ remoteId }) => remoteId),
          ids,
          "ids in the order of creation",
        );
        assert.deepEqual(
          comments.map(({ body }) => body.trimEnd()),
          ["first", "**second** 🎉", "third"],
        );
        for (const comment of comments) assertComplete(comment, context);
      },
    ],
    [
      "comments-list-long",
      "More comments than stand on a page are listed all the same, each once.",
      async (context) => {
        const issue = await openAddress(context);
        const ids: string[] = [];
        for (let number = 1; number <= (context.underTest.longListLength ?? 120); number += 1) {
          ids.push(await able(context, "comment")(issue.item, `comment ${number}`));
        }
        await settle(context);
        assert.deepEqual(
          (await list(context, issue)).map(({ remoteId }) => remoteId),
          ids,
          "ids in order",
        );
      },
    ],
    [
      "comments-create",
      "A comment is created as it was sent, and answered with its id where that is declared.",
      async (context) => {
        const issue = await openAddress(context);
        const body = "Seen on **build 7**: `a < b`\n\n> quoted 🎉";
        const created = await createComment(context, issue, body);
        const [truth, ...others] = (await truthOf(context, issue.item)).comments;
        assert.ok(truth !== undefined && others.length === 0, "the tracker has exactly one comment");
        assertSameText(truth.body, body, "the comment at the tracker");
        if (context.capabilities.comments.returnsId) assert.ok(created !== null, "the answer is null");
        if (created === null) return;
        assert.equal(created.remoteId, truth.id, "remote id of the answer");
        const chosen = context.underTest.provider.commentIdOf?.(sampleToken);
        if (chosen !== undefined) assert.equal(chosen, truth.id, "the id that `commentIdOf` tells");
        assertSameText(created.body, truth.body, "the answer");
        assertComplete(created, context);
      },
    ],
    [
      "comments-create-never-repeats",
      "A create whose answer was lost throws `ambiguous` and is not sent again.",
      async (context) => {
        const issue = await openAddress(context);
        context.tracker.failNext("lost-after", "write");
        const attempt = () => createComment(context, issue, "once");
        await failureOf(context, "comments.create, its answer lost", attempt, "ambiguous");
        assert.equal((await truthOf(context, issue.item)).comments.length, 1, "comments at the tracker");
      },
    ],
    [
      "comments-gone",
      "An issue that does not exist is `gone`.",
      async (context) => {
        const issue = missingIssue(context);
        await failureOf(context, "comments.list of no issue", () => list(context, issue), "gone");
        await failureOf(context, "comments.create on no issue", () => createComment(context, issue, "x"), "gone");
      },
    ],
    [
      "comments-edit",
      "An edit changes that comment only, keeps its id and moves its version.",
      async (context) => {
        const issue = await openAddress(context);
        const [first, second] = [
          await able(context, "comment")(issue.item, "first"),
          await able(context, "comment")(issue.item, "second"),
        ];
        await nextVersion(context);
        const before = (await list(context, issue)).find(({ remoteId }) => remoteId === first);
        const request = { issue, commentId: first, body: "first, corrected" };
        const edited = await groupOf(context, "comments").update?.(context.call(), request);
        const { comments } = await truthOf(context, issue.item);
        assert.deepEqual(
          comments.map(({ id }) => id),
          [first, second],
          "ids at the tracker",
        );
        assert.deepEqual(
          comments.map(({ body }) => body.trimEnd()),
          ["first, corrected", "second"],
        );
        assert.ok(edited !== undefined && before !== undefined, "there is an answer");
        assert.equal(edited.remoteId, first, "remote id of the answer");
        assertSameText(edited.body, "first, corrected", "the answer");
        if (!context.capabilities.comments.tellsEdits) return;
        assert.ok(edited.version > before.version, `version went from ${before.version} to ${edited.version}`);
      },
      { unless: withoutEdit },
    ],
    [
      "comments-edit-gone",
      "Editing a comment that was deleted is `gone`.",
      async (context) => {
        const issue = await openAddress(context);
        const commentId = await able(context, "comment")(issue.item, "first");
        await able(context, "deleteComment")(issue.item, commentId);
        await settle(context);
        const request = { issue, commentId, body: "too late" };
        const attempt = async () => groupOf(context, "comments").update?.(context.call(), request);
        await failureOf(context, "comments.update of a deleted comment", attempt, "gone");
      },
      { unless: (context) => withoutEdit(context) ?? withoutDelete(context) },
    ],
    [
      "comments-delete",
      "A comment is deleted, that one only; deleting it again is a success.",
      async (context) => {
        const issue = await openAddress(context);
        const first = await able(context, "comment")(issue.item, "first");
        const second = await able(context, "comment")(issue.item, "second");
        await settle(context);
        const group = groupOf(context, "comments");
        await group.delete?.(context.call(), { issue, commentId: first });
        const left = async () => (await truthOf(context, issue.item)).comments.map(({ id }) => id);
        assert.deepEqual(await left(), [second], "ids at the tracker");
        await group.delete?.(context.call(), { issue, commentId: first });
        assert.deepEqual(await left(), [second], "ids at the tracker after deleting twice");
      },
      { unless: withoutDelete },
    ],
  ],
);
