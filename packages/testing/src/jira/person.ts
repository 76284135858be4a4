import { type CommentDraft, createComment, deleteComment, editComment } from "./comment-actions.ts";
import type { Scene, TrackerEvent } from "./events.ts";
import {
  changeIssue,
  createIssue,
  deleteIssue,
  moveIssue,
  requireType,
  transitionIssue,
  transitionsOf,
} from "./issue-actions.ts";
import type { CommentRecord, IssueRecord, ProjectRecord, UserRecord } from "./model.ts";
import { resolutions } from "./scheme.ts";
import { type FakeJiraComment, type FakeJiraIssue, snapshotComment, snapshotIssue } from "./snapshot.ts";
import type { World } from "./world.ts";

/** What somebody changes in an issue; what is absent stays. */
export interface JiraIssueEdit {
  readonly summary?: string;
  /** ADF on Cloud, wiki markup on Data Center. */
  readonly description?: unknown;
  readonly labels?: readonly string[];
  /** By id; null takes it away. */
  readonly priority?: string | null;
  /** Account's name. */
  readonly assignee?: string | null;
}

/** An issue that a person creates. */
export interface JiraIssueDraft extends JiraIssueEdit {
  readonly summary: string;
  /** @default "Bug" */
  readonly type?: string;
}

/**
 * Somebody at work in Jira's own pages: no request is counted, no permission asked, hooks are told. Issues are named by
 * key or id; something that is not there throws a `RangeError`.
 */
export interface JiraPerson {
  readonly name: string;
  createIssue(project: string, draft: JiraIssueDraft): FakeJiraIssue;
  editIssue(issue: string, edit: JiraIssueEdit): FakeJiraIssue;
  /** Walks the workflow to the status, by as many steps as it takes, with a resolution where a screen asks for one. */
  moveTo(issue: string, status: string): FakeJiraIssue;
  comment(issue: string, body: unknown, options?: Pick<CommentDraft, "visibility" | "isPublic">): FakeJiraComment;
  editComment(commentId: string, body: unknown): FakeJiraComment;
  deleteComment(commentId: string): void;
  deleteIssue(issue: string): void;
  /** Gives it a key of the other project. */
  moveIssue(issue: string, project: string): FakeJiraIssue;
}

export interface PersonContext {
  readonly world: World;
  readonly emit: (event: TrackerEvent) => void;
}

export function createPerson({ world, emit }: PersonContext, actor: UserRecord): JiraPerson {
  const scene: Scene = { actor, emit };
  const show = (issue: IssueRecord): FakeJiraIssue => snapshotIssue(world, issue);
  const readEdit = ({ summary, description, labels, priority, assignee }: JiraIssueEdit) => ({
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    ...(labels !== undefined && { labels }),
    ...(priority !== undefined && { priorityId: priority }),
    ...(assignee !== undefined && { assignee: assignee === null ? null : world.ensureUser(assignee) }),
  });
  return {
    name: actor.name,
    createIssue(key, { type = "Bug", ...edit }) {
      const project = requireProject(world, key);
      const issueTypeId = requireType(project, undefined, type).id;
      return show(createIssue(world, project, scene, { issueTypeId, change: readEdit(edit), properties: {} }));
    },
    editIssue: (key, edit) => show(changeIssue(world, scene, requireIssue(world, key), readEdit(edit))),
    moveTo(key, status) {
      const target = world.statuses.find(({ name }) => name === status);
      if (target === undefined) throw new RangeError(`There is no status ${status}`);
      const issue = requireIssue(world, key);
      return show(walk(world, scene, issue, target.id));
    },
    comment: (key, body, options) =>
      snapshotComment(createComment(world, scene, requireIssue(world, key), { body, ...options })),
    editComment: (id, body) => snapshotComment(editComment(world, scene, requireComment(world, id), { body })),
    deleteComment: (id) => deleteComment(world, scene, requireComment(world, id)),
    deleteIssue: (key) => deleteIssue(world, scene, requireIssue(world, key)),
    moveIssue: (key, target) => show(moveIssue(world, scene, requireIssue(world, key), requireProject(world, target))),
  };
}

/** Breadth first over the workflow. */
function walk(world: World, scene: Scene, issue: IssueRecord, target: string): IssueRecord {
  const paths: IssueRecord["statusId"][][] = [[issue.statusId]];
  const seen = new Set([issue.statusId]);
  for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
    const at = path.at(-1) ?? "";
    if (at === target) return path.slice(1).reduce((current, next) => stepTo(world, scene, current, next), issue);
    for (const { to } of transitionsOf(world, { ...issue, statusId: at })) {
      if (seen.has(to)) continue;
      seen.add(to);
      paths.push([...path, to]);
    }
  }
  throw new RangeError(`${issue.key} cannot get to status ${target}`);
}

function stepTo(world: World, scene: Scene, issue: IssueRecord, to: string): IssueRecord {
  const transition = transitionsOf(world, issue).find((candidate) => candidate.to === to);
  if (transition === undefined) throw new RangeError(`${issue.key} has no step to ${to}`);
  const asksResolution = transition.fields.some(({ id }) => id === "resolution");
  const resolutionId = resolutions[0]?.id ?? null;
  return transitionIssue(world, scene, issue, transition, asksResolution ? { resolutionId } : {});
}

export function requireProject(world: World, key: string): ProjectRecord {
  const project = world.findProject(key);
  if (project === undefined) throw new RangeError(`There is no project ${key}`);
  return project;
}

function requireIssue(world: World, key: string): IssueRecord {
  const issue = world.findIssue(key);
  if (issue === undefined) throw new RangeError(`There is no issue ${key}`);
  return issue;
}

function requireComment(world: World, id: string): CommentRecord {
  const comment = world.comments.get(Number(id));
  if (comment === undefined) throw new RangeError(`There is no comment ${id}`);
  return comment;
}
