import type { JsonObject } from "../fake/json.ts";
import type { Scene } from "./events.ts";
import type { CommentRecord, CommentVisibility, IssueRecord } from "./model.ts";
import type { World } from "./world.ts";

export interface CommentDraft {
  readonly body: unknown;
  readonly visibility?: CommentVisibility | null;
  /** @default true */
  readonly isPublic?: boolean;
  readonly properties?: JsonObject;
}

export function createComment(world: World, scene: Scene, issue: IssueRecord, draft: CommentDraft): CommentRecord {
  const at = world.stamp();
  const comment: CommentRecord = {
    id: world.nextId("comment"),
    issueId: issue.id,
    author: scene.actor,
    body: draft.body,
    visibility: draft.visibility ?? null,
    isPublic: draft.isPublic ?? true,
    properties: draft.properties ?? {},
    createdAt: at,
    updatedAt: at,
  };
  world.comments.set(comment, world.now());
  tell(world, scene, "comment_created", comment, at);
  return comment;
}

export function editComment(
  world: World,
  scene: Scene,
  comment: CommentRecord,
  change: Partial<CommentDraft>,
): CommentRecord {
  const at = world.stamp();
  const changed = { ...comment, ...change, properties: { ...comment.properties, ...change.properties }, updatedAt: at };
  world.comments.set(changed, world.now());
  tell(world, scene, "comment_updated", changed, at);
  return changed;
}

export function deleteComment(world: World, scene: Scene, comment: CommentRecord): void {
  world.comments.remove(comment.id, world.now());
  tell(world, scene, "comment_deleted", comment, world.stamp());
}

/** Whatever happens to a comment counts as a change of its issue. */
function tell(
  world: World,
  { actor, emit }: Scene,
  name: "comment_created" | "comment_updated" | "comment_deleted",
  comment: CommentRecord,
  at: number,
): void {
  const issue = world.issues.get(comment.issueId);
  if (issue === undefined) return;
  const touched = { ...issue, updatedAt: at };
  world.setIssue(touched);
  emit({ name, issue: touched, comment, actor, items: [] });
}
