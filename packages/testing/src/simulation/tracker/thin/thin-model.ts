import type { IssueSnapshot, RemoteComment, RemotePerson } from "@backref/core/provider";
import type { RemoteChange, RemoteField, RemoteIssueState } from "../remote-tracker.ts";

export const engineAccount: RemotePerson = { id: "bot", login: "bot", displayName: "Backref bot" };
export const lena: RemotePerson = { id: "lena", login: "lena", displayName: "Lena" };

export const personOf = (id: string): RemotePerson => ({ id, login: id, displayName: id });

export interface ThinComment {
  readonly id: string;
  readonly snapshot: RemoteComment;
}

/** An issue with all it ever was, so that a read can show an older state. */
export interface ThinIssue {
  readonly id: string;
  readonly container: string;
  readonly item: string;
  snapshot: IssueSnapshot;
  comments: readonly ThinComment[];
  state: "live" | "deleted" | { readonly movedTo: string };
  readonly createdAt: number;
  readonly states: {
    readonly at: number;
    readonly snapshot: IssueSnapshot;
    readonly comments: readonly ThinComment[];
  }[];
}

export interface IssueEdit {
  readonly title?: string;
  readonly body?: string;
  readonly state?: { readonly category: "open" | "closed"; readonly reason: string | null };
  readonly labels?: readonly string[];
  readonly priority?: string | null;
  readonly assignees?: readonly RemotePerson[];
}

export interface Author {
  readonly by: "person" | "engine";
  readonly requestId: number | null;
}

const isPriorityLabel = (name: string) => name.startsWith("priority:");

function fieldsOf(snapshot: IssueSnapshot, priority: "labels" | "field"): Record<RemoteField, string> {
  const labels = snapshot.labels.filter(isPriorityLabel).toSorted().join("|");
  return {
    title: snapshot.title,
    description: snapshot.body,
    status: snapshot.state.category,
    priority: priority === "labels" ? labels : (snapshot.priority ?? ""),
    assignee: snapshot.assignees.map((person) => person.id).join("|"),
  };
}

const stateOf = (category: "open" | "closed", reason: string | null): IssueSnapshot["state"] => ({
  id: category,
  name: category,
  category,
  reason,
});

/** The tracker's data. Every change is one version, told to listeners in order. */
export interface ThinModel {
  readonly issues: ReadonlyMap<string, ThinIssue>;
  create(container: string, edit: IssueEdit & { readonly title: string }, author: Author): ThinIssue;
  edit(issue: ThinIssue, edit: IssueEdit, author: Author): void;
  comment(issue: ThinIssue, body: string, visibility: "public" | "internal", author: Author): ThinComment;
  editComment(issue: ThinIssue, id: string, body: string, author: Author): ThinComment | null;
  deleteComment(issue: ThinIssue, id: string, author: Author): boolean;
  remove(issue: ThinIssue): void;
  move(issue: ThinIssue, container: string): ThinIssue;
  present(issue: ThinIssue): RemoteIssueState;
}

export interface ThinModelOptions {
  /** Begins all ids. */
  readonly idPrefix: string;
  readonly now: () => number;
  readonly priority: "labels" | "field";
  /** Versions are whole multiples of this, in milliseconds; 0 counts changes instead. */
  readonly granularityMs: number;
  /** What this tracker makes of a title. */
  readonly normaliseTitle: (title: string) => string;
  readonly onChange: (change: RemoteChange) => void;
  readonly onEvent: (issue: ThinIssue, comment: ThinComment | null, change: "changed" | "deleted" | "moved") => void;
}

export function createThinModel(options: ThinModelOptions): ThinModel {
  const { now, priority, granularityMs, onChange, onEvent } = options;
  const issues = new Map<string, ThinIssue>();
  let born = 0;
  let commentCount = 0;

  const stamp = () => (granularityMs === 0 ? Math.floor(now()) : Math.floor(now() / granularityMs) * granularityMs);
  const versionAfter = (before: number) => (granularityMs === 0 ? before + 1 : Math.max(before, stamp()));
  const keep = (issue: ThinIssue) => {
    issue.states.push({ at: now(), snapshot: issue.snapshot, comments: issue.comments });
  };
  const touch = (issue: ThinIssue, set: Partial<IssueSnapshot>) => {
    issue.snapshot = Object.freeze({
      ...issue.snapshot,
      ...set,
      version: versionAfter(issue.snapshot.version),
      updatedAt: stamp(),
      commentCount: issue.comments.length,
    });
    keep(issue);
  };
  const tellFields = (issue: ThinIssue, before: Record<RemoteField, string> | null, author: Author) => {
    const after = fieldsOf(issue.snapshot, priority);
    for (const field of Object.keys(after) as RemoteField[]) {
      if (before !== null && before[field] === after[field]) continue;
      const value = after[field];
      onChange({ kind: "field", issue: issue.id, field, value, before: before?.[field] ?? null, ...author });
    }
  };
  const textOf = (body: string) => body.replace(/\r\n/g, "\n").trimEnd();

  const make = (
    container: string,
    edit: IssueEdit & { readonly title: string },
    author: Author,
    writer: RemotePerson,
  ): ThinIssue => {
    born += 1;
    const item = String(born);
    const at = stamp();
    const { category, reason } = edit.state ?? { category: "open", reason: null };
    const snapshot: IssueSnapshot = Object.freeze({
      remoteId: `${options.idPrefix}-I${item}`,
      container,
      item,
      title: options.normaliseTitle(edit.title),
      body: textOf(edit.body ?? ""),
      state: stateOf(category, reason),
      priority: priority === "field" ? (edit.priority ?? null) : null,
      labels: [...(edit.labels ?? [])],
      type: null,
      assignees: edit.assignees ?? [],
      author: writer,
      createdAt: at,
      updatedAt: at,
      version: granularityMs === 0 ? 1 : at,
      commentCount: 0,
      raw: null,
    });
    const issue: ThinIssue = {
      id: `${options.idPrefix}-I${item}`,
      container,
      item,
      snapshot,
      comments: [],
      state: "live",
      createdAt: now(),
      states: [],
    };
    keep(issue);
    issues.set(issue.id, issue);
    onChange({ kind: "issue", issue: issue.id, action: "created", by: author.by, to: null });
    tellFields(issue, null, author);
    onEvent(issue, null, "changed");
    return issue;
  };

  return {
    issues,
    create: (container, edit, author) => make(container, edit, author, author.by === "engine" ? engineAccount : lena),
    edit(issue, edit, author) {
      const before = fieldsOf(issue.snapshot, priority);
      touch(issue, {
        ...(edit.title === undefined ? {} : { title: options.normaliseTitle(edit.title) }),
        ...(edit.body === undefined ? {} : { body: textOf(edit.body) }),
        ...(edit.state === undefined ? {} : { state: stateOf(edit.state.category, edit.state.reason) }),
        ...(edit.labels === undefined ? {} : { labels: [...edit.labels] }),
        ...(edit.priority === undefined ? {} : { priority: edit.priority }),
        ...(edit.assignees === undefined ? {} : { assignees: edit.assignees }),
      });
      tellFields(issue, before, author);
      onEvent(issue, null, "changed");
    },
    comment(issue, body, visibility, author) {
      commentCount += 1;
      const id = `${options.idPrefix}-C${commentCount}`;
      const at = stamp();
      const snapshot: RemoteComment = Object.freeze({
        remoteId: id,
        body: textOf(body),
        author: author.by === "engine" ? engineAccount : lena,
        visibility,
        url: null,
        createdAt: at,
        updatedAt: at,
        version: granularityMs === 0 ? 1 : at,
      });
      const comment = { id, snapshot };
      issue.comments = [...issue.comments, comment];
      touch(issue, {});
      onChange({
        kind: "comment",
        issue: issue.id,
        commentId: id,
        action: "added",
        body: snapshot.body,
        ...author,
      });
      onEvent(issue, comment, "changed");
      return comment;
    },
    editComment(issue, id, body, author) {
      const old = issue.comments.find((comment) => comment.id === id);
      if (old === undefined) return null;
      const version = versionAfter(old.snapshot.version);
      const snapshot = Object.freeze({ ...old.snapshot, body: textOf(body), updatedAt: stamp(), version });
      const edited = { id, snapshot };
      issue.comments = issue.comments.map((comment) => (comment.id === id ? edited : comment));
      touch(issue, {});
      const { body: text } = snapshot;
      onChange({ kind: "comment", issue: issue.id, commentId: id, action: "edited", body: text, ...author });
      onEvent(issue, edited, "changed");
      return edited;
    },
    deleteComment(issue, id, author) {
      const old = issue.comments.find((comment) => comment.id === id);
      if (old === undefined) return false;
      issue.comments = issue.comments.filter((comment) => comment.id !== id);
      touch(issue, {});
      const { body } = old.snapshot;
      onChange({ kind: "comment", issue: issue.id, commentId: id, action: "deleted", body, ...author });
      onEvent(issue, old, "deleted");
      return true;
    },
    remove(issue) {
      issue.state = "deleted";
      onChange({ kind: "issue", issue: issue.id, action: "deleted", by: "person", to: null });
      onEvent(issue, null, "deleted");
    },
    move(issue, container) {
      const { title, body, state, labels, priority: level, assignees } = issue.snapshot;
      const category = state.category === "closed" ? "closed" : "open";
      const edit = {
        title,
        body,
        labels,
        priority: level,
        assignees,
        state: { category, reason: state.reason },
      } as const;
      const moved = make(container, edit, { by: "person", requestId: null }, issue.snapshot.author ?? lena);
      moved.comments = issue.comments;
      touch(moved, {});
      issue.state = { movedTo: moved.id };
      onChange({ kind: "issue", issue: issue.id, action: "moved", by: "person", to: moved.id });
      onEvent(issue, null, "moved");
      return moved;
    },
    present(issue) {
      return {
        key: issue.id,
        container: issue.container,
        item: issue.item,
        body: issue.snapshot.body,
        labels: issue.snapshot.labels,
        fields: fieldsOf(issue.snapshot, priority),
        comments: issue.comments.map(({ id, snapshot }) => ({
          id,
          body: snapshot.body,
          byEngine: snapshot.author?.id === engineAccount.id,
        })),
        byEngine: issue.snapshot.author?.id === engineAccount.id,
        isGone: issue.state !== "live",
      };
    },
  };
}
