/** An account. `isBot` is one that a project or group token brought along. */
export interface UserRecord {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly isBot: boolean;
}

/** What somebody may do, as GitLab numbers it: guest 10, planner 15, reporter 20, developer 30, maintainer 40, owner 50. */
export type AccessLevel = 10 | 15 | 20 | 30 | 40 | 50;

export interface ProjectRecord {
  readonly id: number;
  /** With all its groups, such as `acme/shop/web`. */
  readonly path: string;
  readonly name: string;
  readonly issuesEnabled: boolean;
  readonly archived: boolean;
  /** Paths that it had. */
  readonly formerPaths: readonly string[];
  /** Highest number given out. */
  readonly lastNumber: number;
}

/** A label of a project, or of a group and all projects below it. */
export interface LabelRecord {
  readonly id: number;
  readonly name: string;
  /** With `#`. */
  readonly color: string;
  readonly description: string;
  /** Path of the project or the group. */
  readonly owner: string;
}

/** Types of issues that the fake has. */
export type IssueKind = "issue" | "incident" | "task";

/** An issue. Times are epoch milliseconds. */
export interface IssueRecord {
  readonly id: number;
  readonly iid: number;
  readonly projectId: number;
  readonly title: string;
  readonly description: string | null;
  readonly state: "opened" | "closed";
  readonly labels: readonly string[];
  readonly assignees: readonly UserRecord[];
  readonly author: UserRecord;
  readonly confidential: boolean;
  /** `2026-12-24` */
  readonly dueDate: string | null;
  readonly milestoneId: number | null;
  readonly kind: IssueKind;
  /** The issue that it was moved to. */
  readonly movedToId: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface NoteRecord {
  readonly id: number;
  readonly issueId: number;
  readonly author: UserRecord;
  readonly body: string;
  /** Written by GitLab itself. */
  readonly system: boolean;
  readonly internal: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface UploadRecord {
  readonly id: number;
  readonly projectId: number;
  readonly secret: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  readonly author: UserRecord;
  readonly createdAt: number;
}

export interface MilestoneRecord {
  readonly id: number;
  readonly projectId: number;
  readonly title: string;
}

/** A webhook of a project. */
export interface HookRecord {
  readonly id: number;
  readonly projectId: number;
  readonly url: string;
  /** Sent in clear. */
  readonly token: string | null;
  /** What deliveries are signed with, `whsec_` and 32 bytes of base64. While they are replaced there are several. */
  readonly signingTokens: readonly string[];
  readonly events: readonly HookEvent[];
}

/** What hooks can be told of issues and notes. */
export type HookEvent =
  | "issues_events"
  | "confidential_issues_events"
  | "note_events"
  | "confidential_note_events"
  | "push_events";

export const hookEvents: readonly HookEvent[] = [
  "issues_events",
  "confidential_issues_events",
  "note_events",
  "confidential_note_events",
  "push_events",
];

/** A credential: a personal access token, a project's, or the access token of an OAuth application. */
export interface TokenRecord {
  readonly id: number;
  readonly value: string;
  readonly kind: "personal" | "project" | "oauth";
  readonly user: UserRecord;
  readonly scopes: readonly string[];
  readonly accessLevel: AccessLevel;
  /** Paths; null for all. */
  readonly projects: readonly string[] | null;
  readonly expiresAt: number | null;
  readonly isRevoked: boolean;
}
