import type { FieldWarning, IssueSnapshot } from "@backref/core/provider";
import type { PlannedPriority } from "./issue-fields.ts";

// GitHub answers with success and leaves out what the account may not set.

export function droppedLabels(issue: IssueSnapshot, sent: readonly string[]): readonly FieldWarning[] {
  const present = new Set(issue.labels.map((label) => label.toLowerCase()));
  const missing = sent.filter((label) => !present.has(label.toLowerCase()));
  if (missing.length === 0) return [];
  const message = `GitHub did not set ${quoted(missing)}: the token has no push access to ${issue.container}. Give its account the role Triage or Write.`;
  return [{ field: "labels", message }];
}

export function keptLabels(issue: IssueSnapshot, removed: readonly string[]): readonly FieldWarning[] {
  const present = new Set(issue.labels.map((label) => label.toLowerCase()));
  const kept = removed.filter((label) => present.has(label.toLowerCase()));
  if (kept.length === 0) return [];
  const message = `GitHub did not remove ${quoted(kept)}: the token has no push access to ${issue.container}. Give its account the role Triage or Write.`;
  return [{ field: "labels", message }];
}

export function droppedAssignees(issue: IssueSnapshot, sentLogins: readonly string[]): readonly FieldWarning[] {
  const present = new Set(issue.assignees.map((person) => person.login?.toLowerCase()));
  const missing = sentLogins.filter((login) => !present.has(login.toLowerCase()));
  if (missing.length === 0) return [];
  const message = `GitHub did not assign ${quoted(missing)}: the token has no push access to ${issue.container}, or they cannot be assigned there.`;
  return [{ field: "assignees", message }];
}

/** Of accounts that were deleted since somebody said whose they are. */
export function missingAccounts(ids: readonly string[]): readonly FieldWarning[] {
  if (ids.length === 0) return [];
  const message = `GitHub has no account ${quoted(ids)} any more. Say which account the person has now.`;
  return [{ field: "assignees", message }];
}

/** Of a priority that could not be sent, or was left out. */
export function droppedPriority(issue: IssueSnapshot, planned: PlannedPriority): readonly FieldWarning[] {
  if ("problem" in planned) return [{ field: "priority", message: planned.problem }];
  if (issue.priority === planned.value) return [];
  const message = `GitHub did not set the priority: the token has no push access to ${issue.container}. Give its account the role Triage or Write.`;
  return [{ field: "priority", message }];
}

function quoted(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(", ");
}
