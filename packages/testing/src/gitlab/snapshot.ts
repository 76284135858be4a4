import type { IssueKind, IssueRecord, NoteRecord } from "./model.ts";
import type { World } from "./world.ts";

/** An issue as its page shows it. */
export interface FakeGitLabIssue {
  readonly id: number;
  readonly iid: number;
  /** Path of the project. */
  readonly project: string;
  readonly title: string;
  readonly description: string;
  readonly state: "opened" | "closed";
  readonly labels: readonly string[];
  /** Logins. */
  readonly assignees: readonly string[];
  readonly author: string;
  readonly confidential: boolean;
  readonly dueDate: string | null;
  readonly kind: IssueKind;
  readonly movedToId: number | null;
  /** What people wrote, oldest first. */
  readonly notes: readonly FakeGitLabNote[];
  /** What GitLab wrote, oldest first. */
  readonly systemNotes: readonly string[];
  readonly updatedAt: number;
}

/** A comment, as tests look at it. */
export interface FakeGitLabNote {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly internal: boolean;
}

export function snapshotIssue(world: World, issue: IssueRecord): FakeGitLabIssue {
  const notes = world.notesOf(issue.id);
  return {
    id: issue.id,
    iid: issue.iid,
    project: world.projectOf(issue).path,
    title: issue.title,
    description: issue.description ?? "",
    state: issue.state,
    labels: issue.labels,
    assignees: issue.assignees.map(({ username }) => username),
    author: issue.author.username,
    confidential: issue.confidential,
    dueDate: issue.dueDate,
    kind: issue.kind,
    movedToId: issue.movedToId,
    notes: notes.filter(({ system }) => !system).map(snapshotNote),
    systemNotes: notes.filter(({ system }) => system).map(({ body }) => body),
    updatedAt: issue.updatedAt,
  };
}

export function snapshotNote({ id, author, body, internal }: NoteRecord): FakeGitLabNote {
  return { id, author: author.username, body, internal };
}

/** A file that a note shows. */
export interface FakeGitLabFile {
  readonly id: number;
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

/** One for each note that leads to an upload. */
export function filesAt(world: World, issue: IssueRecord): FakeGitLabFile[] {
  return world.notesOf(issue.id).flatMap(({ id, body }) => {
    const secret = /\]\(\/uploads\/([\da-f]{32})\//.exec(body)?.[1];
    const file = [...world.uploads.values()].find((upload) => upload.secret === secret);
    return file === undefined
      ? []
      : [{ id, fileName: file.fileName, contentType: file.contentType, content: file.content }];
  });
}
