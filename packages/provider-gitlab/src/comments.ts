import type { CommentsGroup, IssueAddress, RemoteComment } from "@backref/core/provider";
import { hasStatus, type Operation } from "@backref/provider-kit";
import type { GitLabAnswer, GitLabCall, GitLabClient, OpenClient } from "./client.ts";
import { errors } from "./errors.ts";
import { formatIssue, issueAddress } from "./keys.ts";
import { listPages } from "./list-pages.ts";
import { mapComment } from "./map-comment.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";

/** GitLab's notes, without those that it writes itself. */
export function createCommentsGroup(open: OpenClient): Required<CommentsGroup<GitLabAuth, GitLabOptions>> {
  return {
    list: (call: GitLabCall, { issue }) => listComments(call, open(call), issue),

    async create(call: GitLabCall, { issue, body }) {
      const operation: Operation = { name: "comment.create", isWrite: true };
      const answer = await open(call).request(operation, "POST", `${issueAddress(issue)}/notes`, { body: { body } });
      return written(call, operation, answer, issue);
    },

    async update(call: GitLabCall, { issue, commentId, body }) {
      const operation: Operation = { name: "comment.update", isWrite: true };
      const answer = await open(call).request(operation, "PUT", noteAddress(issue, commentId), { body: { body } });
      return written(call, operation, answer, issue);
    },

    async delete(call: GitLabCall, { issue, commentId }) {
      const operation: Operation = { name: "comment.delete", isWrite: true };
      try {
        await open(call).request(operation, "DELETE", noteAddress(issue, commentId));
      } catch (error) {
        if (!hasStatus(error, 404)) throw error;
      }
    },
  };
}

function noteAddress(issue: IssueAddress, commentId: string): string {
  return `${issueAddress(issue)}/notes/${encodeURIComponent(commentId)}`;
}

/** All comments, oldest first. */
export async function listComments(
  call: GitLabCall,
  client: GitLabClient,
  issue: IssueAddress,
): Promise<readonly RemoteComment[]> {
  const operation: Operation = { name: "comment.list", isWrite: false };
  const { url } = formatIssue(issue, call);
  const query = { activity_filter: "only_comments", sort: "asc", order_by: "created_at" };
  const comments: RemoteComment[] = [];
  const read = (row: unknown) => mapComment(row, url);
  for await (const rows of listPages(client, operation, `${issueAddress(issue)}/notes`, query, read)) {
    comments.push(...rows.filter((comment) => comment !== null));
  }
  return comments;
}

function written(call: GitLabCall, operation: Operation, answer: GitLabAnswer, issue: IssueAddress): RemoteComment {
  const comment = answer.as((data) => mapComment(data, formatIssue(issue, call).url));
  if (comment === null)
    throw errors.unexpectedAnswer(operation, "note.system: Expected a note of the account's own", false);
  return comment;
}
