import type { FindCreatedRequest, IssueSnapshot } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { JiraClient } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import { fetchIssue, fetchIssues } from "./fetch-issues.ts";
import { quote } from "./jql.ts";
import { splitKey } from "./keys.ts";
import { propertyKey, type ReadIssue } from "./map-issue.ts";
import { loadRichText, type RichText } from "./text.ts";

const operation: Operation = { name: "issue.find-created", isWrite: false };
const batchSize = 100;
/** Where nobody noted a number before the create, this far back from the newest that the index knows. */
const mostBack = 1_000;
/** Numbers that are asked for one by one where nothing else is found. */
const mostLookups = 20;
const numbersBeyondLast = 3;

/**
 * Own issues with the token, oldest first. Jira gives out the numbers of a project one after the other, and reading by
 * key goes to the database: whatever was made since the intent has a number above the one noted then. The search index,
 * which lags, only says where to begin. An issue that was moved meanwhile is found by the key that it had.
 */
export async function findCreated(client: JiraClient, request: FindCreatedRequest): Promise<readonly IssueSnapshot[]> {
  const { container, token, accountId, createdAfter, probe } = request;
  const richText = await loadRichText(client.deployment);
  const found: IssueSnapshot[] = [];
  const candidateOf = ({ snapshot, token: own }: ReadIssue): readonly IssueSnapshot[] => {
    const isOwn = accountId === null || snapshot.author?.id === accountId;
    return own === token && isOwn && snapshot.createdAt >= createdAfter ? [snapshot] : [];
  };
  const look = async (first: number): Promise<readonly ReadIssue[]> => {
    const keys = Array.from({ length: batchSize }, (_, index) => `${container}-${first + index}`);
    const issues = await fetchIssues(
      client,
      operation,
      keys.filter((_, index) => first + index > 0),
      richText,
    );
    const withTokens = client.deployment === "cloud" ? issues : await addTokens(client, issues, createdAfter);
    found.push(...withTokens.flatMap(candidateOf));
    return issues;
  };
  const start = typeof probe === "number" ? probe + 1 : (await highestNumber(client, container)) + 1;
  // Deleted issues leave gaps, but none of a hundred numbers.
  const present = new Set<number>();
  for (let first = start; ; first += batchSize) {
    const issues = await look(first);
    for (const { snapshot } of issues) if (snapshot.container === container) present.add(Number(snapshot.item));
    if (issues.length === 0) break;
  }
  if (typeof probe !== "number") {
    for (let first = start - batchSize; first > start - mostBack && first > -batchSize; first -= batchSize) {
      const issues = await look(first);
      if (issues.length === 0 || issues.some(({ snapshot }) => snapshot.createdAt < createdAfter)) break;
    }
  }
  // Data Center's search may not know the keys that issues had; their own addresses do.
  if (found.length === 0 && request.thorough === true && client.deployment === "data-center") {
    const last = Math.max(start - 1, ...present) + numbersBeyondLast;
    const numbers = Array.from({ length: Math.max(0, last - start + 1) }, (_, index) => start + index);
    for (const number of numbers.filter((candidate) => !present.has(candidate)).slice(0, mostLookups)) {
      const issue = await follow(client, `${container}-${number}`, richText);
      if (issue !== null) found.push(...(await addTokens(client, [issue], createdAfter)).flatMap(candidateOf));
    }
  }
  return found.sort((a, b) => a.createdAt - b.createdAt || Number(a.item) - Number(b.item));
}

async function follow(client: JiraClient, key: string, richText: RichText): Promise<ReadIssue | null> {
  try {
    return await fetchIssue(client, operation, key, richText);
  } catch (error) {
    if (hasStatus(error, 404)) return null;
    throw error;
  }
}

const searchShape = z.object({ issues: z.array(z.object({ key: z.string() })) });

/** The highest number of a project that the index knows; 0 for a project without issues. */
export async function highestNumber(client: JiraClient, container: string): Promise<number> {
  const path = client.deployment === "cloud" ? "/search/jql" : "/search";
  const jql = `project = ${quote(container)} ORDER BY key DESC`;
  const asking: Operation = { ...operation, explain: { 400: { ...projectUnknown(container), failure: "gone" } } };
  const answer = await client.request(asking, "POST", path, { body: { jql, maxResults: 1, fields: ["summary"] } });
  const [newest] = answer.as((data) => parseShape(searchShape, data, "answer")).issues;
  return Number((newest === undefined ? null : splitKey(newest.key))?.item ?? 0);
}

/** An issue that was linked, not made here, has the property without a token. */
const propertyShape = z.object({ value: z.object({ token: z.string().nullish() }) });

/** Data Center tells properties of one issue at a time; only those made since the intent are asked. */
async function addTokens(
  client: JiraClient,
  issues: readonly ReadIssue[],
  createdAfter: number,
): Promise<readonly ReadIssue[]> {
  const told: ReadIssue[] = [];
  for (const { snapshot } of issues) {
    if (snapshot.createdAt < createdAfter) continue;
    try {
      const answer = await client.request(operation, "GET", `/issue/${snapshot.remoteId}/properties/${propertyKey}`);
      const { value } = answer.as((data) => parseShape(propertyShape, data, "property"));
      told.push({ snapshot, token: value.token ?? null });
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
    }
  }
  return told;
}
