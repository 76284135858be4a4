import type { IssueSnapshot, RemoteComment, RemotePerson } from "@backref/core/provider";
import { UnexpectedShape } from "./client.ts";

/** Members of an answer or a payload, none of them looked at yet. */
interface Members {
  readonly labels?: unknown;
  readonly assignees?: unknown;
  readonly milestone?: unknown;
  readonly priority?: unknown;
  readonly installation?: unknown;
  readonly repository?: unknown;
  readonly user?: unknown;
  readonly pull_request?: unknown;
  readonly action?: unknown;
  readonly milestone_required?: unknown;
  readonly is_pull?: unknown;
  readonly issue?: unknown;
  readonly comment?: unknown;
  readonly [name: string]: unknown;
}

export function membersOf(data: unknown): Members {
  if (typeof data !== "object" || data === null) throw new UnexpectedShape("expected an object");
  return data as Members;
}

export function textOf(members: Members, name: string): string {
  const value = members[name];
  if (typeof value !== "string") throw new UnexpectedShape(`expected a text: ${name}`);
  return value;
}

export function numberOf(members: Members, name: string): number {
  const value = members[name];
  if (typeof value !== "number") throw new UnexpectedShape(`expected a number: ${name}`);
  return value;
}

function timeOf(members: Members, name: string): number {
  const time = Date.parse(textOf(members, name));
  if (Number.isNaN(time)) throw new UnexpectedShape(`expected a time: ${name}`);
  return time;
}

export function mapPerson(data: unknown): RemotePerson {
  const user = membersOf(data);
  const login = textOf(user, "login");
  return { id: String(numberOf(user, "id")), login, displayName: textOf(user, "full_name") || login };
}

export function mapIssue(data: unknown): IssueSnapshot {
  const issue = membersOf(data);
  const isClosed = textOf(issue, "state") === "closed";
  const labels = Array.isArray(issue.labels) ? issue.labels : [];
  const assignees = Array.isArray(issue.assignees) ? issue.assignees : [];
  const updatedAt = timeOf(issue, "updated_at");
  return {
    remoteId: String(numberOf(issue, "id")),
    container: textOf(membersOf(issue.repository), "full_name"),
    item: String(numberOf(issue, "number")),
    title: textOf(issue, "title"),
    body: textOf(issue, "body"),
    state: isClosed
      ? { id: "closed", name: "Closed", category: "closed", reason: null }
      : { id: "open", name: "Open", category: "open", reason: null },
    priority: typeof issue.priority === "string" ? issue.priority : null,
    labels: labels.map((label) => textOf(membersOf(label), "name")),
    type: null,
    assignees: assignees.map(mapPerson),
    author: issue.user ? mapPerson(issue.user) : null,
    createdAt: timeOf(issue, "created_at"),
    updatedAt,
    version: updatedAt,
    commentCount: numberOf(issue, "comments"),
    raw: null,
  };
}

export function isPull(data: unknown): boolean {
  return Boolean(membersOf(data).pull_request);
}

export function mapComment(data: unknown): RemoteComment {
  const comment = membersOf(data);
  const updatedAt = timeOf(comment, "updated_at");
  return {
    remoteId: String(numberOf(comment, "id")),
    body: textOf(comment, "body"),
    author: comment.user ? mapPerson(comment.user) : null,
    visibility: "public",
    url: textOf(comment, "html_url"),
    createdAt: timeOf(comment, "created_at"),
    updatedAt,
    version: updatedAt,
  };
}
