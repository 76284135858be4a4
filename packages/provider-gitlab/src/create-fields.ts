import type { CreateIssueRequest, FieldWarning, IssueSnapshot, JsonObject } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { errors } from "./errors.ts";

/** What a new issue carries beside title, description, labels and assignees, by GitLab's own names. */
export type CreateFields = Readonly<Record<string, string | number | boolean>>;

const kinds = ["issue", "incident", "task"];

/**
 * What a target's defaults or a form gave: `due_date` (`2026-12-24`), `confidential`, `milestone_id`, `weight`, `issue_type`.
 * The issue type is also what a target names as its type.
 */
export function readCreateFields(
  operation: Operation,
  request: CreateIssueRequest,
): { readonly fields: CreateFields; readonly unknown: readonly string[] } {
  const { due_date, confidential, milestone_id, weight, issue_type, ...others } = request.fields;
  const kind = request.type ?? issue_type ?? null;
  const read = <Value>(name: string, value: unknown, schema: z.ZodType<Value>, problem: string) => {
    if (value === null || value === undefined) return {};
    const result = schema.safeParse(value);
    if (!result.success) throw errors.refused(operation, `The field ${name} must be ${problem}.`, name);
    return { [name]: result.data };
  };
  const whole = z.coerce.number().int().min(0);
  const isKind = typeof kind === "string" && kinds.includes(kind.toLowerCase());
  if (kind !== null && !isKind)
    throw errors.refused(operation, `GitLab's issue types are ${kinds.join(", ")}.`, "issue_type");
  const fields: CreateFields = {
    ...read("due_date", due_date, z.iso.date(), "a day like 2026-12-24"),
    ...read("confidential", confidential, z.boolean(), "true or false"),
    ...read("milestone_id", milestone_id, whole, "the milestone's id"),
    ...read("weight", weight, whole, "a whole number"),
    ...(isKind && { issue_type: kind.toLowerCase() }),
  };
  return { fields, unknown: Object.keys(others).filter((name) => others[name] !== null) };
}

const answerShape = z.object({
  due_date: z.string().nullish(),
  confidential: z.boolean().nullish(),
  milestone: z.object({ id: z.number() }).nullish().catch(null),
  weight: z.number().nullish(),
  issue_type: z.string().nullish(),
});

/** What GitLab has left out without a word, by the issue that it answered. */
export function droppedFields(
  answer: unknown,
  { fields, unknown }: ReturnType<typeof readCreateFields>,
): readonly FieldWarning[] {
  const { milestone, ...rest } = parseShape(answerShape, answer, "issue");
  const actual: JsonObject = { ...rest, milestone_id: milestone?.id ?? null } as JsonObject;
  const missing = Object.entries(fields).filter(([name, value]) => actual[name] !== value);
  return [
    ...missing.map(
      ([name]): FieldWarning => ({
        field: name === "issue_type" ? "type" : "fields",
        message: `GitLab did not set ${name}: the token's role is too low for it, or the site's edition does not have it.`,
      }),
    ),
    ...unknown.map(
      (name): FieldWarning => ({
        field: "fields",
        message: `GitLab has no field "${name}" for new issues, so it was left out.`,
      }),
    ),
  ];
}

/** GitLab takes labels apart at commas, so none has one. */
export function splitLabels(labels: readonly string[]): {
  readonly good: readonly string[];
  readonly warnings: readonly FieldWarning[];
} {
  const bad = labels.filter((label) => label.includes(","));
  const warnings = bad.map(
    (label): FieldWarning => ({
      field: "labels",
      message: `GitLab's labels have no commas, so "${label}" was left out: rename it.`,
    }),
  );
  return { good: labels.filter((label) => !label.includes(",")), warnings };
}

// GitLab answers with success and leaves out what the account may not set.

export function droppedLabels(issue: IssueSnapshot, sent: readonly string[]): readonly FieldWarning[] {
  const missing = sent.filter((label) => !issue.labels.includes(label));
  if (missing.length === 0) return [];
  const message = `GitLab did not set ${quoted(missing)}: give the token's account the role Planner, Reporter or higher in ${issue.container}.`;
  return [{ field: "labels", message }];
}

export function keptLabels(issue: IssueSnapshot, removed: readonly string[]): readonly FieldWarning[] {
  const kept = removed.filter((label) => issue.labels.includes(label));
  if (kept.length === 0) return [];
  const message = `GitLab did not remove ${quoted(kept)}: give the token's account the role Planner, Reporter or higher in ${issue.container}.`;
  return [{ field: "labels", message }];
}

export function droppedAssignees(issue: IssueSnapshot, sent: readonly string[]): readonly FieldWarning[] {
  const present = new Set(issue.assignees.map(({ id }) => id));
  const missing = sent.filter((id) => !present.has(id));
  if (missing.length === 0) return [];
  const message = `GitLab did not assign ${quoted(missing)}: they are no members of ${issue.container}, the token's role is too low, or the site's edition has one assignee for each issue.`;
  return [{ field: "assignees", message }];
}

function quoted(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(", ");
}
