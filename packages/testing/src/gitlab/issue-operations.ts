import { asText, type JsonObject } from "../fake/json.ts";
import {
  emitter,
  type GitLabAnswer,
  type GitLabCall,
  type GitLabOperation,
  issueOf,
  issuesProjectOf,
  listOf,
  maySee,
  paged,
  projectOf,
  requireLevel,
} from "./call.ts";
import { badParameter, forbidden, GitLabFailure, notFound } from "./failure.ts";
import { changeIssue, createIssue, deleteIssue, type IssueChange, moveIssue } from "./issue-actions.ts";
import type { IssueKind, IssueRecord } from "./model.ts";
import { presentIssue } from "./views.ts";

const list = "/projects/{id}/issues";
const one = `${list}/{issue_iid}`;

/** Creating, listing, reading, changing, moving and deleting issues. */
export const issueOperations: readonly GitLabOperation[] = [
  { method: "GET", template: list, scope: "read_api", handle: listIssues },
  { method: "POST", template: list, scope: "api", handle: create },
  { method: "GET", template: one, scope: "read_api", handle: read },
  { method: "PUT", template: one, scope: "api", handle: update },
  { method: "DELETE", template: one, scope: "api", handle: remove },
  { method: "POST", template: `${one}/move`, scope: "api", handle: move },
  { method: "GET", template: "/issues/{id}", scope: "read_api", handle: readById },
];

function answer(call: GitLabCall, status: number, issue: IssueRecord): GitLabAnswer {
  return { status, body: presentIssue(call, issue, call.asOf) };
}

/** The filters that Backref uses, and those alone. */
function listIssues(call: GitLabCall): GitLabAnswer {
  const { query, world } = call;
  const project = issuesProjectOf(call);
  const iids = query.getAll("iids[]").map(Number);
  // Nobody knows what GitLab makes of a number that its database has no room for.
  if (iids.some((iid) => iid > 2_147_483_647)) throw new GitLabFailure(500, { message: "500 Internal Server Error" });
  const [author, state] = [query.get("author_id"), query.get("state") ?? "all"];
  const after = (name: string) => {
    const text = query.get(name);
    if (text === null) return Number.NEGATIVE_INFINITY;
    const time = Date.parse(text);
    if (Number.isNaN(time)) throw badParameter(`${name} is invalid`);
    return time;
  };
  const [createdAfter, updatedAfter] = [after("created_after"), after("updated_after")];
  const words = (query.get("search") ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const places = (query.get("in") ?? "title,description").split(",");
  const isWanted = (issue: IssueRecord) =>
    maySee(call, issue) &&
    (iids.length === 0 || iids.includes(issue.iid)) &&
    (author === null || String(issue.author.id) === author) &&
    (state === "all" || issue.state === state) &&
    issue.createdAt >= createdAfter &&
    issue.updatedAt >= updatedAfter &&
    hasWords(issue, words, places);
  const key = query.get("order_by") === "updated_at" ? "updatedAt" : "createdAt";
  const sign = query.get("sort") === "asc" ? 1 : -1;
  const rows = world
    .issuesOf(project.id, call.asOf)
    .filter(isWanted)
    .toSorted((a, b) => sign * (a[key] - b[key] || a.id - b.id));
  return paged(call, rows, (issue) => presentIssue(call, issue, call.asOf));
}

/** GitLab finds words by their beginning, and does not know what else stands in a search. */
function hasWords(issue: IssueRecord, words: readonly string[], places: readonly string[]): boolean {
  const text = [places.includes("title") ? issue.title : "", places.includes("description") ? issue.description : ""];
  const present =
    text
      .join(" ")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const wanted = words.flatMap((word) => word.match(/[\p{L}\p{N}]+/gu) ?? [word]);
  return wanted.every((word) => present.some((other) => other.startsWith(word)));
}

function create(call: GitLabCall): GitLabAnswer {
  const project = issuesProjectOf(call);
  if (project.archived) throw forbidden();
  const title = asText(call.body["title"]);
  if (title === undefined) throw badParameter("title is missing");
  return answer(call, 201, createIssue(call.world, project, emitter(call), { ...readChange(call), title }));
}

function read(call: GitLabCall): GitLabAnswer {
  return answer(call, 200, issueOf(call));
}

/** Administrators may read an issue by its global number. */
function readById(): GitLabAnswer {
  throw forbidden();
}

const changes = [
  ...["title", "description", "state_event", "assignee_ids", "assignee_id", "labels", "add_labels", "remove_labels"],
  ...["due_date", "confidential", "milestone_id", "issue_type", "weight", "discussion_locked", "updated_at"],
];

function update(call: GitLabCall): GitLabAnswer {
  const issue = issueOf(call, undefined);
  if (!changes.some((name) => name in call.body))
    throw badParameter(`${changes.join(", ")} are missing, at least one parameter must be provided`);
  const isOwn = issue.author.id === call.token.user.id;
  if (!isOwn) requireLevel(call, 15);
  if (call.world.projectOf(issue).archived) throw forbidden();
  const event = call.body["state_event"];
  const state = event === "close" ? "closed" : event === "reopen" ? "opened" : issue.state;
  const { labels = issue.labels, ...change } = readChange(call);
  const mayLabel = call.token.accessLevel >= 15;
  const added = mayLabel ? (listOf(call.body["add_labels"]) ?? []) : [];
  const removed = mayLabel ? (listOf(call.body["remove_labels"]) ?? []) : [];
  const all = [...new Set([...labels, ...added])].filter((label) => !removed.includes(label));
  const sameOrder = all.length === issue.labels.length && all.every((label) => issue.labels.includes(label));
  const next = { ...change, state, ...(sameOrder ? {} : { labels: all }) } as const;
  return answer(call, 200, changeIssue(call.world, emitter(call), issue, next));
}

/** Guests set nothing but title and description; GitLab says nothing about the rest. */
function readChange({ body, world, token }: GitLabCall): IssueChange {
  const mayManage = token.accessLevel >= 15;
  const ids = Array.isArray(body["assignee_ids"]) ? body["assignee_ids"].map(Number) : undefined;
  const known = ids?.flatMap((id) => world.users().find((user) => user.id === id) ?? []);
  // Whoever cannot be assigned is left out; where that is everybody, nothing changes. 0 stands for nobody.
  const assignees = known?.length === 0 && !ids?.includes(0) ? undefined : known;
  const labels = listOf(body["labels"]);
  const [title, description] = [asText(body["title"]), body["description"]];
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description: asText(description) ?? null }),
    ...(typeof body["confidential"] === "boolean" && { confidential: body["confidential"] }),
    ...(mayManage && {
      ...(labels !== undefined && { labels }),
      ...(assignees !== undefined && { assignees: world.isPremium ? assignees : assignees.slice(0, 1) }),
      ...(body["due_date"] !== undefined && { dueDate: asText(body["due_date"]) ?? null }),
      ...(body["milestone_id"] !== undefined && { milestoneId: milestoneOf(body, world) }),
      ...(body["issue_type"] !== undefined && { kind: String(body["issue_type"]) as IssueKind }),
    }),
  };
}

function milestoneOf(body: JsonObject, { milestones }: GitLabCall["world"]): number | null {
  return milestones.get(Number(body["milestone_id"]))?.id ?? null;
}

function remove(call: GitLabCall): GitLabAnswer {
  requireLevel(call, 50);
  deleteIssue(call.world, issueOf(call, undefined));
  return { status: 204 };
}

function move(call: GitLabCall): GitLabAnswer {
  const issue = issueOf(call, undefined);
  requireLevel(call, 20);
  const target = call.world.findProject(String(call.body["to_project_id"]));
  if (target === undefined) throw notFound("Project");
  projectOf(call);
  return answer(call, 201, moveIssue(call.world, emitter(call), issue, target));
}
