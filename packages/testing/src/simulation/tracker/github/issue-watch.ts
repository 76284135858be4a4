import type { FakeComment, FakeGitHub, FakeIssue } from "../../../github/index.ts";
import { type RemoteChange, type RemoteField, type RemoteIssueState, remoteFields } from "../remote-tracker.ts";

/** Who is at work, and by which request; null for people. */
export interface Author {
  readonly by: "person" | "engine";
  readonly requestId: number | null;
}

interface Seen {
  readonly issue: FakeIssue;
  readonly isGone: boolean;
}

/** Every issue there ever was, as it was seen last. */
export interface IssueWatch {
  /** Looks again, and tells what has changed since the last look. @param moved keys of an issue before and after */
  look(author: Author, moved?: { readonly from: string; readonly to: string }): void;
  seen(key: string): FakeIssue | null;
  /** The issue, unless it is gone. */
  living(key: string): FakeIssue | null;
  all(): readonly FakeIssue[];
  present(key: string): RemoteIssueState | null;
}

export const isPriorityLabel = (name: string): boolean => name.startsWith("priority:");

function fieldsOf(issue: FakeIssue): Record<RemoteField, string> {
  return {
    title: issue.title,
    description: issue.body ?? "",
    status: issue.state,
    priority: issue.labels.filter(isPriorityLabel).toSorted().join("|"),
    assignee: issue.assignees.toSorted().join("|"),
  };
}

export function watchIssues(options: {
  readonly fake: FakeGitHub;
  readonly repositories: readonly string[];
  /** Login of the engine's account. */
  readonly login: string;
  readonly onChange: (change: RemoteChange) => void;
}): IssueWatch {
  const { fake, repositories, login, onChange } = options;
  const known = new Map<string, Seen>();

  const tellFields = (before: FakeIssue | null, after: FakeIssue, author: Author) => {
    const old = before === null ? null : fieldsOf(before);
    const now = fieldsOf(after);
    for (const field of remoteFields) {
      if (old?.[field] === now[field]) continue;
      const what = { kind: "field", issue: after.nodeId, field, value: now[field] } as const;
      onChange({ ...what, before: old?.[field] ?? null, ...author });
    }
  };

  const tellComments = (before: FakeIssue | null, after: FakeIssue, author: Author) => {
    const old = new Map(before?.comments.map((comment) => [comment.id, comment]));
    const tell = ({ id, body }: FakeComment, action: "added" | "edited" | "deleted") =>
      onChange({ kind: "comment", issue: after.nodeId, commentId: String(id), action, body, ...author });
    for (const comment of after.comments) {
      const was = old.get(comment.id);
      if (was === undefined) tell(comment, "added");
      else if (was.body !== comment.body) tell(comment, "edited");
      old.delete(comment.id);
    }
    for (const comment of old.values()) tell(comment, "deleted");
  };

  return {
    look(author, moved) {
      const current = repositories.flatMap((name) => fake.issues(name));
      const missing = new Set([...known].flatMap(([key, { isGone }]) => (isGone ? [] : [key])));
      for (const issue of current) {
        const before = known.get(issue.nodeId)?.issue ?? null;
        known.set(issue.nodeId, { issue, isGone: false });
        missing.delete(issue.nodeId);
        if (before === null) {
          onChange({ kind: "issue", issue: issue.nodeId, action: "created", by: author.by, to: null });
        }
        tellFields(before, issue, author);
        tellComments(before, issue, author);
      }
      for (const key of missing) {
        const last = known.get(key);
        if (last === undefined) continue;
        known.set(key, { ...last, isGone: true });
        const to = moved?.from === key ? moved.to : null;
        onChange({ kind: "issue", issue: key, action: to === null ? "deleted" : "moved", by: author.by, to });
      }
    },
    seen: (key) => known.get(key)?.issue ?? null,
    living(key) {
      const found = known.get(key);
      return found === undefined || found.isGone ? null : found.issue;
    },
    all: () => [...known.values()].map(({ issue }) => issue),
    present(key) {
      const found = known.get(key);
      if (found === undefined) return null;
      const { issue, isGone } = found;
      return {
        key,
        container: issue.repository,
        item: String(issue.number),
        body: issue.body ?? "",
        labels: issue.labels,
        fields: fieldsOf(issue),
        comments: issue.comments.map(({ id, body, author }) => ({ id: String(id), body, byEngine: author === login })),
        byEngine: issue.author === login,
        isGone,
      };
    },
  };
}
