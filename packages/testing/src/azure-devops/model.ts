import type { JsonObject } from "../fake/json.ts";

/** Which Azure DevOps the fake is: Services keeps Markdown per field, Server HTML only and under an older version of the API. */
export type Deployment = "services" | "server";

export interface UserRecord {
  /** A GUID. */
  readonly id: string;
  /** What tests call the account. */
  readonly name: string;
  readonly displayName: string;
  /** E-mail address or sign-in name. */
  readonly uniqueName: string;
  readonly descriptor: string;
}

/** What a state means, as Azure DevOps has it. */
export type StateCategory = "Proposed" | "InProgress" | "Resolved" | "Completed" | "Removed";

/** A state of a type. New items begin in the first one. */
export interface StateRecord {
  readonly name: string;
  readonly category: StateCategory;
  /** Why an item is in it; the first one is the usual. */
  readonly reasons: readonly string[];
}

/** Type of a field, as the REST API names it. */
export type FieldKind =
  | "string"
  | "plainText"
  | "html"
  | "integer"
  | "double"
  | "boolean"
  | "dateTime"
  | "identity"
  | "treePath"
  | "history";

/** A field of a work item type. */
export interface FieldRecord {
  /** For example `Microsoft.VSTS.Common.Priority`. */
  readonly referenceName: string;
  readonly name: string;
  readonly kind: FieldKind;
  readonly alwaysRequired: boolean;
  /** Empty for a field that takes anything. */
  readonly allowedValues: readonly (string | number)[];
  /** Null for none. */
  readonly defaultValue: string | number | boolean | null;
  /** Set by the service alone. @default false */
  readonly readOnly?: boolean;
  /** Required in these states only: a rule that no form tells of. @default [] */
  readonly requiredInStates?: readonly string[];
}

/** A work item type. */
export interface TypeRecord {
  readonly name: string;
  readonly referenceName: string;
  readonly states: readonly StateRecord[];
  /** From each state the ones that follow; null for from anywhere to anywhere. */
  readonly transitions: Readonly<Record<string, readonly string[]>> | null;
  readonly fields: readonly FieldRecord[];
  readonly isDisabled: boolean;
}

export interface ProjectRecord {
  /** A GUID. */
  readonly id: string;
  readonly name: string;
  readonly types: readonly TypeRecord[];
  /** Full paths, the project's own first: `Fabrikam`, `Fabrikam\\Website`. */
  readonly areas: readonly string[];
  readonly iterations: readonly string[];
}

/** A link of a work item to something else. */
export interface RelationRecord {
  readonly rel: string;
  readonly url: string;
  readonly attributes: JsonObject;
}

/** How a long text is written. */
export type TextFormat = "html" | "markdown";

/** A revision of a work item; the last one is the item. Times are epoch milliseconds. */
export interface WorkItemRecord {
  readonly id: number;
  readonly rev: number;
  /** Place among all revisions of the organisation. */
  readonly watermark: number;
  readonly projectId: string;
  readonly type: string;
  /** By reference name, identities as their unique name, tags as one string; what is empty is absent. */
  readonly fields: JsonObject;
  /** Long texts that are Markdown. */
  readonly markdown: readonly string[];
  readonly relations: readonly RelationRecord[];
  /** The comment that made this revision. */
  readonly comment: { readonly id: number; readonly version: number; readonly text: string | null } | null;
  readonly createdBy: UserRecord;
  readonly createdAt: number;
  readonly changedBy: UserRecord;
  readonly changedAt: number;
  /** In the recycle bin. */
  readonly isDeleted: boolean;
}

export interface CommentRecord {
  readonly id: number;
  readonly itemId: number;
  readonly version: number;
  readonly text: string;
  readonly format: TextFormat;
  readonly createdBy: UserRecord;
  readonly createdAt: number;
  readonly modifiedBy: UserRecord;
  readonly modifiedAt: number;
  readonly isDeleted: boolean;
}

export interface AttachmentRecord {
  /** A GUID. */
  readonly id: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly createdAt: number;
}

/** How a service hook is. One that fails too often is put on probation, then disabled. */
export type SubscriptionStatus = "enabled" | "onProbation" | "disabledByUser" | "disabledBySystem";

/** A subscription of a service hook. */
export interface SubscriptionRecord {
  /** A GUID. */
  readonly id: string;
  readonly eventType: string;
  readonly resourceVersion: string;
  readonly publisherInputs: Readonly<Record<string, string>>;
  readonly consumerInputs: Readonly<Record<string, string>>;
  readonly status: SubscriptionStatus;
  readonly probationRetries: number;
  readonly createdBy: UserRecord;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** What subscriptions can be told of work items. */
export const hookEvents: readonly string[] = [
  "workitem.created",
  "workitem.updated",
  "workitem.commented",
  "workitem.deleted",
  "workitem.restored",
];

/** What an account may do in the projects it sees. */
export type Permission = "view" | "edit" | "create-tags" | "delete" | "edit-subscriptions";

/** Every permission that the fake knows. */
export const allPermissions: readonly Permission[] = ["view", "edit", "create-tags", "delete", "edit-subscriptions"];

/** Scopes of a personal access token, as the vendor's contract names them. */
export type Scope = "vso.work" | "vso.work_write" | "vso.project" | "vso.identity" | "vso.profile";

/** Every scope of a token that the fake knows. */
export const allScopes: readonly Scope[] = ["vso.work", "vso.work_write", "vso.project", "vso.identity", "vso.profile"];

/** A credential: a personal access token (Basic), or one of Microsoft Entra (Bearer). */
export interface TokenRecord {
  readonly value: string;
  readonly kind: "personal" | "entra";
  readonly user: UserRecord;
  readonly permissions: ReadonlySet<Permission>;
  readonly scopes: ReadonlySet<Scope>;
  /** Names of the projects it sees; null for all. */
  readonly projects: readonly string[] | null;
  readonly isRevoked: boolean;
}
