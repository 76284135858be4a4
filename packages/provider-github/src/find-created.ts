import type { FindCreatedRequest, IssueSnapshot } from "@backref/core/provider";
import { followPages, hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitHubCall, GitHubClient } from "./client.ts";
import { splitContainer } from "./keys.ts";
import { listPages } from "./list-pages.ts";
import { isPullRequest, mapRestIssue } from "./map-issue.ts";
import { parseList, repositoryUrl, toSeconds } from "./rest-values.ts";
import { timeShape } from "./shapes.ts";

const operation: Operation = { name: "issue.find-created", isWrite: false };

/** Numbers that are asked for one by one where the list lacks them. Discussions have numbers of the same row. */
const mostLookups = 20;
const numbersBeyondLast = 3;

/**
 * Own issues with the token, oldest first, by the repository's list. Where that shows none and absence is going to be
 * concluded, also by the numbers that it lacks: an issue that was transferred before anybody looked is in no list of its
 * repository, but its number leads to it.
 */
export async function findCreated(
  client: GitHubClient,
  call: GitHubCall,
  request: FindCreatedRequest,
): Promise<readonly IssueSnapshot[]> {
  const { priorityField = null } = call.options;
  const isFound = (issue: IssueSnapshot) => isCandidate(issue, request);
  const found: IssueSnapshot[] = [];
  const numbers: number[] = [];
  const since = wholeSecond(request.createdAfter);
  const load = async (url: string) => {
    const answer = await client.request(operation, `GET ${url}`);
    return answer.as((data) => {
      const list = parseList(data);
      const issues = list.filter((row) => !isPullRequest(row)).map((row) => mapRestIssue(row, { priorityField }));
      return { next: answer.next, rows: list.map((row) => parseShape(rowShape, row, "issue")), issues };
    });
  };
  for await (const { rows, issues } of followPages(firstPage(call.baseUrl, request), load)) {
    found.push(...issues.filter(isFound));
    numbers.push(...rows.filter((row) => row.created_at >= since).map((row) => row.number));
    if (rows.some((row) => row.created_at < since)) break;
  }
  if (found.length === 0 && request.thorough === true) {
    for (const number of await lackingNumbers(client, call, request, numbers)) {
      const issue = await followNumber(client, request, number, priorityField);
      if (issue !== null && isFound(issue)) found.push(issue);
    }
  }
  return found.sort((a, b) => a.createdAt - b.createdAt || Number(a.item) - Number(b.item));
}

const rowShape = z.object({ number: z.number().int(), created_at: timeShape });

/** Filtering by creator would need the account's login, one more request; the list is short either way. */
function firstPage(baseUrl: string, request: FindCreatedRequest): string {
  return `${newestFirst(baseUrl, request.container)}&since=${toSeconds(request.createdAfter)}`;
}

function newestFirst(baseUrl: string, container: string): string {
  return `${repositoryUrl(baseUrl, container)}/issues?state=all&sort=created&direction=desc&per_page=100`;
}

function isCandidate(issue: IssueSnapshot, request: FindCreatedRequest): boolean {
  const isOwn = request.accountId === null || issue.author?.id === request.accountId;
  return isOwn && issue.createdAt >= wholeSecond(request.createdAfter) && issue.body.includes(request.token);
}

/** Times have whole seconds only: one created within the first second may look older than it is. */
function wholeSecond(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000;
}

/** Gaps between the numbers given out since, oldest first, and the ones after the last. */
async function lackingNumbers(
  client: GitHubClient,
  call: GitHubCall,
  request: FindCreatedRequest,
  listed: readonly number[],
): Promise<readonly number[]> {
  const present = new Set(listed);
  const before = await lastNumberBefore(client, call, request);
  const last = Math.max(before, ...listed);
  const between = Array.from({ length: last - before }, (_, index) => before + 1 + index);
  const beyond = Array.from({ length: numbersBeyondLast }, (_, index) => last + 1 + index);
  return [...between.filter((number) => !present.has(number)).slice(0, mostLookups), ...beyond];
}

/** Of the newest issue or pull request that is older than the intent and still there; 0 where there is none. */
async function lastNumberBefore(client: GitHubClient, call: GitHubCall, request: FindCreatedRequest): Promise<number> {
  const since = wholeSecond(request.createdAfter);
  const first = newestFirst(call.baseUrl, request.container);
  for await (const rows of listPages(client, operation, first, (row) => parseShape(rowShape, row, "issue"))) {
    const before = rows.find((row) => row.created_at < since);
    if (before !== undefined) return before.number;
  }
  return 0;
}

/** What the number leads to, wherever that is by now; null for nothing that can be read. */
async function followNumber(
  client: GitHubClient,
  { container }: FindCreatedRequest,
  number: number,
  priorityField: string | null,
): Promise<IssueSnapshot | null> {
  try {
    const parameters = { ...splitContainer(container), number };
    const answer = await client.request(operation, "GET /repos/{owner}/{repo}/issues/{number}", parameters);
    return answer.as((data) => (isPullRequest(data) ? null : mapRestIssue(data, { priorityField })));
  } catch (error) {
    if (hasStatus(error, 301, 403, 404, 410, 451)) return null;
    throw error;
  }
}
