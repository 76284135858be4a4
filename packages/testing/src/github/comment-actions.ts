import type { Scene } from "./events.ts";
import { invalid } from "./failure.ts";
import { createNodeId } from "./identifiers.ts";
import type { CommentRecord, IssueRecord } from "./model.ts";
import { checkBody } from "./text-limits.ts";
import type { World } from "./world.ts";

export function createComment(world: World, scene: Scene, issue: IssueRecord, body: string): CommentRecord {
  checkComment(body);
  const at = world.stamp();
  const id = world.nextId("comment");
  const comment: CommentRecord = {
    id,
    nodeId: createNodeId("IC", scene.repository.id, id),
    repositoryId: scene.repository.id,
    issueId: issue.id,
    user: scene.actor,
    body,
    createdAt: at,
    updatedAt: at,
  };
  world.addComment(comment);
  const touched = touch(world, issue, 1);
  scene.emit({ ...frame(scene, touched, comment), action: "created" });
  return comment;
}

/** Changes a comment's text; the same text again changes nothing and tells no hook. */
export function editComment(world: World, scene: Scene, comment: CommentRecord, body: string): CommentRecord {
  checkComment(body);
  if (body === comment.body) return comment;
  const edited = { ...comment, body, updatedAt: world.stamp() };
  world.comments.set(edited, world.now());
  const issue = world.issues.get(comment.issueId);
  if (issue === undefined) return edited;
  const changes = { body: { from: comment.body } };
  scene.emit({ ...frame(scene, touch(world, issue, 0), edited), action: "edited", changes });
  return edited;
}

export function deleteComment(world: World, scene: Scene, comment: CommentRecord): void {
  world.comments.remove(comment.id, world.now());
  const issue = world.issues.get(comment.issueId);
  if (issue === undefined) return;
  scene.emit({ ...frame(scene, touch(world, issue, -1), comment), action: "deleted" });
}

function checkComment(body: string): void {
  if (body.trim() === "")
    throw invalid({ resource: "IssueComment", code: "missing_field", field: "body", message: "body cannot be blank" });
  checkBody("IssueComment", body);
}

function touch(world: World, issue: IssueRecord, added: number): IssueRecord {
  const touched = { ...issue, comments: issue.comments + added, updatedAt: world.stamp() };
  world.setIssue(touched);
  return touched;
}

function frame(scene: Scene, issue: IssueRecord, comment: CommentRecord) {
  return { event: "issue_comment", repository: scene.repository, issue, comment, sender: scene.actor } as const;
}
