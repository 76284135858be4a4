import { type RemoteChange, type RemoteIssueState, remoteFields } from "./remote-tracker.ts";

/** Who is at work, and by which request; null for people. */
export interface Author {
  readonly by: "person" | "engine";
  readonly requestId: number | null;
}

/** An issue as the tracker shows it. */
export type ShownIssue = Omit<RemoteIssueState, "isGone">;

/** Every issue there ever was, as it was seen last. */
export interface StateWatch {
  /** Looks again, and tells what has changed since the last look. @param moved keys of an issue before and after */
  look(author: Author, moved?: { readonly from: string; readonly to: string }): void;
  present(key: string): RemoteIssueState | null;
  all(): readonly RemoteIssueState[];
}

/** Compares what a tracker shows with what it showed before: that is the history of what happened there. */
export function watchStates(options: {
  readonly shown: () => readonly ShownIssue[];
  readonly onChange: (change: RemoteChange) => void;
}): StateWatch {
  const { shown, onChange } = options;
  const known = new Map<string, RemoteIssueState>();

  const tellFields = (before: RemoteIssueState | null, after: ShownIssue, author: Author) => {
    for (const field of remoteFields) {
      const [old, value] = [before?.fields[field] ?? null, after.fields[field]];
      if (old === value) continue;
      onChange({ kind: "field", issue: after.key, field, value, before: old, ...author });
    }
  };

  const tellComments = (before: RemoteIssueState | null, after: ShownIssue, author: Author) => {
    const gone = new Map(before?.comments.map((comment) => [comment.id, comment]));
    const tell = (commentId: string, body: string, action: "added" | "edited" | "deleted") =>
      onChange({ kind: "comment", issue: after.key, commentId, action, body, ...author });
    for (const { id, body } of after.comments) {
      const was = gone.get(id);
      if (was === undefined) tell(id, body, "added");
      else if (was.body !== body) tell(id, body, "edited");
      gone.delete(id);
    }
    for (const { id, body } of gone.values()) tell(id, body, "deleted");
  };

  return {
    look(author, moved) {
      const missing = new Map([...known].filter(([, { isGone }]) => !isGone));
      for (const issue of shown()) {
        const before = known.get(issue.key) ?? null;
        known.set(issue.key, { ...issue, isGone: false });
        missing.delete(issue.key);
        if (before === null) {
          onChange({ kind: "issue", issue: issue.key, action: "created", by: author.by, to: null });
        }
        tellFields(before, issue, author);
        tellComments(before, issue, author);
      }
      for (const [key, last] of missing) {
        known.set(key, { ...last, isGone: true });
        const to = moved?.from === key ? moved.to : null;
        onChange({ kind: "issue", issue: key, action: to === null ? "deleted" : "moved", by: author.by, to });
      }
    },
    present: (key) => known.get(key) ?? null,
    all: () => [...known.values()],
  };
}
