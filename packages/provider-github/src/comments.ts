import type { CommentsGroup, RemoteComment } from "@backref/core/provider";
import { hasStatus } from "@backref/provider-kit";
import type { GitHubCall, OpenClient } from "./client.ts";
import { splitContainer } from "./keys.ts";
import { listPages } from "./list-pages.ts";
import { mapRestComment } from "./map-comment.ts";
import { repositoryUrl } from "./rest-values.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";

const commentRoute = "/repos/{owner}/{repo}/issues/comments/{commentId}";

export function createCommentsGroup(open: OpenClient): Required<CommentsGroup<GitHubAuth, GitHubOptions>> {
  return {
    async list(call: GitHubCall, { issue }) {
      const client = open(call);
      const first = `${repositoryUrl(call.baseUrl, issue.container)}/issues/${issue.item}/comments?per_page=100`;
      const comments: RemoteComment[] = [];
      const operation = { name: "comment.list", isWrite: false };
      for await (const rows of listPages(client, operation, first, mapRestComment)) comments.push(...rows);
      return comments;
    },

    async create(call: GitHubCall, { issue, body }) {
      const parameters = { ...splitContainer(issue.container), number: issue.item, body };
      const route = "POST /repos/{owner}/{repo}/issues/{number}/comments";
      const answer = await open(call).request({ name: "comment.create", isWrite: true }, route, parameters);
      return answer.as(mapRestComment);
    },

    async update(call: GitHubCall, { issue, commentId, body }) {
      const parameters = { ...splitContainer(issue.container), commentId, body };
      const operation = { name: "comment.update", isWrite: true };
      const answer = await open(call).request(operation, `PATCH ${commentRoute}`, parameters);
      return answer.as(mapRestComment);
    },

    async delete(call: GitHubCall, { issue, commentId }) {
      const parameters = { ...splitContainer(issue.container), commentId };
      const operation = { name: "comment.delete", isWrite: true };
      try {
        await open(call).request(operation, `DELETE ${commentRoute}`, parameters);
      } catch (error) {
        if (!hasStatus(error, 404, 410)) throw error;
      }
    },
  };
}
