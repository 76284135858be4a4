import type { JsonObject } from "../fake/json.ts";

/** Which Jira the fake is: Cloud speaks REST v3 and ADF, Data Center REST v2 and wiki markup. */
export type Deployment = "cloud" | "data-center";

/** An account. Cloud knows people by `accountId`, Data Center by `name` and `key`. */
export interface UserRecord {
  readonly accountId: string;
  readonly name: string;
  readonly displayName: string;
  /** Null where the profile hides it. */
  readonly email: string | null;
  readonly timeZone: string;
}

export interface IssueTypeRecord {
  readonly id: string;
  readonly name: string;
  readonly subtask: boolean;
}

/** What a status means, as Jira has it. */
export type CategoryKey = "new" | "indeterminate" | "done";

export interface StatusRecord {
  readonly id: string;
  readonly name: string;
  readonly category: CategoryKey;
}

/** Something with an id and a name, such as a priority or a component. */
export interface NamedRecord {
  readonly id: string;
  readonly name: string;
}

/** A value to choose; those of a cascade lead on to others. */
export interface OptionRecord extends NamedRecord {
  readonly children?: readonly NamedRecord[];
}

/** A step of a workflow. `fields` are what its screen asks for; a transition without a screen has none. */
export interface TransitionRecord {
  readonly id: string;
  readonly name: string;
  /** Ids of statuses; null for a global transition. */
  readonly from: readonly string[] | null;
  readonly to: string;
  readonly fields: readonly ScreenField[];
}

/** A field on a screen. */
export interface ScreenField {
  readonly id: string;
  readonly required: boolean;
}

/** Statuses of a project's issues and the ways between them. */
export interface WorkflowRecord {
  readonly initial: string;
  readonly transitions: readonly TransitionRecord[];
}

/** Type of a field on a screen. */
export type FieldKind =
  | "text"
  | "textarea"
  | "number"
  | "date"
  | "datetime"
  | "url"
  | "option"
  | "options"
  | "cascade"
  | "user"
  | "users"
  | "labels"
  | "components"
  | "priority"
  | "attachment"
  | "sprint";

/** A field of a project's create screen, beside summary, description, project and issue type. */
export interface FieldRecord {
  readonly id: string;
  readonly name: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  /** Of choices. */
  readonly options: readonly OptionRecord[];
  readonly defaultValue: unknown;
}

export interface ProjectRecord {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly issueTypes: readonly IssueTypeRecord[];
  readonly workflow: WorkflowRecord;
  readonly fields: readonly FieldRecord[];
  readonly components: readonly NamedRecord[];
  /** Highest number given out. */
  readonly lastNumber: number;
}

/** An issue. Times are epoch milliseconds. Rich text is a document of ADF on Cloud and wiki markup on Data Center. */
export interface IssueRecord {
  readonly id: number;
  readonly projectId: string;
  readonly key: string;
  readonly issueTypeId: string;
  readonly summary: string;
  readonly description: unknown;
  readonly statusId: string;
  readonly resolutionId: string | null;
  readonly priorityId: string | null;
  readonly labels: readonly string[];
  readonly assignee: UserRecord | null;
  readonly creator: UserRecord;
  readonly reporter: UserRecord;
  readonly componentIds: readonly string[];
  /** Values of custom fields, as they were set. */
  readonly custom: JsonObject;
  readonly properties: JsonObject;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The role or group to which a comment is restricted. */
export interface CommentVisibility {
  readonly type: "role" | "group";
  readonly value: string;
}

export interface CommentRecord {
  readonly id: number;
  readonly issueId: number;
  readonly author: UserRecord;
  readonly body: unknown;
  readonly visibility: CommentVisibility | null;
  /** False for an internal comment of a service project. */
  readonly isPublic: boolean;
  readonly properties: JsonObject;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface RemoteLinkRecord {
  readonly id: number;
  readonly issueId: number;
  readonly globalId: string | null;
  readonly content: JsonObject;
}

export interface AttachmentRecord {
  readonly id: number;
  readonly issueId: number;
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  readonly author: UserRecord;
  readonly createdAt: number;
}

/** A webhook of an administrator (`secret`), or a dynamic one of an app, which ends. */
export interface HookRecord {
  readonly id: number;
  readonly url: string;
  readonly kind: "admin" | "dynamic";
  readonly secret: string | null;
  readonly events: readonly string[];
  readonly jql: string;
  readonly expiresAt: number | null;
}

/** What hooks can be told of issues and comments. */
export const hookEvents: readonly string[] = [
  "jira:issue_created",
  "jira:issue_updated",
  "jira:issue_deleted",
  "comment_created",
  "comment_updated",
  "comment_deleted",
];

/** What an account may do everywhere, by Jira's own names. */
export type Permission =
  | "BROWSE_PROJECTS"
  | "CREATE_ISSUES"
  | "EDIT_ISSUES"
  | "TRANSITION_ISSUES"
  | "ADD_COMMENTS"
  | "ASSIGN_ISSUES"
  | "LINK_ISSUES"
  | "CREATE_ATTACHMENTS"
  | "EDIT_OWN_COMMENTS"
  | "DELETE_OWN_COMMENTS"
  | "ADMINISTER";

/** Every permission that the fake knows. */
export const allPermissions: readonly Permission[] = [
  "BROWSE_PROJECTS",
  "CREATE_ISSUES",
  "EDIT_ISSUES",
  "TRANSITION_ISSUES",
  "ADD_COMMENTS",
  "ASSIGN_ISSUES",
  "LINK_ISSUES",
  "CREATE_ATTACHMENTS",
  "EDIT_OWN_COMMENTS",
  "DELETE_OWN_COMMENTS",
  "ADMINISTER",
];

/** A credential: an API token, a personal access token, a password, or the access token of an OAuth app. */
export interface TokenRecord {
  readonly value: string;
  readonly kind: "api-token" | "personal" | "password" | "oauth";
  readonly user: UserRecord;
  readonly permissions: ReadonlySet<Permission>;
  /** OAuth scopes; null for tokens that have none. */
  readonly scopes: readonly string[] | null;
  readonly isRevoked: boolean;
}
