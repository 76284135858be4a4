import type { JsonObject } from "../fake/json.ts";
import type { IssueRecord, LabelRecord, NoteRecord, ProjectRecord, UserRecord } from "./model.ts";
import type { World } from "./world.ts";

/** What answers are made of. */
export interface View {
  readonly world: World;
  readonly siteUrl: string;
}

export function toTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

export function presentUser({ siteUrl }: View, user: UserRecord): JsonObject {
  const { id, username, name } = user;
  return { id, username, name, state: "active", locked: false, avatar_url: null, web_url: `${siteUrl}/${username}` };
}

export function issueUrl({ world, siteUrl }: View, issue: IssueRecord): string {
  return `${siteUrl}/${world.projectOf(issue).path}/-/issues/${issue.iid}`;
}

export function presentIssue(view: View, issue: IssueRecord, asOf?: number): JsonObject {
  const { world } = view;
  const project = world.projectOf(issue);
  const notes = world.notesOf(issue.id, asOf).filter(({ system }) => !system);
  const assignees = issue.assignees.map((user) => presentUser(view, user));
  const milestone = issue.milestoneId === null ? undefined : world.milestones.get(issue.milestoneId);
  const name = project.path.slice(project.path.lastIndexOf("/") + 1);
  return {
    id: issue.id,
    iid: issue.iid,
    project_id: project.id,
    title: issue.title,
    description: issue.description,
    state: issue.state,
    created_at: toTime(issue.createdAt),
    updated_at: toTime(issue.updatedAt),
    closed_at: issue.state === "closed" ? toTime(issue.updatedAt) : null,
    labels: issue.labels.toSorted(),
    milestone: milestone === undefined ? null : { id: milestone.id, project_id: project.id, title: milestone.title },
    assignees,
    author: presentUser(view, issue.author),
    type: issue.kind.toUpperCase(),
    assignee: assignees[0] ?? null,
    user_notes_count: notes.length,
    due_date: issue.dueDate,
    confidential: issue.confidential,
    discussion_locked: null,
    issue_type: issue.kind,
    web_url: issueUrl(view, issue),
    references: {
      short: `#${issue.iid}`,
      relative: `${name}#${issue.iid}`,
      full: `${project.path}#${issue.iid}`,
    },
    moved_to_id: issue.movedToId,
  };
}

export function presentNote(view: View, note: NoteRecord): JsonObject {
  const issue = view.world.issues.get(note.issueId);
  return {
    id: note.id,
    type: null,
    body: note.body,
    author: presentUser(view, note.author),
    created_at: toTime(note.createdAt),
    updated_at: toTime(note.updatedAt),
    system: note.system,
    noteable_id: note.issueId,
    noteable_type: "Issue",
    project_id: issue?.projectId ?? 0,
    resolvable: false,
    confidential: note.internal,
    internal: note.internal,
    noteable_iid: issue?.iid ?? 0,
  };
}

export function presentLabel({ path }: ProjectRecord, label: LabelRecord): JsonObject {
  const { id, name, color, description, owner } = label;
  return { id, name, color, description, text_color: "#FFFFFF", subscribed: false, is_project_label: owner === path };
}

export function presentProject({ siteUrl }: View, project: ProjectRecord, accessLevel: number): JsonObject {
  const { id, name, path, archived, issuesEnabled } = project;
  return {
    id,
    name,
    path: path.slice(path.lastIndexOf("/") + 1),
    path_with_namespace: path,
    name_with_namespace: path.split("/").join(" / "),
    web_url: `${siteUrl}/${path}`,
    archived,
    issues_enabled: issuesEnabled,
    issues_access_level: issuesEnabled ? "enabled" : "disabled",
    permissions: { project_access: { access_level: accessLevel, notification_level: 3 }, group_access: null },
  };
}
