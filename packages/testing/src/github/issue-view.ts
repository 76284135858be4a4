import type { JsonObject } from "../fake/json.ts";
import { presentFieldValues, presentIssueType, presentMilestone } from "./catalog-view.ts";
import type { CommentRecord, IssueRecord, LabelRecord, RepositoryRecord, UserRecord } from "./model.ts";
import { repositoryName, repositoryUrl } from "./repository-view.ts";
import { toIsoSeconds } from "./time.ts";
import { presentUser } from "./user-view.ts";
import type { View } from "./view.ts";

/** The issue's page for people, `…/issues/7` or `…/pull/7`. */
export function issuePage(view: Pick<View, "htmlUrl">, repository: RepositoryRecord, issue: IssueRecord): string {
  const kind = issue.pullRequest ? "pull" : "issues";
  return `${view.htmlUrl}/${repositoryName(repository)}/${kind}/${issue.number}`;
}

export function presentLabel(view: View, repository: RepositoryRecord, label: LabelRecord): JsonObject {
  return {
    id: label.id,
    node_id: label.nodeId,
    url: `${repositoryUrl(view, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

export function labelsOfIssue(view: Pick<View, "world" | "asOf">, issue: IssueRecord): LabelRecord[] {
  return issue.labels.flatMap((id) => view.world.labels.get(id, view.asOf) ?? view.world.labels.get(id) ?? []);
}

/** GitHub's `issue`; the singular `assignee` is left out from version 2026-03-10 on. */
export function presentIssue(view: View, repository: RepositoryRecord, issue: IssueRecord): JsonObject {
  const url = `${repositoryUrl(view, repository)}/issues/${issue.number}`;
  const assignees = issue.assignees.map((user) => presentUser(view, user));
  const milestone = view.world.catalog.milestone(issue.milestone);
  return {
    url,
    repository_url: repositoryUrl(view, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: issuePage(view, repository, issue),
    id: issue.id,
    node_id: issue.nodeId,
    number: issue.number,
    title: issue.title,
    user: presentUser(view, issue.user),
    labels: labelsOfIssue(view, issue).map((label) => presentLabel(view, repository, label)),
    state: issue.state,
    locked: issue.locked,
    ...(view.apiVersion === "2022-11-28" ? { assignee: assignees[0] ?? null } : {}),
    assignees,
    milestone: milestone === undefined ? null : presentMilestone(view, milestone),
    comments: issue.comments,
    created_at: toIsoSeconds(issue.createdAt),
    updated_at: toIsoSeconds(issue.updatedAt),
    closed_at: issue.closedAt === null ? null : toIsoSeconds(issue.closedAt),
    author_association: associationOf(repository, issue.user),
    active_lock_reason: null,
    body: issue.body,
    closed_by: issue.closedBy === null ? null : presentUser(view, issue.closedBy),
    reactions: noReactions(`${url}/reactions`),
    performed_via_github_app: null,
    state_reason: issue.stateReason,
    ...(issue.pullRequest ? pullRequestLinks(view, repository, issue) : issueOnlyFields(view, issue)),
  };
}

export function presentComment(
  view: View,
  repository: RepositoryRecord,
  issue: IssueRecord,
  comment: CommentRecord,
): JsonObject {
  const url = `${repositoryUrl(view, repository)}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${issuePage(view, repository, issue)}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(view, repository)}/issues/${issue.number}`,
    id: comment.id,
    node_id: comment.nodeId,
    user: presentUser(view, comment.user),
    created_at: toIsoSeconds(comment.createdAt),
    updated_at: toIsoSeconds(comment.updatedAt),
    author_association: associationOf(repository, comment.user),
    body: comment.body,
    reactions: noReactions(`${url}/reactions`),
    performed_via_github_app: null,
  };
}

function issueOnlyFields(view: View, issue: IssueRecord) {
  const type = view.lacks.has("issue-types") ? undefined : view.world.catalog.type(issue.type);
  return {
    type: type === undefined ? null : presentIssueType(type),
    ...(view.lacks.has("issue-fields") ? {} : { issue_field_values: presentFieldValues(view, issue) }),
    sub_issues_summary: { total: 0, completed: 0, percent_completed: 0 },
    issue_dependencies_summary: { blocked_by: 0, total_blocked_by: 0, blocking: 0, total_blocking: 0 },
  };
}

function pullRequestLinks(view: View, repository: RepositoryRecord, issue: IssueRecord) {
  const page = issuePage(view, repository, issue);
  const url = `${repositoryUrl(view, repository)}/pulls/${issue.number}`;
  const links = { url, html_url: page, diff_url: `${page}.diff`, patch_url: `${page}.patch`, merged_at: null };
  return { draft: false, pull_request: links };
}

function associationOf(repository: RepositoryRecord, user: UserRecord): string {
  if (user.login.toLowerCase() === repository.owner.toLowerCase()) return "OWNER";
  return repository.collaborators.has(user.login.toLowerCase()) ? "COLLABORATOR" : "NONE";
}

function noReactions(url: string) {
  return {
    url,
    total_count: 0,
    "+1": 0,
    "-1": 0,
    laugh: 0,
    hooray: 0,
    confused: 0,
    heart: 0,
    rocket: 0,
    eyes: 0,
  };
}
