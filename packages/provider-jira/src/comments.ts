import type { CommentsGroup, IssueAddress, JsonObject, RemoteComment } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { issuePath } from "./address.ts";
import type { JiraCall, JiraClient, OpenClient } from "./client.ts";
import { formatIssue } from "./keys.ts";
import { mapComment } from "./map-comment.ts";
import { propertyKey } from "./map-issue.ts";
import { loadRichText, type RichText } from "./text.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";

const pageSize = 100;
const pageShape = z.object({ comments: z.array(z.unknown()), total: z.number() });

export function createCommentsGroup(open: OpenClient): Required<CommentsGroup<JiraAuth, JiraOptions>> {
  return {
    async list(call: JiraCall, { issue }) {
      const client = open(call);
      const richText = await loadRichText(client.deployment);
      return listComments(call, client, issue, richText);
    },

    async create(call: JiraCall, { issue, body, token }) {
      const client = open(call);
      const richText = await loadRichText(client.deployment);
      const operation: Operation = { name: "comment.create", isWrite: true };
      const content = contentOf(richText, body, null, { token });
      const answer = await client.request(operation, "POST", `${issuePath(issue)}/comment`, {
        query: { expand: "properties" },
        body: content,
      });
      return answer.as((data) => mapComment(data, richText, urlOf(call, issue)));
    },

    async update(call: JiraCall, { issue, commentId, body }) {
      const client = open(call);
      const richText = await loadRichText(client.deployment);
      const path = `${issuePath(issue)}/comment/${encodeURIComponent(commentId)}`;
      const before = await client.request({ name: "comment.update", isWrite: false }, "GET", path, {
        query: { expand: "properties" },
      });
      const { body: original, property } = before.as(readBefore);
      const answer = await client.request({ name: "comment.update", isWrite: true }, "PUT", path, {
        query: { expand: "properties" },
        body: contentOf(richText, body, original, property),
      });
      return answer.as((data) => mapComment(data, richText, urlOf(call, issue)));
    },

    async delete(call: JiraCall, { issue, commentId }) {
      const operation: Operation = { name: "comment.delete", isWrite: true };
      try {
        await open(call).request(operation, "DELETE", `${issuePath(issue)}/comment/${encodeURIComponent(commentId)}`);
      } catch (error) {
        if (!hasStatus(error, 404)) throw error;
      }
    },
  };
}

/** All comments, oldest first. */
export async function listComments(
  call: JiraCall,
  client: JiraClient,
  issue: IssueAddress,
  richText: RichText,
): Promise<readonly RemoteComment[]> {
  const comments: RemoteComment[] = [];
  for (let startAt = 0, total = 1; startAt < total; startAt += pageSize) {
    const answer = await client.request(
      { name: "comment.list", isWrite: false },
      "GET",
      `${issuePath(issue)}/comment`,
      {
        query: { startAt, maxResults: pageSize, orderBy: "created", expand: "properties" },
      },
    );
    const page = answer.as((data) => parseShape(pageShape, data, "answer"));
    comments.push(...answer.as(() => page.comments.map((row) => mapComment(row, richText, urlOf(call, issue)))));
    total = page.comments.length === 0 ? 0 : page.total;
  }
  return comments;
}

function urlOf(call: JiraCall, issue: IssueAddress): string {
  return formatIssue(issue, call).url;
}

function contentOf(richText: RichText, body: string, original: unknown, property: JsonObject): JsonObject {
  const { value, memory } = richText.write(body, original);
  return { body: value, properties: [{ key: propertyKey, value: { ...property, body: memory } }] };
}

const beforeShape = z.object({
  body: z.unknown().optional(),
  properties: z
    .array(z.object({ key: z.string(), value: z.unknown() }))
    .nullish()
    .catch(null),
});

function readBefore(data: unknown): { readonly body: unknown; readonly property: JsonObject } {
  const { body, properties } = parseShape(beforeShape, data, "comment");
  const property = properties?.find(({ key }) => key === propertyKey)?.value;
  return { body, property: typeof property === "object" && property !== null ? (property as JsonObject) : {} };
}
