import type { Scene } from "./events.ts";
import { carryOut, changeIssue, notice } from "./issue-actions.ts";
import type { IssueRecord, NoteRecord } from "./model.ts";
import { extractQuickActions, type QuickAction } from "./quick-actions.ts";
import type { World } from "./world.ts";

/** A new note; null where there was nothing in it but commands, which were carried out. */
export function createNote(
  world: World,
  scene: Scene,
  issue: IssueRecord,
  draft: { readonly body: string; readonly internal?: boolean },
): { readonly note: NoteRecord | null; readonly actions: readonly QuickAction[] } {
  const { text, actions } = extractQuickActions(draft.body);
  const commanded = changeIssue(world, scene, issue, carryOut(world, issue, actions));
  if (text.trim() === "") return { note: null, actions };
  const at = world.stamp();
  const note: NoteRecord = {
    id: world.nextId("note"),
    issueId: issue.id,
    author: scene.actor,
    body: text,
    system: false,
    internal: draft.internal ?? false,
    createdAt: at,
    updatedAt: at,
  };
  world.notes.set(note, world.now());
  notice(world, scene, issue, text);
  tell(world, scene, commanded, note, "create");
  return { note, actions };
}

/** Commands in an edit are carried out as well, and taken out of it. */
export function editNote(world: World, scene: Scene, note: NoteRecord, body: string): NoteRecord {
  const { text, actions } = extractQuickActions(body);
  const issue = world.issues.get(note.issueId);
  if (issue === undefined || note.body === text) return note;
  const commanded = changeIssue(world, scene, issue, carryOut(world, issue, actions));
  const changed = { ...note, body: text, updatedAt: world.stamp() };
  world.notes.set(changed, world.now());
  notice(world, scene, issue, text);
  tell(world, scene, commanded, changed, "update");
  return changed;
}

/** The issue counts as changed; no webhook tells of it. */
export function deleteNote(world: World, note: NoteRecord): void {
  world.notes.remove(note.id, world.now());
  const issue = world.issues.get(note.issueId);
  if (issue !== undefined) world.setIssue({ ...issue, updatedAt: world.stamp() });
}

function tell(
  world: World,
  { actor, emit }: Scene,
  issue: IssueRecord,
  note: NoteRecord,
  action: "create" | "update",
): void {
  const touched = { ...issue, updatedAt: note.updatedAt };
  world.setIssue(touched);
  emit({ kind: "note", action, issue: touched, note, actor, before: null });
}
