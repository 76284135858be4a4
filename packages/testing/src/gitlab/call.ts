import type { JsonObject } from "../fake/json.ts";
import type { Scene, TrackerEvent } from "./events.ts";
import { badParameter, forbidden, notFound } from "./failure.ts";
import type { AccessLevel, IssueRecord, NoteRecord, ProjectRecord, TokenRecord } from "./model.ts";
import type { World } from "./world.ts";

/** Parameters in the paths of the operations the fake knows, as the contract calls them. */
export interface PathParameters {
  readonly id?: string;
  readonly issue_iid?: string;
  readonly noteable_id?: string;
  readonly note_id?: string;
  readonly hook_id?: string;
}

/** One request after routing. */
export interface GitLabCall {
  readonly world: World;
  readonly token: TokenRecord;
  readonly params: PathParameters;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  /** The raw body, for what is no JSON. */
  readonly bytes: Uint8Array;
  readonly headers: Headers;
  /** Base of the addresses in answers: `https://gitlab.example.com/gitlab`. */
  readonly siteUrl: string;
  /** Reads show this earlier moment. */
  readonly asOf: number | undefined;
  readonly emit: (event: TrackerEvent) => void;
}

export interface GitLabAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An endpoint; the template is the one of the contract below `/api/v4`. */
export interface GitLabOperation {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly template: string;
  /** What a token needs; `none` for any that is good. */
  readonly scope: "read_api" | "api" | "none";
  /** GitLab has it, the extract of its contract does not. @default false */
  readonly isOutsideExtract?: boolean;
  readonly handle: (call: GitLabCall) => GitLabAnswer;
}

/** The project of the path; what the token may not see is not there. */
export function projectOf(call: GitLabCall): ProjectRecord {
  const project = call.world.findProject(call.params.id ?? "");
  if (project === undefined || !reaches(call, project)) throw notFound("Project");
  return project;
}

export function reaches({ token }: GitLabCall, { path }: ProjectRecord): boolean {
  return token.projects === null || token.projects.includes(path);
}

/** Refuses those who may do less. */
export function requireLevel({ token }: GitLabCall, level: AccessLevel): void {
  if (token.accessLevel < level) throw forbidden();
}

/** A project whose issues can be used. */
export function issuesProjectOf(call: GitLabCall): ProjectRecord {
  const project = projectOf(call);
  if (!project.issuesEnabled) throw forbidden();
  return project;
}

/** Confidential ones are for reporters and for whoever wrote them. */
export function maySee({ token }: GitLabCall, issue: IssueRecord): boolean {
  return !issue.confidential || token.accessLevel >= 15 || issue.author.id === token.user.id;
}

/** The issue of the path. */
export function issueOf(call: GitLabCall, asOf: number | undefined = call.asOf): IssueRecord {
  const project = issuesProjectOf(call);
  const iid = Number(call.params.issue_iid ?? call.params.noteable_id);
  const issue = call.world.findIssue(project.id, iid, asOf);
  if (issue === undefined || !maySee(call, issue)) throw notFound("Issue");
  return issue;
}

/** The note of the path, which is somebody's of this issue. */
export function noteOf(call: GitLabCall): NoteRecord {
  const issue = issueOf(call, undefined);
  const note = call.world.notes.get(Number(call.params.note_id));
  if (note === undefined || note.issueId !== issue.id || !maySeeNote(call, note)) throw notFound("Note");
  return note;
}

/** Internal notes are for planners and up. */
export function maySeeNote({ token }: GitLabCall, note: NoteRecord): boolean {
  return !note.internal || token.accessLevel >= 15;
}

/** A whole number of the query within its bounds. */
function numberOf({ query }: GitLabCall, name: string, fallback: number, most: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^[1-9]\d*$/.test(text)) throw badParameter(`${name} is invalid`);
  return Math.min(Number(text), most);
}

/** One page of a list, with GitLab's headers about the others. Totals are left out where there are very many. */
export function paged<Row>(call: GitLabCall, rows: readonly Row[], present: (row: Row) => unknown): GitLabAnswer {
  const page = numberOf(call, "page", 1, Number.MAX_SAFE_INTEGER);
  const perPage = numberOf(call, "per_page", 20, 100);
  const start = (page - 1) * perPage;
  const hasNext = start + perPage < rows.length;
  const headers = {
    "x-page": String(page),
    "x-per-page": String(perPage),
    "x-next-page": hasNext ? String(page + 1) : "",
    "x-prev-page": page > 1 ? String(page - 1) : "",
    ...(rows.length <= 10_000 && { "x-total": String(rows.length) }),
  };
  return { status: 200, headers, body: rows.slice(start, start + perPage).map(present) };
}

/** The caller as the one who acts. */
export function emitter(call: GitLabCall): Scene {
  return { actor: call.token.user, emit: call.emit };
}

/** A list given as JSON or as names between commas; undefined where it is not given. */
export function listOf(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const entries: unknown[] = Array.isArray(value) ? value : String(value).split(",");
  return entries.map((entry) => String(entry).trim()).filter((entry) => entry !== "");
}
