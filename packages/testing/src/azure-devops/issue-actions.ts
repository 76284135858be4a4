import type { JsonObject } from "../fake/json.ts";
import { createComment } from "./comment-actions.ts";
import type { Scene } from "./events.ts";
import { ruleFailure } from "./failure.ts";
import { tagsOf } from "./field-values.ts";
import type { ProjectRecord, TypeRecord, WorkItemRecord } from "./model.ts";
import type { PatchedItem } from "./patch.ts";
import { brokenRules, withDefaults } from "./rules.ts";
import { iso } from "./time.ts";
import type { World } from "./world.ts";

const stateChanged = "Microsoft.VSTS.Common.StateChangeDate";

/** How a change is saved. */
export interface SaveOptions {
  /** Checks the rules and shows what would be, but keeps nothing. */
  readonly validateOnly?: boolean;
}

/** The item as it stands before it has an id. */
export function emptyItem(
  project: ProjectRecord,
  type: TypeRecord,
  scene: Scene,
): Omit<WorkItemRecord, "watermark" | "createdAt" | "changedAt"> {
  return {
    id: -1,
    rev: 0,
    projectId: project.id,
    type: type.name,
    fields: { "System.AreaPath": project.name, "System.IterationPath": project.name },
    markdown: [],
    relations: [],
    comment: null,
    createdBy: scene.actor,
    changedBy: scene.actor,
    isDeleted: false,
  };
}

/** Files an item in the first state of its type. */
export function createItem(
  world: World,
  project: ProjectRecord,
  type: TypeRecord,
  scene: Scene,
  patched: PatchedItem,
  options: SaveOptions = {},
): WorkItemRecord {
  const empty = emptyItem(project, type, scene);
  const fields = withDefaults(type, patched.fields, null);
  check(type, patched, fields, null);
  const at = options.validateOnly === true ? world.now() : world.stamp();
  const draft = {
    ...empty,
    fields: { ...fields, [stateChanged]: iso(at) },
    markdown: patched.markdown,
    relations: relate(world, patched, at),
    createdAt: at,
    changedAt: at,
  };
  if (options.validateOnly === true) return { ...draft, watermark: 0 };
  world.keepTags(project.id, tagsOf(fields));
  const item = world.setItem({ ...draft, id: world.nextId("item"), rev: 1 });
  scene.emit({ name: "workitem.created", item, before: null, comment: null, actor: scene.actor });
  return patched.history === null ? item : withComment(world, scene, item, patched.history);
}

/** Saves a change as the next revision. One that changes nothing makes none. */
export function changeItem(
  world: World,
  scene: Scene,
  before: WorkItemRecord,
  patched: PatchedItem,
  options: SaveOptions = {},
): WorkItemRecord {
  const type = world.typeOf(before);
  const fields = withDefaults(type, patched.fields, before);
  check(type, patched, fields, before);
  const isChanged =
    !isEqual(fields, before.fields) ||
    !isEqual(patched.relations, before.relations) ||
    !isEqual(patched.markdown, before.markdown);
  if (options.validateOnly === true)
    return { ...before, fields, markdown: patched.markdown, relations: patched.relations };
  if (!isChanged) return patched.history === null ? before : withComment(world, scene, before, patched.history);
  const relations = relate(world, patched, world.now());
  const item = revise(world, scene, before, { fields, markdown: patched.markdown, relations });
  return patched.history === null ? item : withComment(world, scene, item, patched.history);
}

/** The next revision, told to hooks. */
export function revise(
  world: World,
  scene: Scene,
  before: WorkItemRecord,
  change: Partial<WorkItemRecord>,
  name: "workitem.updated" | "workitem.deleted" | "workitem.restored" = "workitem.updated",
): WorkItemRecord {
  const at = world.stamp();
  const fields = change.fields ?? before.fields;
  const isMoved = fields["System.State"] !== before.fields["System.State"];
  const next = {
    ...before,
    comment: null,
    ...change,
    fields: isMoved ? { ...fields, [stateChanged]: iso(at) } : fields,
    rev: before.rev + 1,
    changedBy: scene.actor,
    changedAt: at,
  };
  world.keepTags(next.projectId, tagsOf(next.fields));
  const item = world.setItem(next);
  scene.emit({ name, item, before, comment: null, actor: scene.actor });
  return item;
}

/** Into the recycle bin. */
export function deleteItem(world: World, scene: Scene, item: WorkItemRecord): WorkItemRecord {
  return revise(world, scene, item, { isDeleted: true }, "workitem.deleted");
}

export function restoreItem(world: World, scene: Scene, item: WorkItemRecord): WorkItemRecord {
  return revise(world, scene, item, { isDeleted: false }, "workitem.restored");
}

/** Into another project, under the same id; paths become the new project's own. */
export function moveItem(world: World, scene: Scene, item: WorkItemRecord, target: ProjectRecord): WorkItemRecord {
  const paths = { "System.AreaPath": target.name, "System.IterationPath": target.name };
  return revise(world, scene, item, { projectId: target.id, fields: { ...item.fields, ...paths } });
}

/** Another type; a state that it does not have becomes its first one. */
export function retypeItem(world: World, scene: Scene, item: WorkItemRecord, type: TypeRecord): WorkItemRecord {
  const state = type.states.find(({ name }) => name === item.fields["System.State"]) ?? type.states[0];
  const fields = { ...item.fields, "System.State": state?.name, "System.Reason": state?.reasons[0] };
  return revise(world, scene, item, { type: type.name, fields });
}

function check(type: TypeRecord, patched: PatchedItem, fields: JsonObject, before: WorkItemRecord | null): void {
  const named = new Set(patched.problems.map(({ referenceName }) => referenceName));
  const broken = brokenRules(type, { type: type.name, fields }, before);
  const problems = [...patched.problems, ...broken.filter(({ referenceName }) => !named.has(referenceName))];
  if (problems.length > 0) throw ruleFailure(problems);
}

/** New relations get an id and the times of the save. */
function relate(world: World, { relations }: PatchedItem, at: number): WorkItemRecord["relations"] {
  return relations.map((relation) => {
    if (relation.attributes["id"] !== undefined) return relation;
    const stamp = new Date(at).toISOString();
    const times = { authorizedDate: stamp, id: world.nextId("relation"), resourceCreatedDate: stamp };
    return { ...relation, attributes: { ...times, ...relation.attributes } };
  });
}

function withComment(
  world: World,
  scene: Scene,
  item: WorkItemRecord,
  history: NonNullable<PatchedItem["history"]>,
): WorkItemRecord {
  createComment(world, scene, item, history);
  return world.items.get(item.id) ?? item;
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
