import { issuePage } from "./issue-view.ts";
import type { CommentRecord, IssueRecord, StateReason } from "./model.ts";
import { repositoryName } from "./repository-view.ts";
import type { World } from "./world.ts";

/** A comment as a test sees it. Times are epoch milliseconds on whole seconds. */
export interface FakeComment {
  readonly id: number;
  readonly nodeId: string;
  readonly author: string;
  readonly body: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** An issue as a test sees it, copied: later changes do not show. Times are epoch milliseconds on whole seconds. */
export interface FakeIssue {
  readonly id: number;
  readonly nodeId: string;
  /** `owner/name` */
  readonly repository: string;
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string | null;
  readonly state: "open" | "closed";
  readonly stateReason: StateReason | null;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly type: string | null;
  /** Title. */
  readonly milestone: string | null;
  /** By name; an option by its name. */
  readonly fields: Readonly<Record<string, string | number>>;
  readonly author: string;
  readonly comments: readonly FakeComment[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly closedAt: number | null;
  readonly locked: boolean;
  readonly pullRequest: boolean;
}

export function snapshotComment(comment: CommentRecord): FakeComment {
  const { id, nodeId, user, body, createdAt, updatedAt } = comment;
  return { id, nodeId, author: user.login, body, createdAt, updatedAt };
}

export function snapshotIssue(world: World, htmlUrl: string, issue: IssueRecord): FakeIssue {
  const repository = world.repositoryById(issue.repositoryId);
  if (repository === undefined) throw new RangeError(`There is no repository ${issue.repositoryId}`);
  const { id, nodeId, number, title, body, state, stateReason, createdAt, updatedAt, closedAt } = issue;
  return {
    id,
    nodeId,
    repository: repositoryName(repository),
    number,
    url: issuePage({ htmlUrl }, repository, issue),
    title,
    body,
    state,
    stateReason,
    labels: issue.labels.flatMap((labelId) => world.labels.get(labelId)?.name ?? []),
    assignees: issue.assignees.map((user) => user.login),
    type: world.catalog.type(issue.type)?.name ?? null,
    milestone: world.catalog.milestone(issue.milestone)?.title ?? null,
    fields: Object.fromEntries(
      issue.fieldValues.flatMap(({ fieldId, value }) => {
        const field = world.catalog.field(fieldId);
        return field === undefined ? [] : [[field.name, value] as const];
      }),
    ),
    author: issue.user.login,
    comments: world.commentsOf(issue.id).map(snapshotComment),
    createdAt,
    updatedAt,
    closedAt,
    locked: issue.locked,
    pullRequest: issue.pullRequest,
  };
}
