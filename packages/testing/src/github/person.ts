import { requireAssignees } from "./assignees.ts";
import { createComment, deleteComment, editComment } from "./comment-actions.ts";
import type { Scene, TrackerEvent } from "./events.ts";
import { changeIssue, createIssue, type IssueChange } from "./issue-actions.ts";
import { filingOf, type IssueFiling } from "./issue-filing.ts";
import { deleteIssue, transferIssue } from "./issue-removal.ts";
import { resolveLabels } from "./label-actions.ts";
import type { CommentRecord, IssueRecord, RepositoryRecord, StateReason, UserRecord } from "./model.ts";
import { type FakeComment, type FakeIssue, snapshotComment, snapshotIssue } from "./snapshot.ts";
import type { World } from "./world.ts";

/** What somebody changes in an issue; what is absent stays, lists replace the whole set. */
export interface IssueEdit extends IssueFiling {
  readonly title?: string;
  readonly body?: string | null;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
}

/** An issue that somebody opens. */
export interface IssueDraft extends IssueEdit {
  readonly title: string;
}

/**
 * Somebody at work in GitHub's own pages: no request is counted, no permission asked, hooks are told. Repositories are
 * given as `owner/name`; something that is not there throws a `RangeError`.
 */
export interface Person {
  readonly login: string;
  createIssue(repository: string, draft: IssueDraft): FakeIssue;
  editIssue(repository: string, number: number, edit: IssueEdit): FakeIssue;
  /** @default "completed" */
  closeIssue(repository: string, number: number, reason?: Exclude<StateReason, "reopened">): FakeIssue;
  reopenIssue(repository: string, number: number): FakeIssue;
  /** Creates the label where there is none of that name. */
  addLabel(repository: string, number: number, name: string): FakeIssue;
  removeLabel(repository: string, number: number, name: string): FakeIssue;
  assign(repository: string, number: number, login: string): FakeIssue;
  unassign(repository: string, number: number, login: string): FakeIssue;
  /** Keeps everybody without push access from commenting. */
  lockIssue(repository: string, number: number): FakeIssue;
  comment(repository: string, number: number, body: string): FakeComment;
  editComment(repository: string, commentId: number, body: string): FakeComment;
  deleteComment(repository: string, commentId: number): void;
  deleteIssue(repository: string, number: number): void;
  /** Moves the issue and answers with what it has become: new number, new ids. */
  transferIssue(repository: string, number: number, target: string): FakeIssue;
}

/** What a person needs of the fake. */
export interface PersonContext {
  readonly world: World;
  readonly htmlUrl: string;
  readonly emit: (event: TrackerEvent) => void;
}

export function createPerson(context: PersonContext, actor: UserRecord): Person {
  const { world, htmlUrl, emit } = context;
  const sceneOf = (name: string): Scene => ({ repository: requireRepository(world, name), actor, emit });
  const show = (issue: IssueRecord): FakeIssue => snapshotIssue(world, htmlUrl, issue);
  const change = (name: string, number: number, next: (issue: IssueRecord, scene: Scene) => IssueChange): FakeIssue => {
    const scene = sceneOf(name);
    const issue = requireIssue(world, scene.repository, number);
    return show(changeIssue(world, scene, issue, next(issue, scene)));
  };
  const labelsOf = (scene: Scene, names: readonly string[]): number[] =>
    resolveLabels(world, scene.repository, names, true);
  return {
    login: actor.login,
    createIssue(name, { title, body, labels, assignees, ...filing }) {
      const scene = sceneOf(name);
      const created = createIssue(world, scene, {
        title,
        body: body ?? null,
        labels: labelsOf(scene, labels ?? []),
        assignees: requireAssignees(world, scene.repository, assignees ?? []),
        ...filingOf(world, scene.repository, filing),
      });
      return show(created);
    },
    editIssue: (name, number, { title, body, labels, assignees, ...filing }) =>
      change(name, number, (issue, scene) => ({
        title,
        body,
        labels: labels === undefined ? undefined : labelsOf(scene, labels),
        assignees: assignees === undefined ? undefined : requireAssignees(world, scene.repository, assignees),
        ...filingOf(world, scene.repository, filing, issue.fieldValues),
      })),
    closeIssue: (name, number, stateReason = "completed") =>
      change(name, number, () => ({ state: "closed", stateReason })),
    reopenIssue: (name, number) => change(name, number, () => ({ state: "open" })),
    addLabel: (name, number, label) =>
      change(name, number, (issue, scene) => ({
        labels: [...new Set([...issue.labels, ...labelsOf(scene, [label])])],
      })),
    removeLabel: (name, number, label) =>
      change(name, number, (issue, { repository }) => {
        const removed = world.findLabel(repository.id, label)?.id;
        return { labels: issue.labels.filter((id) => id !== removed) };
      }),
    assign: (name, number, login) =>
      change(name, number, (issue, { repository }) => ({
        assignees: [...new Set([...issue.assignees, ...requireAssignees(world, repository, [login])])],
      })),
    unassign: (name, number, login) =>
      change(name, number, (issue) => ({
        assignees: issue.assignees.filter((user) => user.login.toLowerCase() !== login.toLowerCase()),
      })),
    lockIssue(name, number) {
      const locked = { ...requireIssue(world, requireRepository(world, name), number), locked: true };
      world.setIssue(locked);
      return show(locked);
    },
    comment(name, number, body) {
      const scene = sceneOf(name);
      return snapshotComment(createComment(world, scene, requireIssue(world, scene.repository, number), body));
    },
    editComment(name, commentId, body) {
      const scene = sceneOf(name);
      return snapshotComment(editComment(world, scene, requireComment(world, scene.repository, commentId), body));
    },
    deleteComment(name, commentId) {
      const scene = sceneOf(name);
      deleteComment(world, scene, requireComment(world, scene.repository, commentId));
    },
    deleteIssue(name, number) {
      const scene = sceneOf(name);
      deleteIssue(world, scene, requireIssue(world, scene.repository, number));
    },
    transferIssue(name, number, target) {
      const scene = sceneOf(name);
      const issue = requireIssue(world, scene.repository, number);
      return show(transferIssue(world, scene, issue, requireRepository(world, target)));
    },
  };
}

export function requireRepository(world: World, name: string): RepositoryRecord {
  const repository = world.findRepository(name);
  if (repository === undefined) throw new RangeError(`There is no repository ${name}`);
  return repository;
}

function requireIssue(world: World, repository: RepositoryRecord, number: number): IssueRecord {
  const issue = world.findIssue(repository.id, number);
  if (issue === undefined) throw new RangeError(`There is no issue ${repository.owner}/${repository.name}#${number}`);
  return issue;
}

function requireComment(world: World, repository: RepositoryRecord, id: number): CommentRecord {
  const comment = world.comments.get(id);
  if (comment === undefined || comment.repositoryId !== repository.id)
    throw new RangeError(`There is no comment ${id}`);
  return comment;
}
