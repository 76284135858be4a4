import type { IssueRecord, NoteRecord, UserRecord } from "./model.ts";

/** Something that happened to an issue or one of its notes. */
export interface TrackerEvent {
  readonly kind: "issue" | "note";
  readonly action: "open" | "update" | "close" | "reopen" | "create";
  readonly issue: IssueRecord;
  readonly note: NoteRecord | null;
  readonly actor: UserRecord;
  /** What the issue was before. */
  readonly before: IssueRecord | null;
}

/** Who acts, and who is told. */
export interface Scene {
  readonly actor: UserRecord;
  readonly emit: (event: TrackerEvent) => void;
}
