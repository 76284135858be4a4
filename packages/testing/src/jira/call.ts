import type { JsonObject } from "../fake/json.ts";
import type { Scene, TrackerEvent } from "./events.ts";
import { forbidden, issueNotFound, JiraFailure, projectNotFound } from "./failure.ts";
import type { IssueRecord, Permission, ProjectRecord, TokenRecord } from "./model.ts";
import type { World } from "./world.ts";

/** Parameters in the paths of the operations the fake knows. */
export interface PathParameters {
  readonly issueIdOrKey?: string;
  readonly projectIdOrKey?: string;
  readonly issueTypeId?: string;
  readonly propertyKey?: string;
  readonly id?: string;
}

/** One request after routing. */
export interface JiraCall {
  readonly world: World;
  readonly token: TokenRecord;
  readonly params: PathParameters;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  /** The raw body, for what is no JSON. */
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly headers: Headers;
  /** Base of the links in answers: `https://acme.atlassian.net/rest/api/3`. */
  readonly selfUrl: string;
  readonly siteUrl: string;
  /** Reads show this earlier moment. */
  readonly asOf: number | undefined;
  /** Searches show this earlier moment. */
  readonly indexedAt: number | undefined;
  readonly emit: (event: TrackerEvent) => void;
}

export interface JiraAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/** An endpoint; the template is the one of Cloud's contract below `/rest/api/3`, for Data Center too. */
export interface JiraOperation {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly template: string;
  /** The only deployment that has it. @default both */
  readonly only?: "cloud" | "data-center";
  readonly scope: "read" | "write" | "webhook" | "none";
  readonly handle: (call: JiraCall) => JiraAnswer;
}

/** What a caller may not do is refused in Jira's way: 404 for what they may not see. */
export function require(call: JiraCall, permission: Permission, message: string): void {
  if (!call.token.permissions.has(permission)) throw forbidden(message);
}

export function projectOf(call: JiraCall, keyOrId: string): ProjectRecord {
  const project = call.world.findProject(keyOrId);
  if (project === undefined || !call.token.permissions.has("BROWSE_PROJECTS")) throw projectNotFound(keyOrId);
  return project;
}

/** The issue of the path, under any of its keys. */
export function issueOf(call: JiraCall, asOf: number | undefined = call.asOf): IssueRecord {
  const issue = call.world.findIssue(call.params.issueIdOrKey ?? "", asOf);
  if (issue === undefined || !call.token.permissions.has("BROWSE_PROJECTS")) throw issueNotFound();
  return issue;
}

/** A whole number of the query within its bounds. */
export function numberOf(
  call: JiraCall,
  name: string,
  fallback: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  const text = call.query.get(name);
  if (text === null) return fallback;
  if (!/^\d+$/.test(text)) throw new JiraFailure(400, [`${name} is no number.`]);
  return Math.min(Number(text), most);
}

/** The caller as the one who acts. */
export function emitter(call: JiraCall): Scene {
  return { actor: call.token.user, emit: call.emit };
}
