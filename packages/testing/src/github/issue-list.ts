import { ApiFailure } from "./failure.ts";
import { labelsOfIssue, presentIssue } from "./issue-view.ts";
import type { IssueRecord } from "./model.ts";
import { paginate } from "./paging.ts";
import { enterIssues, type RestAnswer, type RestCall, readIssues } from "./rest-call.ts";

/** Filters of GitHub's that nobody here needs; answering as if they were absent would be a lie. */
const unsupported = ["milestone", "mentioned", "type", "issue_field_values"];

/** `GET /repos/{owner}/{repo}/issues`, pull requests included. */
export function listIssues(call: RestCall): RestAnswer {
  const { repository } = enterIssues(call, readIssues);
  for (const name of unsupported)
    if (call.query.has(name)) throw new ApiFailure(501, `The fake GitHub does not filter by ${name}`);
  const matching = call.world
    .issuesOf(repository.id, call.view.asOf)
    .filter((issue) => matches(call, issue))
    .sort(inOrder(call.query));
  const page = paginate(matching, call.query, `${call.view.apiUrl}/repositories/${repository.id}/issues`);
  const body = page.items.map((issue) => presentIssue(call.view, repository, issue));
  return { status: 200, body, headers: page.headers };
}

function matches(call: RestCall, issue: IssueRecord): boolean {
  const query = call.query;
  const state = query.get("state") ?? "open";
  if (state !== "all" && issue.state !== state) return false;
  const since = query.get("since");
  if (since !== null && issue.updatedAt < Date.parse(since)) return false;
  const creator = query.get("creator")?.toLowerCase();
  if (creator !== undefined && issue.user.login.toLowerCase() !== creator) return false;
  if (!matchesAssignee(issue, query.get("assignee")?.toLowerCase())) return false;
  const wanted = query.get("labels")?.toLowerCase().split(",") ?? [];
  const names = labelsOfIssue(call.view, issue).map((label) => label.name.toLowerCase());
  return wanted.every((name) => name.trim() === "" || names.includes(name.trim()));
}

function matchesAssignee(issue: IssueRecord, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  if (wanted === "none") return issue.assignees.length === 0;
  if (wanted === "*") return issue.assignees.length > 0;
  return issue.assignees.some((user) => user.login.toLowerCase() === wanted);
}

function inOrder(query: URLSearchParams): (a: IssueRecord, b: IssueRecord) => number {
  const sort = query.get("sort") ?? "created";
  const sign = query.get("direction") === "asc" ? 1 : -1;
  const keyOf = (issue: IssueRecord): number => {
    if (sort === "updated") return issue.updatedAt;
    return sort === "comments" ? issue.comments : issue.createdAt;
  };
  return (a, b) => sign * (keyOf(a) - keyOf(b) || a.number - b.number);
}
