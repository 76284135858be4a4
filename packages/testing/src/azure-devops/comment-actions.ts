import type { Scene } from "./events.ts";
import { revise } from "./issue-actions.ts";
import type { CommentRecord, TextFormat, WorkItemRecord } from "./model.ts";
import type { World } from "./world.ts";

export interface CommentDraft {
  readonly text: string;
  readonly format: TextFormat;
}

/** A comment is a revision of its item too, like its edits and its deletion. */
export function createComment(world: World, scene: Scene, item: WorkItemRecord, draft: CommentDraft): CommentRecord {
  const at = world.stamp();
  const comment: CommentRecord = {
    id: world.nextId("comment"),
    itemId: item.id,
    version: 1,
    ...draft,
    createdBy: scene.actor,
    createdAt: at,
    modifiedBy: scene.actor,
    modifiedAt: at,
    isDeleted: false,
  };
  world.setComment(comment);
  const after = touch(world, scene, comment, comment.text);
  if (after !== null)
    scene.emit({ name: "workitem.commented", item: after, before: item, comment, actor: scene.actor });
  return comment;
}

export function editComment(world: World, scene: Scene, comment: CommentRecord, draft: CommentDraft): CommentRecord {
  return change(world, scene, comment, draft);
}

/** It stays, marked as deleted, and is listed to who asks for deleted ones. */
export function deleteComment(world: World, scene: Scene, comment: CommentRecord): CommentRecord {
  return change(world, scene, comment, { isDeleted: true });
}

function change(world: World, scene: Scene, comment: CommentRecord, edit: Partial<CommentRecord>): CommentRecord {
  const at = { modifiedBy: scene.actor, modifiedAt: world.stamp() };
  const changed = { ...comment, ...edit, ...at, version: comment.version + 1 };
  world.setComment(changed);
  touch(world, scene, changed, null);
  return changed;
}

function touch(world: World, scene: Scene, comment: CommentRecord, text: string | null): WorkItemRecord | null {
  const item = world.items.get(comment.itemId);
  if (item === undefined) return null;
  return revise(world, scene, item, { comment: { id: comment.id, version: comment.version, text } });
}
