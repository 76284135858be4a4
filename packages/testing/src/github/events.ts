import type {
  CommentRecord,
  IssueFieldRecord,
  IssueRecord,
  IssueTypeRecord,
  LabelRecord,
  MilestoneRecord,
  RepositoryRecord,
  UserRecord,
} from "./model.ts";

/** Former values of an edited text, as in a webhook's `changes`. */
export interface TextChanges {
  readonly title?: { readonly from: string };
  readonly body?: { readonly from: string };
}

/** The other end of a transfer. */
export interface IssueElsewhere {
  readonly issue: IssueRecord;
  readonly repository: RepositoryRecord;
}

/** Something that happened and that hooks may be told about. */
export interface TrackerEvent {
  readonly event: "issues" | "issue_comment";
  readonly action: string;
  readonly repository: RepositoryRecord;
  readonly issue: IssueRecord;
  readonly sender: UserRecord;
  readonly comment?: CommentRecord;
  readonly label?: LabelRecord;
  readonly assignee?: UserRecord;
  readonly type?: IssueTypeRecord;
  readonly milestone?: MilestoneRecord;
  readonly field?: IssueFieldRecord;
  readonly changes?: TextChanges;
  readonly movedTo?: IssueElsewhere;
  readonly movedFrom?: IssueElsewhere;
}

/** What an action needs: who acts, where, and whom to tell. */
export interface Scene {
  readonly repository: RepositoryRecord;
  readonly actor: UserRecord;
  readonly emit: (event: TrackerEvent) => void;
}
