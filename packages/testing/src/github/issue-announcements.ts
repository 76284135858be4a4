import type { Scene, TrackerEvent } from "./events.ts";
import type { IssueRecord } from "./model.ts";
import type { World } from "./world.ts";

/** What every event about an issue says. */
export function frameOf(scene: Scene, issue: IssueRecord, action: string): TrackerEvent {
  return { event: "issues", action, repository: scene.repository, issue, sender: scene.actor };
}

type Members = Pick<IssueRecord, "labels" | "assignees" | "type" | "milestone" | "fieldValues">;

/** Tells hooks of every label, assignee, type, milestone and field value that came or went. */
export function announceMembers(world: World, scene: Scene, after: IssueRecord, before: Members): void {
  const tellLabel = (id: number, action: string): void => {
    const label = world.labels.get(id);
    if (label !== undefined) scene.emit({ ...frameOf(scene, after, action), label });
  };
  for (const id of after.labels) if (!before.labels.includes(id)) tellLabel(id, "labeled");
  for (const id of before.labels) if (!after.labels.includes(id)) tellLabel(id, "unlabeled");
  for (const assignee of after.assignees)
    if (!before.assignees.includes(assignee)) scene.emit({ ...frameOf(scene, after, "assigned"), assignee });
  for (const assignee of before.assignees)
    if (!after.assignees.includes(assignee)) scene.emit({ ...frameOf(scene, after, "unassigned"), assignee });
  announceFiling(world, scene, after, before);
}

function announceFiling(world: World, scene: Scene, after: IssueRecord, before: Members): void {
  const { catalog } = world;
  if (after.type !== before.type) {
    const [left, come] = [catalog.type(before.type), catalog.type(after.type)];
    if (come !== undefined) scene.emit({ ...frameOf(scene, after, "typed"), type: come });
    else if (left !== undefined) scene.emit({ ...frameOf(scene, after, "untyped"), type: left });
  }
  if (after.milestone !== before.milestone) {
    const [left, come] = [catalog.milestone(before.milestone), catalog.milestone(after.milestone)];
    if (left !== undefined) scene.emit({ ...frameOf(scene, after, "demilestoned"), milestone: left });
    if (come !== undefined) scene.emit({ ...frameOf(scene, after, "milestoned"), milestone: come });
  }
  const tellField = (fieldId: number, action: string): void => {
    const field = catalog.field(fieldId);
    if (field !== undefined) scene.emit({ ...frameOf(scene, after, action), field });
  };
  for (const { fieldId, value } of after.fieldValues) {
    const old = before.fieldValues.find((entry) => entry.fieldId === fieldId);
    if (old?.value !== value) tellField(fieldId, "field_added");
  }
  for (const { fieldId } of before.fieldValues)
    if (!after.fieldValues.some((entry) => entry.fieldId === fieldId)) tellField(fieldId, "field_removed");
}
