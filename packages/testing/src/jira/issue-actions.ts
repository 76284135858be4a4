import type { JsonObject } from "../fake/json.ts";
import type { ChangelogItem, Scene } from "./events.ts";
import { invalidFields, JiraFailure } from "./failure.ts";
import type { IssueChange } from "./field-values.ts";
import type { IssueRecord, IssueTypeRecord, ProjectRecord, TransitionRecord, UserRecord } from "./model.ts";
import type { World } from "./world.ts";

/** Where the values of Jira's own fields are kept. */
const valueNames: Readonly<Record<string, keyof IssueChange>> = {
  labels: "labels",
  assignee: "assignee",
  components: "componentIds",
  priority: "priorityId",
};

export interface NewIssue {
  readonly issueTypeId: string;
  readonly change: IssueChange;
  readonly properties: JsonObject;
}

/** Files an issue in the workflow's first status. What the create screen requires and nobody gave is refused by name. */
export function createIssue(world: World, project: ProjectRecord, scene: Scene, draft: NewIssue): IssueRecord {
  const { change } = draft;
  const problems: Record<string, string> = {};
  if (change.summary === undefined) problems["summary"] = "You must specify a summary of the issue.";
  const custom: Record<string, unknown> = {};
  for (const field of project.fields) {
    if (!field.id.startsWith("customfield_")) {
      const name = valueNames[field.id];
      const given = name === undefined ? undefined : change[name];
      const isMissing = given === undefined || given === null || (Array.isArray(given) && given.length === 0);
      if (field.required && field.defaultValue === null && isMissing) problems[field.id] = `${field.name} is required.`;
      continue;
    }
    const value = change.custom?.[field.id] ?? field.defaultValue;
    if (field.required && (value === null || value === undefined)) problems[field.id] = `${field.name} is required.`;
    if (value !== null && value !== undefined) custom[field.id] = value;
  }
  if (Object.keys(problems).length > 0) throw invalidFields(problems);
  const priority = project.fields.find(({ id }) => id === "priority");
  const { id: usualPriority = null } = (priority?.defaultValue ?? {}) as { readonly id?: string };
  const at = world.stamp();
  const issue: IssueRecord = {
    id: world.nextId("issue"),
    projectId: project.id,
    key: world.nextKey(project.id),
    issueTypeId: draft.issueTypeId,
    summary: change.summary ?? "",
    description: change.description ?? null,
    statusId: project.workflow.initial,
    resolutionId: null,
    priorityId: priority === undefined ? null : (change.priorityId ?? usualPriority),
    labels: change.labels ?? [],
    assignee: change.assignee ?? null,
    creator: scene.actor,
    reporter: change.reporter ?? scene.actor,
    componentIds: change.componentIds ?? [],
    custom,
    properties: draft.properties,
    createdAt: at,
    updatedAt: at,
  };
  world.setIssue(issue);
  scene.emit({ name: "jira:issue_created", issue, comment: null, actor: scene.actor, items: [] });
  return issue;
}

/** Applies a change. One that changes nothing leaves the time as it is and tells nobody. */
export function changeIssue(
  world: World,
  scene: Scene,
  before: IssueRecord,
  change: Partial<IssueRecord>,
): IssueRecord {
  const merged = { ...before, ...change };
  const next = change.custom === undefined ? merged : { ...merged, custom: { ...before.custom, ...change.custom } };
  const items = changelog(world, before, next);
  if (items.length === 0) {
    world.setIssue(next);
    return next;
  }
  const changed = { ...next, updatedAt: world.stamp() };
  world.setIssue(changed);
  scene.emit({ name: "jira:issue_updated", issue: changed, comment: null, actor: scene.actor, items });
  return changed;
}

function changelog(world: World, before: IssueRecord, after: IssueRecord): ChangelogItem[] {
  const text = (value: unknown): string | null =>
    value === null || value === undefined ? null : typeof value === "string" ? value : JSON.stringify(value);
  const status = (id: string) => world.status(id).name;
  const rows: readonly (readonly [field: string, id: string, from: unknown, to: unknown])[] = [
    ["summary", "summary", before.summary, after.summary],
    ["description", "description", before.description, after.description],
    ["status", "status", status(before.statusId), status(after.statusId)],
    ["resolution", "resolution", before.resolutionId, after.resolutionId],
    ["priority", "priority", before.priorityId, after.priorityId],
    ["labels", "labels", before.labels.join(" "), after.labels.join(" ")],
    ["assignee", "assignee", before.assignee?.accountId, after.assignee?.accountId],
    ["Component", "components", before.componentIds.join(" "), after.componentIds.join(" ")],
    ["Key", "issuekey", before.key, after.key],
    ["custom", "custom", before.custom, after.custom],
  ];
  return rows.flatMap(([field, fieldId, from, to]) => {
    const [fromText, toText] = [text(from), text(to)];
    if (fromText === toText) return [];
    return [{ field, fieldId, from: fromText, fromString: fromText, to: toText, toString: toText }];
  });
}

/** Steps that lead on from where the issue is. */
export function transitionsOf(world: World, issue: IssueRecord): readonly TransitionRecord[] {
  return world
    .projectOf(issue)
    .workflow.transitions.filter(({ from }) => from === null || from.includes(issue.statusId));
}

/** Walks one step. A resolution goes when an issue is no longer done, as the usual post function does. */
export function transitionIssue(
  world: World,
  scene: Scene,
  issue: IssueRecord,
  transition: TransitionRecord,
  given: IssueChange,
): IssueRecord {
  const names: Readonly<Record<string, keyof IssueChange>> = { resolution: "resolutionId", assignee: "assignee" };
  const problems: Record<string, string> = {};
  for (const { id, required } of transition.fields) {
    const value = id.startsWith("customfield_") ? given.custom?.[id] : given[names[id] ?? (id as keyof IssueChange)];
    if (required && (value === undefined || value === null)) problems[id] = `${id} is required.`;
  }
  if (Object.keys(problems).length > 0) throw invalidFields(problems);
  const isDone = world.status(transition.to).category === "done";
  const resolution = isDone ? {} : { resolutionId: null };
  return changeIssue(world, scene, issue, { ...given, ...resolution, statusId: transition.to } as Partial<IssueRecord>);
}

/** Gives the issue a new key in another project; the old key keeps leading to it. */
export function moveIssue(world: World, scene: Scene, issue: IssueRecord, target: ProjectRecord): IssueRecord {
  const key = world.nextKey(target.id);
  return changeIssue(world, scene, issue, { key, projectId: target.id, statusId: target.workflow.initial });
}

export function deleteIssue(world: World, scene: Scene, issue: IssueRecord): void {
  world.issues.remove(issue.id, world.now());
  for (const comment of world.commentsOf(issue.id)) world.comments.remove(comment.id, world.now());
  scene.emit({ name: "jira:issue_deleted", issue, comment: null, actor: scene.actor, items: [] });
}

export function requireType(project: ProjectRecord, id: string | undefined, name: string | undefined): IssueTypeRecord {
  const type = project.issueTypes.find((candidate) =>
    id === undefined ? candidate.name === name : candidate.id === id,
  );
  if (type === undefined) throw new JiraFailure(400, [], { issuetype: "Specify a valid issue type" });
  return type;
}

/** Somebody who can be assigned: every account, in this fake. */
export function assignable(world: World, text: string): UserRecord[] {
  const wanted = text.toLowerCase();
  const has = (value: string | null) => value?.toLowerCase().includes(wanted) === true;
  return world.users().filter(({ name, displayName, email }) => has(displayName) || has(name) || has(email));
}
