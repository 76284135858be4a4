import type { CommentRecord, UserRecord, WorkItemRecord } from "./model.ts";

/** Something that happened to a work item or one of its comments. */
export interface TrackerEvent {
  readonly name:
    | "workitem.created"
    | "workitem.updated"
    | "workitem.commented"
    | "workitem.deleted"
    | "workitem.restored";
  readonly item: WorkItemRecord;
  /** The revision before; null for a new item. */
  readonly before: WorkItemRecord | null;
  readonly comment: CommentRecord | null;
  readonly actor: UserRecord;
}

/** Who acts, and who is told. */
export interface Scene {
  readonly actor: UserRecord;
  readonly emit: (event: TrackerEvent) => void;
}
