import { asObject, type JsonObject } from "../fake/json.ts";
import type { Scene, TrackerEvent } from "./events.ts";
import { forbidden, invalid, projectNotFound, typeNotFound, workItemNotFound } from "./failure.ts";
import type { Permission, ProjectRecord, Scope, TokenRecord, TypeRecord, WorkItemRecord } from "./model.ts";
import type { World } from "./world.ts";

/** Parameters in the paths of the operations the fake knows. */
export interface PathParameters {
  /** Name or id; absent where the organisation is asked. */
  readonly project?: string;
  readonly projectId?: string;
  readonly id?: string;
  readonly workItemId?: string;
  readonly commentId?: string;
  readonly version?: string;
  readonly type?: string;
  readonly field?: string;
  readonly fieldNameOrRefName?: string;
  readonly structureGroup?: string;
  readonly teamId?: string;
  readonly subscriptionId?: string;
}

/** One request after routing. */
export interface AzureDevOpsCall {
  readonly world: World;
  readonly token: TokenRecord;
  readonly params: PathParameters;
  readonly query: URLSearchParams;
  /** Parsed JSON; `undefined` when nothing was sent. */
  readonly body: unknown;
  readonly bytes: Uint8Array;
  /** Address of the organisation or collection. */
  readonly url: string;
  /** Reads show this earlier moment. */
  readonly asOf: number | undefined;
  /** Queries and the reporting API show this earlier moment. */
  readonly indexedAt: number | undefined;
  /** Most changes that one page of the reporting API has. */
  readonly reportingPageSize: number;
  readonly emit: (event: TrackerEvent) => void;
}

export interface AzureDevOpsAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** An answer that is no JSON. */
  readonly bytes?: Uint8Array;
}

/** An endpoint; the template is the contract's, below the organisation. */
export interface AzureDevOpsOperation {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly template: string;
  /** One of these is needed; null where every credential will do. */
  readonly scopes: readonly Scope[] | null;
  /** Whether the version must say `-preview`. @default false */
  readonly isPreview?: boolean;
  /** Where the vendor's contract has none of it. @default false */
  readonly isUndocumented?: boolean;
  readonly handle: (call: AzureDevOpsCall) => AzureDevOpsAnswer;
}

/** What every caller needs for reads, and for writes. */
export const readScopes: readonly Scope[] = ["vso.work", "vso.work_write"];
export const writeScopes: readonly Scope[] = ["vso.work_write"];

export function require(call: AzureDevOpsCall, permission: Permission): void {
  if (call.token.permissions.has(permission)) return;
  throw forbidden(`TF237111: The current user does not have permissions to do this (${permission}).`);
}

export function sees({ token }: Pick<AzureDevOpsCall, "token">, project: ProjectRecord): boolean {
  return token.permissions.has("view") && (token.projects === null || token.projects.includes(project.name));
}

/** The project of the path, or null where the organisation is asked. */
export function scopeOf(call: AzureDevOpsCall): ProjectRecord | null {
  const { project } = call.params;
  return project === undefined ? null : findProject(call, project);
}

export function projectOf(call: AzureDevOpsCall): ProjectRecord {
  const project = scopeOf(call);
  if (project === null) throw invalid("A project is needed in the path.", "VssPropertyValidationException");
  return project;
}

export function findProject(call: AzureDevOpsCall, text: string): ProjectRecord {
  const project = call.world.findProject(text);
  if (project === undefined || !sees(call, project)) throw projectNotFound(text);
  return project;
}

export function typeOf(call: AzureDevOpsCall, project: ProjectRecord): TypeRecord {
  const wanted = (call.params.type ?? "").toLowerCase();
  const type = project.types.find(({ name, referenceName }) =>
    [name.toLowerCase(), referenceName.toLowerCase()].includes(wanted),
  );
  if (type === undefined || type.isDisabled) throw typeNotFound(call.params.type ?? "");
  return type;
}

/** The item if the caller sees it: where a project is asked it must be in it. `isDeleted` looks into the recycle bin. */
export function findItem(
  call: AzureDevOpsCall,
  id: number,
  asOf: number | undefined = call.asOf,
  isDeleted = false,
): WorkItemRecord | null {
  const item = call.world.items.get(id, asOf);
  if (item === undefined || item.isDeleted !== isDeleted) return null;
  const project = call.world.projectOf(item);
  const scope = scopeOf(call);
  return sees(call, project) && (scope === null || scope.id === project.id) ? item : null;
}

/** The item of the path. */
export function itemOf(call: AzureDevOpsCall, asOf: number | undefined = call.asOf, isDeleted = false): WorkItemRecord {
  const text = call.params.id ?? call.params.workItemId ?? "";
  const item = /^\d+$/.test(text) ? findItem(call, Number(text), asOf, isDeleted) : null;
  if (item === null) throw workItemNotFound(text);
  return item;
}

export function bodyOf(call: AzureDevOpsCall): JsonObject {
  return asObject(call.body);
}

export function isTrue(call: AzureDevOpsCall, name: string): boolean {
  return call.query.get(name)?.toLowerCase() === "true";
}

/** A whole number of the query within its bounds. */
export function numberOf(call: AzureDevOpsCall, name: string, fallback: number, most: number): number {
  const text = call.query.get(name);
  if (text === null) return fallback;
  if (!/^\d+$/.test(text)) throw invalid(`The value '${text}' is not valid for ${name}.`, "ArgumentException");
  return Math.min(Number(text), most);
}

/** The caller as the one who acts. */
export function emitter(call: AzureDevOpsCall): Scene {
  const emit = isTrue(call, "suppressNotifications") ? () => undefined : call.emit;
  return { actor: call.token.user, emit };
}
