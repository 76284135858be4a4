import type { FindCreatedRequest, IssueSnapshot } from "@backref/core/provider";
import type { Operation } from "@backref/provider-kit";
import { requireKnownKey } from "./accepted-key.ts";
import type { RedmineCall, RedmineClient } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import { listAnywhere, ofProject, since } from "./issues.ts";
import { listPages } from "./list-pages.ts";
import { mapIssue, type ReadIssue } from "./map-issue.ts";

/**
 * Own issues with the token, oldest first, by the list of what the account made since the intent: that list is read from the
 * database. A thorough look goes through all projects that the account sees, since an issue may have been moved.
 */
export async function findCreated(
  call: RedmineCall,
  client: RedmineClient,
  request: FindCreatedRequest,
): Promise<readonly IssueSnapshot[]> {
  const { container, token, accountId, createdAfter, thorough = false } = request;
  const operation: Operation = {
    name: "issue.find-created",
    isWrite: false,
    explain: projectUnknown(container),
  };
  const query = { author_id: accountId ?? "me", created_on: since(createdAfter), sort: "created_on,id" };
  // Times have whole seconds, and an unknown filter is passed over without a word.
  const from = Math.floor(createdAfter / 1000) * 1000;
  const isCandidate = ({ snapshot, text }: ReadIssue) =>
    (accountId === null || snapshot.author?.id === accountId) && snapshot.createdAt >= from && text.includes(token);
  if (thorough) await requireKnownKey(client, operation);
  const found: ReadIssue[] = [];
  if (thorough) {
    for await (const issue of listAnywhere(call, client, operation, query)) if (isCandidate(issue)) found.push(issue);
  } else {
    const read = (row: unknown) => mapIssue(row, container, call.options);
    for await (const rows of listPages(client, operation, "/issues", { ...ofProject(container), ...query }, read)) {
      found.push(...rows.filter(isCandidate));
    }
  }
  return found.map(({ snapshot }) => snapshot);
}
