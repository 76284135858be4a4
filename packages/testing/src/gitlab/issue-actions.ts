import type { Scene, TrackerEvent } from "./events.ts";
import { invalid } from "./failure.ts";
import type { IssueKind, IssueRecord, NoteRecord, ProjectRecord, UserRecord } from "./model.ts";
import { extractQuickActions, mentionsIn, type QuickAction, referencesIn } from "./quick-actions.ts";
import type { World } from "./world.ts";

/** What changes in an issue; what is absent stays. */
export type IssueChange = Partial<
  Pick<
    IssueRecord,
    | "title"
    | "description"
    | "state"
    | "labels"
    | "assignees"
    | "confidential"
    | "dueDate"
    | "milestoneId"
    | "kind"
    | "movedToId"
  >
>;

const longestTitle = 255;
const longestDescription = 1_048_576;

/** Files an issue. Commands in its description are carried out, and taken out of it. */
export function createIssue(world: World, project: ProjectRecord, scene: Scene, change: IssueChange): IssueRecord {
  const title = change.title?.trim() ?? "";
  checkTitle(title);
  const { text, actions } = extractQuickActions(change.description ?? "");
  const at = world.stamp();
  const draft: IssueRecord = {
    id: world.nextId("issue"),
    iid: world.nextIid(project.id),
    projectId: project.id,
    title,
    description: text === "" ? null : text,
    state: "opened",
    labels: [],
    assignees: [],
    author: scene.actor,
    confidential: change.confidential ?? false,
    dueDate: change.dueDate ?? null,
    milestoneId: change.milestoneId ?? null,
    kind: change.kind ?? ("issue" satisfies IssueKind),
    movedToId: null,
    createdAt: at,
    updatedAt: at,
  };
  checkDescription(draft.description);
  const filled = { ...draft, labels: [...new Set(change.labels)], assignees: change.assignees ?? [] };
  const issue = withoutExcluded(world, { ...filled, ...carryOut(world, filled, actions) });
  for (const label of issue.labels) ensureLabel(world, project, label);
  world.setIssue(issue);
  notice(world, scene, issue, text);
  scene.emit({ kind: "issue", action: "open", issue, note: null, actor: scene.actor, before: null });
  return issue;
}

/** Applies a change. One that changes nothing leaves the time as it is and tells nobody. */
export function changeIssue(world: World, scene: Scene, before: IssueRecord, change: IssueChange): IssueRecord {
  const { text, actions } = extractQuickActions(change.description ?? "");
  const described = change.description == null ? change : { ...change, description: text };
  const merged: IssueRecord = { ...before, ...described };
  const commanded = { ...merged, ...carryOut(world, merged, actions) };
  const next: IssueRecord = withoutExcluded(world, { ...commanded, title: merged.title.trim() });
  checkTitle(next.title);
  checkDescription(next.description);
  if (isSame(before, next)) return before;
  const project = world.projectOf(before);
  for (const label of next.labels) ensureLabel(world, project, label);
  const changed = { ...next, updatedAt: world.stamp() };
  world.setIssue(changed);
  if (change.description != null) notice(world, scene, changed, text);
  const action: TrackerEvent["action"] =
    before.state === changed.state ? "update" : changed.state === "closed" ? "close" : "reopen";
  scene.emit({ kind: "issue", action, issue: changed, note: null, actor: scene.actor, before });
  return changed;
}

/** The last scoped label of each key stays. What stands before the last `::` is the key. */
function withoutExcluded({ isPremium }: World, issue: IssueRecord): IssueRecord {
  if (!isPremium) return issue;
  const scopeOf = (label: string) => /^(.+)::.+$/.exec(label)?.[1] ?? null;
  const isLast = (label: string, index: number, labels: readonly string[]) =>
    scopeOf(label) === null || labels.findLastIndex((other) => scopeOf(other) === scopeOf(label)) === index;
  return { ...issue, labels: issue.labels.filter(isLast) };
}

function isSame(before: IssueRecord, after: IssueRecord): boolean {
  const people = ({ assignees }: IssueRecord) => assignees.map(({ id }) => id);
  const text = (issue: IssueRecord) =>
    JSON.stringify({ ...issue, labels: [...issue.labels].sort(), assignees: people(issue) });
  return text(before) === text(after);
}

function checkTitle(title: string): void {
  if (title === "") throw invalid("title", "can't be blank");
  if (title.length > longestTitle) throw invalid("title", `is too long (maximum is ${longestTitle} characters)`);
}

function checkDescription(description: string | null): void {
  if ((description ?? "").length > longestDescription) {
    throw invalid("description", `is too long (maximum is ${longestDescription} characters)`);
  }
}

/** What commands make of an issue. */
export function carryOut(world: World, issue: IssueRecord, actions: readonly QuickAction[]): IssueChange {
  let state: IssueChange = {};
  const labels = (argument: string) =>
    [...argument.matchAll(/~(?:"([^"]+)"|(\S+))/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  for (const { name, argument } of actions) {
    const current = { ...issue, ...state };
    if (name === "close") state = { ...state, state: "closed" };
    else if (name === "reopen") state = { ...state, state: "opened" };
    else if (name === "label" || name === "labels") {
      state = { ...state, labels: [...new Set([...current.labels, ...labels(argument)])] };
    } else if (name === "relabel") state = { ...state, labels: labels(argument) };
    else if (name === "unlabel" || name === "remove_label") {
      const gone = labels(argument);
      state = { ...state, labels: gone.length === 0 ? [] : current.labels.filter((label) => !gone.includes(label)) };
    } else if (name === "assign") {
      const users = mentionsIn(argument).map((username) => world.ensureUser(username));
      state = { ...state, assignees: users };
    } else if (name === "unassign") state = { ...state, assignees: [] };
    else if (name === "title") state = { ...state, title: argument };
    else if (name === "confidential") state = { ...state, confidential: true };
    else if (name === "due") state = { ...state, dueDate: argument };
    else if (name === "remove_due_date") state = { ...state, dueDate: null };
  }
  return state;
}

/** Tells those whom a text names, and leaves a note at the issues that it refers to. */
export function notice(world: World, scene: Scene, issue: IssueRecord, text: string): void {
  for (const username of mentionsIn(text)) world.notifications.push({ username, text });
  const here = world.projectOf(issue);
  for (const { path, iid } of referencesIn(text)) {
    const project = path === null ? here : world.findProject(path);
    const target = project === undefined ? undefined : world.findIssue(project.id, iid);
    if (target === undefined || target.id === issue.id) continue;
    const reference = target.projectId === issue.projectId ? `#${issue.iid}` : `${here.path}#${issue.iid}`;
    addSystemNote(world, scene.actor, target, `mentioned in issue ${reference}`);
  }
}

/** A note that GitLab writes; it does not count as a change of the issue. */
function addSystemNote(world: World, author: UserRecord, issue: IssueRecord, body: string): NoteRecord {
  const at = world.stamp();
  const note: NoteRecord = {
    id: world.nextId("note"),
    issueId: issue.id,
    author,
    body,
    system: true,
    internal: false,
    createdAt: at,
    updatedAt: at,
  };
  world.notes.set(note, world.now());
  return note;
}

/** Makes a new issue in the other project and closes this one, which then leads there. */
export function moveIssue(world: World, scene: Scene, issue: IssueRecord, target: ProjectRecord): IssueRecord {
  const iid = world.nextIid(target.id);
  const at = world.stamp();
  const moved: IssueRecord = {
    ...issue,
    id: world.nextId("issue"),
    iid,
    projectId: target.id,
    createdAt: issue.createdAt,
    updatedAt: at,
  };
  for (const label of moved.labels) ensureLabel(world, target, label);
  world.setIssue(moved);
  for (const note of world.notesOf(issue.id)) {
    world.notes.set({ ...note, id: world.nextId("note"), issueId: moved.id }, world.now());
  }
  const origin = world.projectOf(issue);
  addSystemNote(world, scene.actor, issue, `moved to ${referenceFrom(origin, target)}#${iid}`);
  addSystemNote(world, scene.actor, moved, `moved from ${referenceFrom(target, origin)}#${issue.iid}`);
  scene.emit({ kind: "issue", action: "open", issue: moved, note: null, actor: scene.actor, before: null });
  changeIssue(world, scene, issue, { state: "closed", movedToId: moved.id });
  return moved;
}

/** As GitLab names a project seen from another: within one group its own name is enough. */
function referenceFrom(from: ProjectRecord, to: ProjectRecord): string {
  const groupOf = ({ path }: ProjectRecord) => path.slice(0, path.lastIndexOf("/"));
  return groupOf(from) === groupOf(to) ? to.path.slice(groupOf(to).length + 1) : to.path;
}

/** No webhook tells of it. */
export function deleteIssue(world: World, issue: IssueRecord): void {
  world.issues.remove(issue.id, world.now());
  for (const note of world.notesOf(issue.id)) world.notes.remove(note.id, world.now());
}

function ensureLabel(world: World, project: ProjectRecord, name: string, color = "#428bca"): void {
  if (name.includes(",")) throw invalid("labels", "cannot contain a comma");
  if (world.labelsOf(project).some((label) => label.name === name)) return;
  const id = world.nextId("label");
  world.labels.set(id, { id, name, color, description: "", owner: project.path });
}
