import type { FindCreatedRequest, IssueSnapshot } from "@backref/core/provider";
import type { Operation } from "@backref/provider-kit";
import type { GitLabClient } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import { projectAddress } from "./keys.ts";
import { listPages } from "./list-pages.ts";
import { mapIssue, type ReadIssue } from "./map-issue.ts";
import { followMove } from "./moved-issue.ts";

/**
 * Own issues with the token, oldest first, by the project's list of what the account made since the intent: that list is read
 * from the database. An issue that was moved meanwhile still stands there and leads to where it is.
 */
export async function findCreated(
  client: GitLabClient,
  request: FindCreatedRequest,
): Promise<readonly IssueSnapshot[]> {
  const { container, token, accountId, createdAfter } = request;
  const operation: Operation = {
    name: "issue.find-created",
    isWrite: false,
    explain: { 404: projectUnknown(container) },
  };
  const query = {
    author_id: accountId,
    // Times of the list have milliseconds, those of the database more.
    created_after: new Date(Math.floor(createdAfter) - 1).toISOString(),
    state: "all",
    scope: "all",
    order_by: "created_at",
    sort: "asc",
  };
  const isCandidate = ({ snapshot }: ReadIssue) =>
    (accountId === null || snapshot.author?.id === accountId) &&
    snapshot.createdAt >= Math.floor(createdAfter) &&
    snapshot.body.includes(token);
  const candidates: ReadIssue[] = [];
  const path = `${projectAddress(container)}/issues`;
  for await (const rows of listPages(client, operation, path, query, mapIssue)) {
    candidates.push(...rows.filter(isCandidate));
  }
  const found: IssueSnapshot[] = [];
  for (const candidate of candidates) {
    const moved = candidate.movedToId === null ? null : await followMove(client, operation, candidate);
    found.push(moved ?? candidate.snapshot);
  }
  return found;
}
