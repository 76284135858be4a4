import type { CreateIssueRequest, FieldWarning, IssueSnapshot, JsonObject } from "@backref/core/provider";
import type { Operation } from "@backref/provider-kit";
import { errors } from "./errors.ts";
import type { Deployment } from "./site.ts";
import type { JiraOptions } from "./types.ts";

/**
 * What a target's defaults or a caller gave, by Jira's own ids of fields: values of the form, or such as Jira's REST API takes.
 * The screen is only looked at where a value needs it.
 */
export function givenFields(operation: Operation, { fields }: Pick<CreateIssueRequest, "fields">): JsonObject {
  const taken = ["project", "issuetype", "summary", "description"].find((id) => id in fields);
  if (taken !== undefined) {
    throw errors.refused(
      operation,
      `The field ${taken} is set by Backref: take it out of the target's defaults.`,
      taken,
    );
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

export function personReference(id: string, deployment: Deployment): JsonObject {
  return deployment === "cloud" ? { accountId: id } : { name: id };
}

/** Ids are digits; anything else is a name. */
export function namedReference(idOrName: string): JsonObject {
  return /^\d+$/.test(idOrName) ? { id: idOrName } : { name: idOrName };
}

/** Jira takes no label with white space in it. */
export function splitLabels(labels: readonly string[]): {
  readonly good: readonly string[];
  readonly bad: readonly string[];
} {
  const isGood = (label: string) => !/\s/.test(label) && label.length <= 255;
  return { good: labels.filter(isGood), bad: labels.filter((label) => !isGood(label)) };
}

/** What Jira has left out without a word, by the issue as it is now. */
export function droppedFields(
  issue: IssueSnapshot,
  priorities: JiraOptions["priorities"],
  sent: {
    readonly labels?: readonly string[];
    readonly badLabels?: readonly string[];
    readonly assigneeId?: string | null;
    readonly priority?: string | null;
  },
): readonly FieldWarning[] {
  const warnings: FieldWarning[] = [];
  const missing = (sent.labels ?? []).filter((label) => !issue.labels.includes(label));
  for (const label of missing) warnings.push({ field: "labels", message: `Jira did not set the label "${label}".` });
  for (const label of sent.badLabels ?? []) {
    warnings.push({ field: "labels", message: `Jira's labels have no spaces, so "${label}" was left out: rename it.` });
  }
  const { assigneeId, priority } = sent;
  if (assigneeId != null && !issue.assignees.some(({ id }) => id === assigneeId)) {
    warnings.push({
      field: "assignees",
      message: "Jira did not assign the issue: the account needs the permission Assignable User in the project.",
    });
  }
  // What goes by the other of both cannot be compared.
  const isComparable = priority != null && /^\d+$/.test(priority) === (priorities === "id");
  if (isComparable && issue.priority !== priority) {
    warnings.push({
      field: "priority",
      message: `Jira did not set the priority ${priority}: put the field Priority on the project's screen.`,
    });
  }
  return warnings;
}
