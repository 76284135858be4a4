import type { CommentRecord, IssueRecord, UserRecord } from "./model.ts";

/** One entry of the history of an issue, as webhooks tell it. */
export interface ChangelogItem {
  readonly field: string;
  readonly fieldId: string;
  readonly from: string | null;
  readonly fromString: string | null;
  readonly to: string | null;
  readonly toString: string | null;
}

/** Something that happened to an issue or one of its comments. */
export interface TrackerEvent {
  readonly name:
    | "jira:issue_created"
    | "jira:issue_updated"
    | "jira:issue_deleted"
    | "comment_created"
    | "comment_updated"
    | "comment_deleted";
  readonly issue: IssueRecord;
  readonly comment: CommentRecord | null;
  readonly actor: UserRecord;
  readonly items: readonly ChangelogItem[];
}

/** Who acts, and who is told. */
export interface Scene {
  readonly actor: UserRecord;
  readonly emit: (event: TrackerEvent) => void;
}
