import { createComment, deleteComment, editComment } from "./comment-actions.ts";
import type { Scene, TrackerEvent } from "./events.ts";
import { changeItem, createItem, deleteItem, emptyItem, moveItem, restoreItem, retypeItem } from "./issue-actions.ts";
import type { CommentRecord, ProjectRecord, TextFormat, TypeRecord, UserRecord, WorkItemRecord } from "./model.ts";
import { applyPatch } from "./patch.ts";
import { type FakeAzureDevOpsComment, type FakeAzureDevOpsIssue, snapshotComment, snapshotItem } from "./snapshot.ts";
import type { World } from "./world.ts";

/** What somebody changes in a work item; what is absent stays. */
export interface AzureDevOpsIssueEdit {
  readonly title?: string;
  /** The long text of the type: the repro steps of a bug, else the description. */
  readonly description?: string;
  /** How the description is written. @default "markdown" on Services where it is so already, else "html" */
  readonly format?: TextFormat;
  /** All of them. */
  readonly tags?: readonly string[];
  /** 1 to 4. */
  readonly priority?: number;
  /** Account's name; null for nobody. */
  readonly assignee?: string | null;
  readonly reason?: string;
  /** By reference name; null takes a value away. */
  readonly fields?: Readonly<Record<string, string | number | boolean | null>>;
}

/** A work item that a person creates. */
export interface AzureDevOpsIssueDraft extends AzureDevOpsIssueEdit {
  readonly title: string;
  /** @default "Bug" */
  readonly type?: string;
}

/**
 * Somebody at work in the pages of Azure DevOps: no request is counted, no permission asked, hooks are told. Work items
 * are named by id; something that is not there throws a `RangeError`.
 */
export interface AzureDevOpsPerson {
  readonly name: string;
  createIssue(project: string, draft: AzureDevOpsIssueDraft): FakeAzureDevOpsIssue;
  editIssue(issue: string, edit: AzureDevOpsIssueEdit): FakeAzureDevOpsIssue;
  /** Into the state, by as many steps as the type's transitions take. */
  moveTo(issue: string, state: string): FakeAzureDevOpsIssue;
  comment(issue: string, body: string, format?: TextFormat): FakeAzureDevOpsComment;
  editComment(commentId: string, body: string): FakeAzureDevOpsComment;
  deleteComment(commentId: string): void;
  /** Into the recycle bin. */
  deleteIssue(issue: string): void;
  restoreIssue(issue: string): FakeAzureDevOpsIssue;
  /** Out of the recycle bin, or from anywhere, for good. */
  destroyIssue(issue: string): void;
  /** Into another project; the id stays. */
  moveIssue(issue: string, project: string): FakeAzureDevOpsIssue;
  changeType(issue: string, type: string): FakeAzureDevOpsIssue;
}

export interface PersonContext {
  readonly world: World;
  readonly emit: (event: TrackerEvent) => void;
}

export function createPerson({ world, emit }: PersonContext, actor: UserRecord): AzureDevOpsPerson {
  const scene: Scene = { actor, emit };
  const show = (item: WorkItemRecord): FakeAzureDevOpsIssue => snapshotItem(world, item);
  const edit = (item: WorkItemRecord, change: AzureDevOpsIssueEdit): WorkItemRecord => {
    const operations = operationsOf(world, world.typeOf(item), item.markdown, change);
    if (operations.length === 0) return item;
    return changeItem(world, scene, item, applyPatch(world, item, operations, true));
  };
  return {
    name: actor.name,
    createIssue(name, { type: typeName = "Bug", ...change }) {
      const project = requireProject(world, name);
      const type = requireType(project, typeName);
      const empty = emptyItem(project, type, scene);
      const patched = applyPatch(world, empty, operationsOf(world, type, [], change), true);
      return show(createItem(world, project, type, scene, patched));
    },
    editIssue: (id, change) => show(edit(requireItem(world, id), change)),
    moveTo(id, state) {
      const item = requireItem(world, id);
      const path = pathTo(world.typeOf(item), String(item.fields["System.State"]), state);
      return show(path.reduce((current, next) => edit(current, { fields: { "System.State": next } }), item));
    },
    comment: (id, text, format = "html") =>
      snapshotComment(createComment(world, scene, requireItem(world, id), { text, format })),
    editComment(id, text) {
      const comment = requireComment(world, id);
      return snapshotComment(editComment(world, scene, comment, { text, format: comment.format }));
    },
    deleteComment: (id) => void deleteComment(world, scene, requireComment(world, id)),
    deleteIssue: (id) => void deleteItem(world, scene, requireItem(world, id)),
    restoreIssue: (id) => show(restoreItem(world, scene, requireItem(world, id, true))),
    destroyIssue: (id) => world.destroyItem(requireItem(world, id, null).id),
    moveIssue: (id, target) => show(moveItem(world, scene, requireItem(world, id), requireProject(world, target))),
    changeType(id, name) {
      const item = requireItem(world, id);
      return show(retypeItem(world, scene, item, requireType(world.projectOf(item), name)));
    },
  };
}

/** Where the form of a type has its text. */
function bodyFieldOf(type: TypeRecord): string {
  const repro = "Microsoft.VSTS.TCM.ReproSteps";
  return type.fields.some(({ referenceName }) => referenceName === repro) ? repro : "System.Description";
}

function operationsOf(
  world: World,
  type: TypeRecord,
  markdown: readonly string[],
  edit: AzureDevOpsIssueEdit,
): readonly object[] {
  const body = bodyFieldOf(type);
  const format = edit.format ?? (markdown.includes(body) ? "markdown" : "html");
  const assignee = typeof edit.assignee === "string" ? world.ensureUser(edit.assignee).uniqueName : edit.assignee;
  const values: readonly (readonly [name: string, value: unknown])[] = [
    ["System.Title", edit.title],
    [body, edit.description],
    ["System.Tags", edit.tags?.join("; ")],
    ["Microsoft.VSTS.Common.Priority", edit.priority],
    ["System.AssignedTo", assignee === null ? "" : assignee],
    ["System.Reason", edit.reason],
    ...Object.entries(edit.fields ?? {}),
  ];
  const operations = values.flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [{ op: "replace", path: `/fields/${name}`, value: value === null ? "" : value }];
  });
  const isMarked = edit.description !== undefined && format === "markdown" && world.deployment === "services";
  return isMarked
    ? [...operations, { op: "add", path: `/multilineFieldsFormat/${body}`, value: "Markdown" }]
    : operations;
}

/** Breadth first over the type's transitions. */
function pathTo(type: TypeRecord, from: string, to: string): readonly string[] {
  if (!type.states.some(({ name }) => name === to)) throw new RangeError(`${type.name} has no state ${to}`);
  if (from === to) return [];
  if (type.transitions === null) return [to];
  const paths: string[][] = [[from]];
  const seen = new Set([from]);
  for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
    const at = path.at(-1) ?? "";
    if (at === to) return path.slice(1);
    for (const next of type.transitions[at] ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      paths.push([...path, next]);
    }
  }
  throw new RangeError(`${type.name} cannot get from ${from} to ${to}`);
}

export function requireProject(world: World, name: string): ProjectRecord {
  const project = world.findProject(name);
  if (project === undefined) throw new RangeError(`There is no project ${name}`);
  return project;
}

export function requireType(project: ProjectRecord, name: string): TypeRecord {
  const type = project.types.find((candidate) => candidate.name === name);
  if (type === undefined) throw new RangeError(`${project.name} has no type ${name}`);
  return type;
}

/** `isDeleted` null takes it wherever it is. */
function requireItem(world: World, id: string, isDeleted: boolean | null = false): WorkItemRecord {
  const item = world.items.get(Number(id));
  if (item === undefined || (isDeleted !== null && item.isDeleted !== isDeleted))
    throw new RangeError(`There is no work item ${id}`);
  return item;
}

function requireComment(world: World, id: string): CommentRecord {
  const comment = world.comments.get(Number(id));
  if (comment === undefined || comment.isDeleted) throw new RangeError(`There is no comment ${id}`);
  return comment;
}
