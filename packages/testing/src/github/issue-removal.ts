import type { Scene } from "./events.ts";
import { createNodeId } from "./identifiers.ts";
import type { IssueRecord, RepositoryRecord } from "./model.ts";
import type { World } from "./world.ts";

/** Deletes an issue with its comments; its number is never given out again. */
export function deleteIssue(world: World, scene: Scene, issue: IssueRecord): void {
  for (const comment of world.commentsOf(issue.id)) world.comments.remove(comment.id, world.now());
  world.removeIssue(issue, { kind: "deleted" });
  scene.emit({ event: "issues", action: "deleted", repository: scene.repository, issue, sender: scene.actor });
}

/**
 * Moves an issue to another repository: new number, new ids, labels kept where the target has one of that name,
 * comments taken along. The old number answers 301 from then on.
 */
export function transferIssue(world: World, scene: Scene, issue: IssueRecord, target: RepositoryRecord): IssueRecord {
  const id = world.nextId("issue");
  const labels = issue.labels.flatMap((labelId) => {
    const name = world.labels.get(labelId)?.name;
    return name === undefined ? [] : (world.findLabel(target.id, name)?.id ?? []);
  });
  const moved: IssueRecord = {
    ...issue,
    id,
    nodeId: createNodeId("I", target.id, id),
    repositoryId: target.id,
    number: world.nextNumber(target.id),
    labels,
    assignees: issue.assignees.filter((user) => target.collaborators.has(user.login.toLowerCase())),
    updatedAt: world.stamp(),
  };
  world.addIssue(moved);
  takeCommentsAlong(world, issue, moved);
  world.removeIssue(issue, { kind: "moved", repositoryId: target.id, number: moved.number });
  const sender = scene.actor;
  const movedTo = { issue: moved, repository: target };
  const movedFrom = { issue, repository: scene.repository };
  scene.emit({ event: "issues", action: "transferred", repository: scene.repository, issue, sender, movedTo });
  scene.emit({ event: "issues", action: "opened", repository: target, issue: moved, sender, movedFrom });
  return moved;
}

function takeCommentsAlong(world: World, from: IssueRecord, to: IssueRecord): void {
  for (const comment of world.commentsOf(from.id)) {
    const id = world.nextId("comment");
    const nodeId = createNodeId("IC", to.repositoryId, id);
    world.comments.remove(comment.id, world.now());
    world.addComment({ ...comment, id, nodeId, repositoryId: to.repositoryId, issueId: to.id });
  }
}
