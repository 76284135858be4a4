import type { JsonObject } from "../fake/json.ts";
import type { TrackerEvent } from "./events.ts";
import type { HookEvent, IssueRecord } from "./model.ts";
import { issueUrl, presentUser, toTime, type View } from "./views.ts";

/** How GitLab writes times in webhooks: older versions have no ISO 8601 there. */
export type WebhookTimes = "iso" | "utc";

export interface Payload {
  /** What a hook must have switched on. */
  readonly event: HookEvent;
  /** `X-Gitlab-Event`. */
  readonly name: string;
  readonly body: JsonObject;
}

export function payloadOf(view: View, event: TrackerEvent, times: WebhookTimes): Payload {
  const { issue, note, actor, before, action } = event;
  const time = (epochMs: number) =>
    times === "iso" ? toTime(epochMs) : `${toTime(epochMs).slice(0, 19).replace("T", " ")} UTC`;
  const project = view.world.projectOf(issue);
  const shared = {
    user: presentUser(view, actor),
    project: {
      id: project.id,
      name: project.name,
      path_with_namespace: project.path,
      web_url: `${view.siteUrl}/${project.path}`,
    },
  };
  const isConfidential = issue.confidential;
  if (note !== null) {
    const isHidden = isConfidential || note.internal;
    return {
      event: isHidden ? "confidential_note_events" : "note_events",
      name: isHidden ? "Confidential Note Hook" : "Note Hook",
      body: {
        object_kind: "note",
        event_type: isHidden ? "confidential_note" : "note",
        ...shared,
        object_attributes: {
          id: note.id,
          note: note.body,
          noteable_type: "Issue",
          noteable_id: issue.id,
          author_id: note.author.id,
          internal: note.internal,
          system: note.system,
          action,
          created_at: time(note.createdAt),
          updated_at: time(note.updatedAt),
          url: `${issueUrl(view, issue)}#note_${note.id}`,
        },
        issue: attributesOf(view, issue, time),
      },
    };
  }
  const isWorkItem = issue.kind === "task";
  return {
    event: isConfidential ? "confidential_issues_events" : "issues_events",
    name: isWorkItem ? "Work Item Hook" : isConfidential ? "Confidential Issue Hook" : "Issue Hook",
    body: {
      object_kind: isWorkItem ? "work_item" : "issue",
      event_type: isConfidential ? "confidential_issue" : "issue",
      ...shared,
      object_attributes: { ...attributesOf(view, issue, time), action },
      labels: issue.labels.map((title) => ({ title })),
      changes: before === null ? {} : changesOf(before, issue, time),
      assignees: issue.assignees.map((user) => presentUser(view, user)),
    },
  };
}

function attributesOf(view: View, issue: IssueRecord, time: (epochMs: number) => string): JsonObject {
  return {
    id: issue.id,
    iid: issue.iid,
    project_id: issue.projectId,
    title: issue.title,
    description: issue.description,
    state: issue.state,
    author_id: issue.author.id,
    confidential: issue.confidential,
    due_date: issue.dueDate,
    moved_to_id: issue.movedToId,
    type: issue.kind === "task" ? "Task" : "Issue",
    created_at: time(issue.createdAt),
    updated_at: time(issue.updatedAt),
    url: issueUrl(view, issue),
  };
}

function changesOf(before: IssueRecord, after: IssueRecord, time: (epochMs: number) => string): JsonObject {
  const fields = ["title", "description", "confidential", "dueDate"] as const;
  const changed = fields.filter((field) => before[field] !== after[field]);
  return {
    ...Object.fromEntries(changed.map((field) => [field, { previous: before[field], current: after[field] }])),
    ...(before.updatedAt !== after.updatedAt && {
      updated_at: { previous: time(before.updatedAt), current: time(after.updatedAt) },
    }),
  };
}
