import type { Scene, TextChanges } from "./events.ts";
import { createNodeId } from "./identifiers.ts";
import { announceMembers, frameOf } from "./issue-announcements.ts";
import type { IssueFieldValue, IssueRecord, StateReason, UserRecord } from "./model.ts";
import { checkBody, checkTitle } from "./text-limits.ts";
import type { World } from "./world.ts";

/** What a new issue is made of, already resolved: label ids and accounts. */
export interface NewIssue {
  readonly title: string;
  readonly body: string | null;
  readonly labels: readonly number[];
  readonly assignees: readonly UserRecord[];
  readonly type?: number | null | undefined;
  readonly milestone?: number | null | undefined;
  readonly fieldValues?: readonly IssueFieldValue[] | undefined;
  readonly pullRequest?: boolean;
}

/** A change of an issue; what is absent stays. */
export interface IssueChange {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly state?: "open" | "closed" | undefined;
  readonly stateReason?: StateReason | null | undefined;
  readonly labels?: readonly number[] | undefined;
  readonly assignees?: readonly UserRecord[] | undefined;
  readonly type?: number | null | undefined;
  readonly milestone?: number | null | undefined;
  readonly fieldValues?: readonly IssueFieldValue[] | undefined;
}

export function createIssue(world: World, scene: Scene, input: NewIssue): IssueRecord {
  checkTitle(input.title);
  checkBody("Issue", input.body ?? "");
  const at = world.stamp();
  const id = world.nextId("issue");
  const issue: IssueRecord = {
    id,
    nodeId: createNodeId(input.pullRequest === true ? "PR" : "I", scene.repository.id, id),
    repositoryId: scene.repository.id,
    number: world.nextNumber(scene.repository.id),
    title: input.title.trim(),
    body: input.body,
    state: "open",
    stateReason: null,
    labels: input.labels,
    assignees: input.assignees,
    type: input.type ?? null,
    milestone: input.milestone ?? null,
    fieldValues: input.fieldValues ?? [],
    user: scene.actor,
    closedBy: null,
    comments: 0,
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    locked: false,
    pullRequest: input.pullRequest === true,
  };
  world.addIssue(issue);
  if (issue.pullRequest) return issue;
  announce(scene, issue, "opened");
  announceMembers(world, scene, issue, {
    labels: [],
    assignees: [],
    type: null,
    milestone: null,
    fieldValues: [],
  });
  return issue;
}

/** Applies a change. One that changes nothing leaves `updated_at` alone and tells no hook. */
export function changeIssue(world: World, scene: Scene, before: IssueRecord, change: IssueChange): IssueRecord {
  if (change.title !== undefined) checkTitle(change.title);
  checkBody("Issue", change.body ?? "");
  const title = change.title?.trim() ?? before.title;
  const body = change.body === undefined ? before.body : change.body;
  const labels = changedMembers(before.labels, change.labels);
  const assignees = changedMembers(before.assignees, change.assignees);
  const type = change.type === undefined ? before.type : change.type;
  const milestone = change.milestone === undefined ? before.milestone : change.milestone;
  const fieldValues = change.fieldValues ?? before.fieldValues;
  const isFiled = type !== before.type || milestone !== before.milestone || fieldValues !== before.fieldValues;
  const turned = change.state !== undefined && change.state !== before.state;
  const edited = title !== before.title || body !== before.body;
  if (!turned && !edited && !isFiled && labels === before.labels && assignees === before.assignees) return before;
  const at = world.stamp();
  const after: IssueRecord = {
    ...before,
    title,
    body,
    labels,
    assignees,
    type,
    milestone,
    fieldValues,
    updatedAt: at,
    ...(turned ? stateFields(change, scene.actor, at) : {}),
  };
  world.setIssue(after);
  if (after.pullRequest) return after;
  if (edited) scene.emit({ ...frameOf(scene, after, "edited"), changes: textChanges(before, after) });
  if (turned) announce(scene, after, after.state === "closed" ? "closed" : "reopened");
  announceMembers(world, scene, after, before);
  return after;
}

function stateFields(change: IssueChange, actor: UserRecord, at: number): Partial<IssueRecord> {
  if (change.state === "open") return { state: "open", stateReason: "reopened", closedAt: null, closedBy: null };
  const wanted = change.stateReason ?? "completed";
  const stateReason = wanted === "reopened" ? "completed" : wanted;
  return { state: "closed", stateReason, closedAt: at, closedBy: actor };
}

function changedMembers<T>(before: readonly T[], wanted: readonly T[] | undefined): readonly T[] {
  if (wanted === undefined) return before;
  const same = wanted.length === before.length && wanted.every((member) => before.includes(member));
  return same ? before : wanted;
}

function textChanges(before: IssueRecord, after: IssueRecord): TextChanges {
  return {
    ...(before.title === after.title ? {} : { title: { from: before.title } }),
    ...(before.body === after.body ? {} : { body: { from: before.body ?? "" } }),
  };
}

function announce(scene: Scene, issue: IssueRecord, action: string): void {
  scene.emit(frameOf(scene, issue, action));
}
