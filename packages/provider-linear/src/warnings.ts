import type { FieldWarning, IssueSnapshot } from "@backref/core/provider";

export function droppedLabels(issue: IssueSnapshot, wanted: readonly string[]): readonly FieldWarning[] {
  const present = new Set(issue.labels.map((label) => label.toLowerCase()));
  const missing = wanted.filter((label) => !present.has(label.toLowerCase()));
  if (missing.length === 0) return [];
  const message = `Linear did not set ${quoted(missing)}: there is no such label for team ${issue.container}, or another of its group is set.`;
  return [{ field: "labels", message }];
}

export function keptLabels(issue: IssueSnapshot, unwanted: readonly string[]): readonly FieldWarning[] {
  const present = new Set(issue.labels.map((label) => label.toLowerCase()));
  const kept = unwanted.filter((label) => present.has(label.toLowerCase()));
  return kept.length === 0 ? [] : [{ field: "labels", message: `Linear kept ${quoted(kept)}.` }];
}

/** Linear has one assignee at most. */
export function droppedAssignees(issue: IssueSnapshot, wanted: readonly string[]): readonly FieldWarning[] {
  const missing = wanted.filter((id) => issue.assignees.every((person) => person.id !== id));
  if (missing.length === 0) return [];
  const message =
    wanted.length > 1
      ? "Linear issues have one assignee: the first of those that were asked for."
      : "Linear did not set the assignee: is it somebody of this team?";
  return [{ field: "assignees", message }];
}

function quoted(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(", ");
}
