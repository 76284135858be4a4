import type { CommentsGroup, RemoteComment } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { LinearCall, LinearClient, OpenClient } from "./client.ts";
import {
  commentCreateDocument,
  commentDeleteDocument,
  commentDocument,
  commentsDocument,
  commentUpdateDocument,
} from "./documents.ts";
import { isGone, saysThere } from "./errors.ts";
import { mapComment } from "./map-comment.ts";
import { withoutAuthor, writeText } from "./text.ts";
import { idOfToken } from "./token-id.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";

const listing = { name: "comment.list", isWrite: false };
const creating = { name: "comment.create", isWrite: true };
const updating = { name: "comment.update", isWrite: true };
const deleting = { name: "comment.delete", isWrite: true };

const pageShape = z.object({
  issue: z.object({
    comments: z.object({
      nodes: z.array(z.unknown()),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
    }),
  }),
});
const createdShape = z.object({ commentCreate: z.object({ comment: z.unknown() }) });
const updatedShape = z.object({ commentUpdate: z.object({ comment: z.unknown() }) });
const oneShape = z.object({ comment: z.unknown() });

export function createCommentsGroup(open: OpenClient): Required<CommentsGroup<LinearAuth, LinearOptions>> {
  return {
    async list(call: LinearCall, { issue }) {
      const client = open(call);
      const id = issue.remoteId ?? `${issue.container}-${issue.item}`;
      const comments: RemoteComment[] = [];
      for (let after: string | null = null; ; ) {
        const page: z.infer<typeof pageShape>["issue"]["comments"] = await client.ask(
          listing,
          commentsDocument,
          { id, after },
          (data) => parseShape(pageShape, data, "data").issue.comments,
        );
        comments.push(...page.nodes.map(mapComment));
        after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
        if (after === null) break;
      }
      // Linear lists the newest first, though it promises no order.
      return comments.toReversed().toSorted((a, b) => a.createdAt - b.createdAt);
    },

    /** A comment of this id that is there already is the one that an earlier request made. */
    async create(call: LinearCall, { issue, body, token, authorName = "" }) {
      const client = open(call);
      const issueId = issue.remoteId ?? `${issue.container}-${issue.item}`;
      const name = authorName.trim();
      const asUser = isApp(call) && name !== "";
      const input = {
        ...{ id: idOfToken(token), issueId, body: writeText(asUser ? withoutAuthor(body) : body) },
        ...(asUser && { createAsUser: name }),
      };
      try {
        return await client.ask(creating, commentCreateDocument, { input }, (data) =>
          mapComment(parseShape(createdShape, data, "data").commentCreate.comment),
        );
      } catch (error) {
        if (!saysThere(error)) throw error;
        return await readComment(client, input.id);
      }
    },

    update: (call: LinearCall, { commentId, body }) =>
      open(call).ask(
        updating,
        commentUpdateDocument,
        { id: commentId, input: { body: writeText(isApp(call) ? withoutAuthor(body) : body) } },
        (data) => mapComment(parseShape(updatedShape, data, "data").commentUpdate.comment),
      ),

    async delete(call: LinearCall, { commentId }) {
      try {
        await open(call).ask(deleting, commentDeleteDocument, { id: commentId }, () => {});
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
  };
}

/** An application's comments stand under the name of whoever wrote them, so no line of the text has to say it. */
const isApp = ({ auth }: LinearCall) => auth.type === "oauth" && auth.actor === "app";

function readComment(client: LinearClient, id: string): Promise<RemoteComment> {
  return client.ask({ ...creating, isWrite: false }, commentDocument, { id }, (data) =>
    mapComment(parseShape(oneShape, data, "data").comment),
  );
}
