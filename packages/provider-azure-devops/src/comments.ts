import type { CommentsGroup, IssueAddress, RemoteComment } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape, UnexpectedShape } from "@backref/provider-kit";
import { z } from "zod";
import type { AzureDevOpsCall, RequestContent } from "./client.ts";
import { newFormat } from "./create-fields.ts";
import { notThere } from "./errors.ts";
import { formatIssue } from "./keys.ts";
import { type CommentContext, mapComment } from "./map-comment.ts";
import { idOf, type OpenReader, type Reader } from "./reader.ts";
import { segment } from "./site.ts";
import type { AzureDevOpsAuth, AzureDevOpsOptions } from "./types.ts";

const pageSize = 200;
/** The comments are no final part of the API: 7.0-preview.3 on Server, 7.1-preview.4 on Services. */
const previews = { services: 4, server: 3 } as const;

const pageShape = z.object({ comments: z.array(z.unknown()), continuationToken: z.string().nullish() });

export function createCommentsGroup(
  openReader: OpenReader,
): Required<CommentsGroup<AzureDevOpsAuth, AzureDevOpsOptions>> {
  return {
    async list(call: AzureDevOpsCall, { issue }) {
      return listComments(call, await openReader(call), issue);
    },

    async create(call: AzureDevOpsCall, { issue, body }) {
      const reader = await openReader(call);
      const operation: Operation = { name: "comment.create", isWrite: true };
      const path = commentsPath(operation, issue);
      const answer = await reader.client.request(operation, "POST", path, written(reader, body));
      return answer.as((data) => present(mapComment(data, contextOf(call, reader, issue))));
    },

    async update(call: AzureDevOpsCall, { issue, commentId, body }) {
      const reader = await openReader(call);
      const operation: Operation = { name: "comment.update", isWrite: true };
      const path = `${commentsPath(operation, issue)}/${segment(commentId)}`;
      const answer = await reader.client.request(operation, "PATCH", path, written(reader, body));
      return answer.as((data) => present(mapComment(data, contextOf(call, reader, issue))));
    },

    async delete(call: AzureDevOpsCall, { issue, commentId }) {
      const { client, deployment } = await openReader(call);
      const operation: Operation = { name: "comment.delete", isWrite: true };
      try {
        const path = `${commentsPath(operation, issue)}/${segment(commentId)}`;
        await client.request(operation, "DELETE", path, { preview: previews[deployment] });
      } catch (error) {
        if (!hasStatus(error, 404)) throw error;
      }
    },
  };
}

/** All comments, oldest first. */
export async function listComments(
  call: AzureDevOpsCall,
  reader: Reader,
  issue: IssueAddress,
): Promise<readonly RemoteComment[]> {
  const operation: Operation = { name: "comment.list", isWrite: false };
  const context = contextOf(call, reader, issue);
  const comments: RemoteComment[] = [];
  for (let continuationToken: string | null = null; ; ) {
    const answer = await reader.client.request(operation, "GET", commentsPath(operation, issue), {
      query: { $top: pageSize, order: "asc", continuationToken },
      preview: previews[reader.deployment],
    });
    const page = answer.as((data) => parseShape(pageShape, data, "answer"));
    comments.push(...answer.as(() => page.comments.flatMap((row) => mapComment(row, context) ?? [])));
    const next: string | null = page.continuationToken || null;
    if (next === null || next === continuationToken || page.comments.length === 0) return comments;
    continuationToken = next;
  }
}

/** Comments are found in the item's project alone. */
function commentsPath(operation: Operation, issue: IssueAddress): string {
  const id = idOf(issue);
  if (id === null) throw notThere(operation, `There is no work item "${issue.item}": ids are numbers.`);
  return `/${segment(issue.container)}/_apis/wit/workItems/${id}/comments`;
}

function contextOf(call: AzureDevOpsCall, { richText, deployment }: Reader, issue: IssueAddress): CommentContext {
  return { richText, deployment, issueUrl: formatIssue(issue, call).url };
}

function written({ richText, deployment }: Reader, body: string): RequestContent {
  const format = newFormat(deployment);
  return {
    ...(format === "markdown" && { query: { format } }),
    body: { text: richText.write(body, format, null) },
    preview: previews[deployment],
  };
}

function present(comment: RemoteComment | null): RemoteComment {
  if (comment === null) throw new UnexpectedShape("comment: Expected one that is there, got one that was deleted");
  return comment;
}
