import type { FindCreatedRequest, IssueSnapshot } from "@backref/core/provider";
import type { Operation } from "@backref/provider-kit";
import { fieldNames } from "./fields.ts";
import { carries } from "./marker.ts";
import type { Reader } from "./reader.ts";
import { findIds, quote } from "./wiql.ts";

const operation: Operation = { name: "issue.find-created", isWrite: false };
/** Most that one account makes in the time between a create and the look for it. */
const mostCandidates = 5_000;

/**
 * Own items with the token, oldest first. Queries are answered by the database, and an account's own items of the last
 * minutes are few: all of them are read with their links. One that is to be looked for thoroughly may have been moved to
 * another project.
 */
export async function findCreated(reader: Reader, request: FindCreatedRequest): Promise<readonly IssueSnapshot[]> {
  const { container, token, accountId, createdAfter, thorough = false } = request;
  const since = `[${fieldNames.createdDate}] >= '${new Date(createdAfter).toISOString()}'`;
  const where = [
    ...(thorough ? [] : [`[${fieldNames.project}] = ${quote(container)}`]),
    `[${fieldNames.createdBy}] = @Me`,
    since,
  ];
  const ids = await findIds(reader.client, operation, {
    container,
    where: where.join(" AND "),
    order: "[System.Id] ASC",
    limit: mostCandidates,
  });
  const items = ids.length === 0 ? [] : await reader.fetch(operation, ids, "relations");
  const marked = await reader.map(
    operation,
    items.filter((item) => carries(item, token)),
  );
  return marked
    .filter(({ author, createdAt }) => (accountId === null || author?.id === accountId) && createdAt >= createdAfter)
    .toSorted((a, b) => a.createdAt - b.createdAt || Number(a.item) - Number(b.item));
}
