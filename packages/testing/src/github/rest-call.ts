import type { JsonObject } from "../fake/json.ts";
import { accessOf, authorize, type Need } from "./access.ts";
import type { AppRecord } from "./app-model.ts";
import type { Scene, TrackerEvent } from "./events.ts";
import { gone, movedPermanently, notFound, unauthorized } from "./failure.ts";
import type { IssueRecord, RepositoryAccess, RepositoryRecord, TokenRecord } from "./model.ts";
import { repositoryName } from "./repository-view.ts";
import type { View } from "./view.ts";
import type { World } from "./world.ts";

/** Parameters in the paths of the operations the fake knows. */
export interface PathParameters {
  readonly owner?: string;
  readonly repo?: string;
  readonly repository_id?: string;
  readonly issue_number?: string;
  readonly comment_id?: string;
  readonly hook_id?: string;
  readonly delivery_id?: string;
  readonly installation_id?: string;
  readonly name?: string;
  readonly assignee?: string;
  readonly username?: string;
  readonly account_id?: string;
  readonly org?: string;
  readonly issue_field_id?: string;
}

/** Members of request bodies that the fake looks at; what they hold is checked where they are used. */
export interface RequestBody {
  readonly title?: unknown;
  readonly body?: unknown;
  readonly state?: unknown;
  readonly state_reason?: unknown;
  readonly labels?: unknown;
  readonly assignees?: unknown;
  readonly assignee?: unknown;
  readonly milestone?: unknown;
  readonly type?: unknown;
  readonly issue_field_values?: unknown;
  readonly name?: unknown;
  readonly color?: unknown;
  readonly description?: unknown;
  readonly config?: unknown;
  readonly events?: unknown;
  readonly active?: unknown;
}

/** One REST request after routing. */
export interface RestCall {
  readonly method: RestOperation["method"];
  readonly world: World;
  readonly view: View;
  readonly token: TokenRecord | null;
  /** Who asks with a JSON web token; null for everybody else. */
  readonly app: AppRecord | null;
  readonly params: PathParameters;
  readonly query: URLSearchParams;
  readonly body: RequestBody;
  /** The path after the repository, such as `/issues/7`, for redirects. */
  readonly rest: string;
  readonly emit: (event: TrackerEvent) => void;
}

/** An operation's answer. `lastModified` is in epoch milliseconds. */
export interface RestAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly lastModified?: number;
}

/** An endpoint: its path template is the one in GitHub's own contract. */
export interface RestOperation {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly template: string;
  readonly handle: (call: RestCall) => RestAnswer;
}

export const readIssues: Need = { permission: "issues", level: "read", role: "read" };
export const writeIssues: Need = { permission: "issues", level: "write", role: "read" };

/** The repository of the path, if the caller may do what is needed there. */
export function enter(call: RestCall, need: Need): { repository: RepositoryRecord; access: RepositoryAccess } {
  const { owner, repo, repository_id: id } = call.params;
  const asked = `${owner}/${repo}`;
  const found = id === undefined ? call.world.findRepository(asked) : call.world.repositoryById(Number(id));
  if (found === undefined) throw notFound();
  const access = authorize(call.token, found, need);
  if (id === undefined && repositoryName(found).toLowerCase() !== asked.toLowerCase())
    // A write is to be sent again as it was, which 301 would leave open.
    throw movedPermanently(
      `${call.view.apiUrl}/repositories/${found.id}${call.rest}`,
      call.method === "GET" ? 301 : 307,
    );
  return { repository: found, access };
}

/** As `enter`, for operations on issues: 410 where issues are switched off. */
export function enterIssues(call: RestCall, need: Need): { repository: RepositoryRecord; access: RepositoryAccess } {
  const entered = enter(call, need);
  if (!entered.repository.hasIssues) throw gone("Issues are disabled for this repo");
  return entered;
}

/** The issue of the path; 301 when transferred, 410 when deleted, 404 when there never was one. */
export function findIssue(call: RestCall, repository: RepositoryRecord): IssueRecord {
  const number = Number(call.params.issue_number);
  const issue = call.world.findIssue(repository.id, number, call.view.asOf);
  if (issue !== undefined) return issue;
  const fate = call.world.fateOf(repository.id, number);
  if (fate?.kind === "deleted") throw gone("This issue was deleted");
  if (fate?.kind !== "moved") throw notFound();
  const target = call.world.repositoryById(fate.repositoryId);
  if (target === undefined || accessOf(call.token, target) === "none") throw notFound();
  const tail = call.rest.replace(/^\/issues\/\d+/, "");
  throw movedPermanently(`${call.view.apiUrl}/repositories/${target.id}/issues/${fate.number}${tail}`);
}

/** The caller as the one who acts in a repository. */
export function sceneOf(call: RestCall, repository: RepositoryRecord): Scene {
  if (call.token === null) throw unauthorized("Requires authentication");
  return { repository, actor: call.token.user, emit: call.emit };
}

/** 201 with the `Location` of what was made. */
export function created(body: JsonObject): RestAnswer {
  const { url } = body;
  return { status: 201, body, headers: { location: String(url) } };
}
