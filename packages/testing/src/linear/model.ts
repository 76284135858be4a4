/** Times in every record are epoch milliseconds. */
export interface UserRecord {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly email: string;
}

export interface StateRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly position: number;
}

export interface TeamRecord {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly states: readonly StateRecord[];
  /** `notUsed`, `exponential`, `fibonacci`, `linear` or `tShirt`. */
  readonly estimation: string;
  readonly hasCycles: boolean;
}

/** Of one or more teams. */
export interface ProjectRecord {
  readonly id: string;
  readonly name: string;
  readonly teamIds: readonly string[];
}

export interface CycleRecord {
  readonly id: string;
  readonly number: number;
  readonly name: string | null;
  readonly teamId: string;
  readonly isPast: boolean;
}

/** Of one team, or of the workspace. Of those of a group an issue has one at most; the group itself is none to set. */
export interface LabelRecord {
  readonly id: string;
  readonly name: string;
  /** With `#`. */
  readonly color: string;
  readonly teamId: string | null;
  readonly isGroup: boolean;
  readonly groupId: string | null;
}

export interface IssueRecord {
  readonly id: string;
  readonly teamId: string;
  readonly number: number;
  readonly title: string;
  readonly description: string | null;
  readonly priority: number;
  readonly stateId: string;
  readonly labelIds: readonly string[];
  readonly assigneeId: string | null;
  readonly projectId: string | null;
  readonly cycleId: string | null;
  readonly parentId: string | null;
  /** A day, such as `2026-12-24`. */
  readonly dueDate: string | null;
  readonly estimate: number | null;
  readonly creatorId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly trashed: boolean;
  /** Put away, as what was closed long ago is by itself; what lies in the trash is something else. */
  readonly isArchived: boolean;
  readonly previousIdentifiers: readonly string[];
}

export interface CommentRecord {
  readonly id: string;
  readonly issueId: string;
  readonly userId: string;
  /** The comment that it answers; null where it begins a thread. */
  readonly parentId: string | null;
  /** Whose name an application has shown it under; null for its own. */
  readonly asUser: string | null;
  readonly body: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A link of an issue; of files it leads into Linear's own storage. */
export interface AttachmentRecord {
  readonly id: string;
  readonly issueId: string;
  readonly url: string;
  readonly title: string;
  readonly creatorId: string;
  readonly createdAt: number;
}

/** A place for a file, and what was put there. */
export interface UploadRecord {
  readonly id: string;
  readonly assetUrl: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Null until it has arrived. */
  readonly content: Uint8Array | null;
}

export interface TokenRecord {
  readonly value: string;
  /** A key stands in the header as it is, an access token behind `Bearer`. */
  readonly kind: "api-key" | "token";
  readonly userId: string;
  /** Keys of the teams that it sees; null for all. */
  readonly teams: readonly string[] | null;
  /** It acts as the application itself. @default false */
  readonly isApp?: boolean;
  /** Labels can be made and set. */
  readonly canLabel: boolean;
}

/** A webhook of a workspace or a team. */
export interface HookRecord {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly teamId: string | null;
  readonly resourceTypes: readonly string[];
}
