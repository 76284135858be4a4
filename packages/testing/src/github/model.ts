/** What a caller may do in one repository, weakest first. */
export type RepositoryAccess = "none" | "read" | "triage" | "write" | "admin";

/** GitHub's reasons for an issue's state; `null` on an issue that was never closed. */
export type StateReason = "completed" | "not_planned" | "duplicate" | "reopened";

/** An account. Times in every record are epoch milliseconds, truncated to whole seconds as GitHub stores them. */
export interface UserRecord {
  readonly id: number;
  readonly nodeId: string;
  readonly login: string;
  readonly name: string | null;
  readonly createdAt: number;
}

/** A repository. `collaborators` maps lower-case logins to their role and decides who can be assigned. */
export interface RepositoryRecord {
  readonly id: number;
  readonly nodeId: string;
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
  readonly archived: boolean;
  readonly hasIssues: boolean;
  readonly createdAt: number;
  readonly collaborators: ReadonlyMap<string, RepositoryAccess>;
}

/** A label of one repository. `color` is six hexadecimal digits without `#`. */
export interface LabelRecord {
  readonly id: number;
  readonly nodeId: string;
  readonly repositoryId: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

/** A type that an organization offers its issues. `owner` is its login in lower case. */
export interface IssueTypeRecord {
  readonly id: number;
  readonly nodeId: string;
  readonly owner: string;
  readonly name: string;
}

/** A field that an organization gives its issues. `options` are names, and empty unless the field is a single select. */
export interface IssueFieldRecord {
  readonly id: number;
  readonly nodeId: string;
  readonly owner: string;
  readonly name: string;
  readonly dataType: "text" | "number" | "date" | "single_select";
  readonly options: readonly string[];
}

/** A milestone of one repository. */
export interface MilestoneRecord {
  readonly id: number;
  readonly nodeId: string;
  readonly repositoryId: number;
  readonly number: number;
  readonly title: string;
  readonly state: "open" | "closed";
  readonly createdAt: number;
}

/** What an issue says in one of its organization's fields; an option by its name. */
export interface IssueFieldValue {
  readonly fieldId: number;
  readonly value: string | number;
}

/** An issue or, with `pullRequest`, a pull request: both share one number space. `labels` are label ids. */
export interface IssueRecord {
  readonly id: number;
  readonly nodeId: string;
  readonly repositoryId: number;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: "open" | "closed";
  readonly stateReason: StateReason | null;
  readonly labels: readonly number[];
  readonly assignees: readonly UserRecord[];
  /** Id of its issue type. */
  readonly type: number | null;
  /** Id of its milestone. */
  readonly milestone: number | null;
  readonly fieldValues: readonly IssueFieldValue[];
  readonly user: UserRecord;
  readonly closedBy: UserRecord | null;
  readonly comments: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly closedAt: number | null;
  readonly locked: boolean;
  readonly pullRequest: boolean;
}

/** A comment on an issue or pull request. */
export interface CommentRecord {
  readonly id: number;
  readonly nodeId: string;
  readonly repositoryId: number;
  readonly issueId: number;
  readonly user: UserRecord;
  readonly body: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A repository webhook. Without a `secret` its deliveries are not signed. */
export interface HookRecord {
  readonly id: number;
  readonly repositoryId: number;
  readonly url: string;
  readonly secret: string | null;
  readonly contentType: string;
  readonly insecureSsl: string;
  readonly events: readonly string[];
  readonly active: boolean;
  readonly createdAt: number;
}

/** Permissions of a fine-grained token, by GitHub's own names. */
export interface FineGrainedPermissions {
  readonly issues?: "read" | "write";
  readonly metadata?: "read";
  readonly repository_hooks?: "read" | "write";
}

/** An access token. `permissions` is `null` for a classic token, `scopes` is empty for a fine-grained one. */
export interface TokenRecord {
  readonly value: string;
  readonly user: UserRecord;
  readonly scopes: readonly string[];
  readonly permissions: FineGrainedPermissions | null;
  readonly repositories: ReadonlyMap<string, RepositoryAccess>;
  readonly defaultAccess: RepositoryAccess;
  readonly revoked: boolean;
  /** Set for the token of an app's installation, whose rights it has. */
  readonly installationId?: number;
  /** Epoch milliseconds; absent for tokens that do not end. */
  readonly expiresAt?: number;
}

/** Where an issue number leads once the issue is no longer there. */
export type IssueFate =
  | { readonly kind: "here" }
  | { readonly kind: "deleted" }
  | { readonly kind: "moved"; readonly repositoryId: number; readonly number: number };
