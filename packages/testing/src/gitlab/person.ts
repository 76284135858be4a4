import type { Scene, TrackerEvent } from "./events.ts";
import { changeIssue, createIssue, deleteIssue, type IssueChange, moveIssue } from "./issue-actions.ts";
import type { IssueKind, IssueRecord, NoteRecord, ProjectRecord, UserRecord } from "./model.ts";
import { createNote, deleteNote, editNote } from "./note-actions.ts";
import { type FakeGitLabIssue, type FakeGitLabNote, snapshotIssue, snapshotNote } from "./snapshot.ts";
import type { World } from "./world.ts";

/** What somebody changes in an issue; what is absent stays. */
export interface GitLabIssueEdit {
  readonly title?: string;
  /** GitLab's Markdown; commands in it are carried out. */
  readonly description?: string;
  readonly state?: "opened" | "closed";
  readonly labels?: readonly string[];
  /** Logins. */
  readonly assignees?: readonly string[];
  readonly confidential?: boolean;
  /** `2026-12-24` */
  readonly dueDate?: string | null;
}

/** An issue that a person creates. */
export interface GitLabIssueDraft extends GitLabIssueEdit {
  readonly title: string;
  /** @default "issue" */
  readonly kind?: IssueKind;
}

/**
 * Somebody at work in GitLab's own pages: no request is counted, no permission asked, hooks are told. Issues are named like
 * `acme/shop/web#12`; something that is not there throws a `RangeError`.
 */
export interface GitLabPerson {
  readonly name: string;
  createIssue(project: string, draft: GitLabIssueDraft): FakeGitLabIssue;
  editIssue(issue: string, edit: GitLabIssueEdit): FakeGitLabIssue;
  note(issue: string, body: string, options?: { readonly internal?: boolean }): FakeGitLabNote;
  editNote(noteId: number, body: string): FakeGitLabNote;
  deleteNote(noteId: number): void;
  deleteIssue(issue: string): void;
  /** Makes a new issue in the other project; the old one is closed and leads there. */
  moveIssue(issue: string, project: string): FakeGitLabIssue;
}

export interface PersonContext {
  readonly world: World;
  readonly emit: (event: TrackerEvent) => void;
}

export function createPerson({ world, emit }: PersonContext, actor: UserRecord): GitLabPerson {
  const scene: Scene = { actor, emit };
  const show = (issue: IssueRecord): FakeGitLabIssue => snapshotIssue(world, issue);
  const readEdit = ({ assignees, ...edit }: GitLabIssueEdit): IssueChange => ({
    ...edit,
    ...(assignees !== undefined && { assignees: assignees.map((username) => world.ensureUser(username)) }),
  });
  return {
    name: actor.username,
    createIssue: (path, { kind = "issue", ...edit }) =>
      show(createIssue(world, requireProject(world, path), scene, { ...readEdit(edit), kind })),
    editIssue: (key, edit) => show(changeIssue(world, scene, requireIssue(world, key), readEdit(edit))),
    note(key, body, { internal = false } = {}) {
      const { note } = createNote(world, scene, requireIssue(world, key), { body, internal });
      if (note === null) throw new RangeError("The note had nothing in it but commands");
      return snapshotNote(note);
    },
    editNote: (id, body) => snapshotNote(editNote(world, scene, requireNote(world, id), body)),
    deleteNote: (id) => deleteNote(world, requireNote(world, id)),
    deleteIssue: (key) => deleteIssue(world, requireIssue(world, key)),
    moveIssue: (key, path) => show(moveIssue(world, scene, requireIssue(world, key), requireProject(world, path))),
  };
}

export function requireProject(world: World, path: string): ProjectRecord {
  const project = world.findProject(path);
  if (project === undefined) throw new RangeError(`There is no project ${path}`);
  return project;
}

export function findIssue(world: World, key: string): IssueRecord | undefined {
  const at = key.lastIndexOf("#");
  const project = world.findProject(key.slice(0, at));
  return project === undefined ? undefined : world.findIssue(project.id, Number(key.slice(at + 1)));
}

function requireIssue(world: World, key: string): IssueRecord {
  const issue = findIssue(world, key);
  if (issue === undefined) throw new RangeError(`There is no issue ${key}`);
  return issue;
}

function requireNote(world: World, id: number): NoteRecord {
  const note = world.notes.get(id);
  if (note === undefined) throw new RangeError(`There is no note ${id}`);
  return note;
}
