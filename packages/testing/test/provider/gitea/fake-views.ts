import type { GiteaAttempt, GiteaHook } from "./fake-hook.ts";
import type { GiteaComment, GiteaFile, GiteaIssue, GiteaLabel, GiteaUser, GiteaWorld } from "./fake-world.ts";

export const baseUrl = "https://gitea.example";
export const repository = "acme/web";

function time(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

export function userView({ id, login }: GiteaUser) {
  return { id, login, username: login, full_name: "" };
}

export function labelView({ id, name, color }: GiteaLabel) {
  return { id, name, color, description: "" };
}

export function assetView(file: GiteaFile) {
  const url = `${baseUrl}/attachments/${file.id}`;
  return {
    id: file.id,
    name: file.fileName,
    size: file.content.byteLength,
    created_at: time(file.createdAt),
    browser_download_url: url,
  };
}

export function repositoryView(name: string) {
  return { full_name: name, html_url: `${baseUrl}/${name}`, has_issues: true, permissions: { push: true } };
}

function pageOf(issue: GiteaIssue): string {
  return `${baseUrl}/${repository}/${issue.isPull ? "pulls" : "issues"}/${issue.index}`;
}

export function issueView(world: GiteaWorld, issue: GiteaIssue) {
  return {
    id: issue.id,
    number: issue.index,
    html_url: pageOf(issue),
    user: userView(issue.user),
    title: issue.title,
    body: issue.body,
    labels: issue.labels.map(labelView),
    assignees: issue.assignees.length === 0 ? null : issue.assignees.map(userView),
    milestone: issue.milestone,
    priority: issue.priority,
    state: issue.state,
    comments: world.commentsOf(issue).length,
    created_at: time(issue.createdAt),
    updated_at: time(issue.updatedAt),
    pull_request: issue.isPull ? { merged: false } : null,
    repository: { id: 1, name: "web", owner: "acme", full_name: repository },
  };
}

export function hookView({ url }: GiteaHook) {
  return { id: 1, url };
}

export function attemptView({ id, delivery, at, isTaken }: GiteaAttempt) {
  const uuid = delivery.headers.get("x-gitea-delivery");
  return { id, uuid, delivered_at: time(Math.floor(at / 1_000) * 1_000), status: isTaken ? 202 : 503 };
}

export function commentView(world: GiteaWorld, comment: GiteaComment) {
  const issue = world.issues.get(comment.issueIndex);
  const page = issue === undefined ? "" : pageOf(issue);
  return {
    id: comment.id,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: issue?.isPull ? "" : page,
    pull_request_url: issue?.isPull ? page : "",
    user: userView(comment.user),
    body: comment.body,
    created_at: time(comment.createdAt),
    updated_at: time(comment.updatedAt),
  };
}
