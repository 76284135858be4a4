import type { JsonObject } from "../fake/json.ts";
import { presentIssueType, presentMilestone } from "./catalog-view.ts";
import type { TrackerEvent } from "./events.ts";
import { presentComment, presentIssue, presentLabel } from "./issue-view.ts";
import { presentRepository } from "./repository-view.ts";
import { presentUser } from "./user-view.ts";
import type { View } from "./view.ts";

/** The JSON a hook receives for an event. */
export function presentEvent(view: View, event: TrackerEvent): JsonObject {
  const { repository, issue, comment, label, assignee, type, milestone, field } = event;
  const changes = changesOf(view, event);
  return {
    action: event.action,
    issue: presentIssue(view, repository, issue),
    ...(comment === undefined ? {} : { comment: presentComment(view, repository, issue, comment) }),
    ...(label === undefined ? {} : { label: presentLabel(view, repository, label) }),
    ...(assignee === undefined ? {} : { assignee: presentUser(view, assignee) }),
    ...(type === undefined ? {} : { type: presentIssueType(type) }),
    ...(milestone === undefined ? {} : { milestone: presentMilestone(view, milestone) }),
    ...(field === undefined ? {} : { issue_field: { id: field.id, name: field.name, field_type: field.dataType } }),
    ...(changes === undefined ? {} : { changes }),
    repository: presentRepository(view, repository),
    sender: presentUser(view, event.sender),
  };
}

function changesOf(view: View, event: TrackerEvent): JsonObject | undefined {
  const { movedTo, movedFrom } = event;
  if (movedTo !== undefined)
    return {
      new_issue: presentIssue(view, movedTo.repository, movedTo.issue),
      new_repository: presentRepository(view, movedTo.repository),
    };
  if (movedFrom !== undefined)
    return {
      old_issue: presentIssue(view, movedFrom.repository, movedFrom.issue),
      old_repository: presentRepository(view, movedFrom.repository),
    };
  return event.changes === undefined ? undefined : { ...event.changes };
}
