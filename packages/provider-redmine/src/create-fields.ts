import type { CreateIssueRequest, FieldWarning, IssueSnapshot, JsonValue } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { RedmineCall, RedmineClient } from "./client.ts";
import { findNamed } from "./enumerations.ts";
import { errors } from "./errors.ts";
import { idShape, namedShape } from "./shapes.ts";

/** Fields of new issues by Redmine's own names; those of administrators are called `cf_7`, as in Redmine's filters. */
const plainFields: ReadonlySet<string> = new Set([
  "category_id",
  "fixed_version_id",
  "parent_issue_id",
  "start_date",
  "due_date",
  "estimated_hours",
  "done_ratio",
  "is_private",
]);

export interface CreateFields {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Of those that were given, the ones that Redmine does not know. */
  readonly unknown: readonly string[];
}

/** What a target's defaults or a form gave, and the tracker ("Bug", "Feature"), which is looked up by its name. */
export async function readCreateFields(
  { options }: RedmineCall,
  client: RedmineClient,
  operation: Operation,
  request: CreateIssueRequest,
): Promise<CreateFields> {
  const given = Object.entries(request.fields).filter(([, value]) => value !== null);
  if (request.fields["is_private"] === true && !options.privateIssues) {
    throw errors.refused(
      operation,
      "The source's options leave private issues alone: switch them on there.",
      "is_private",
    );
  }
  const custom = given.flatMap(([name, value]) => {
    const id = /^cf_([1-9]\d*)$/.exec(name)?.[1];
    return id === undefined ? [] : [{ id: Number(id), value: customValue(value) }];
  });
  const plain = given.filter(([name]) => plainFields.has(name));
  const { type } = request;
  const tracker = type === null ? null : await findNamed(client, operation, "/trackers", type);
  if (type !== null && tracker === null) {
    throw errors.refused(operation, `Redmine has no tracker "${type}": choose one of the project's.`, "type");
  }
  return {
    fields: {
      ...Object.fromEntries(plain),
      ...(custom.length > 0 && { custom_fields: custom }),
      ...(tracker !== null && { tracker_id: Number(tracker.id) }),
    },
    unknown: given.map(([name]) => name).filter((name) => !plainFields.has(name) && !/^cf_[1-9]\d*$/.test(name)),
  };
}

/** Yes and no are 1 and 0. */
function customValue(value: JsonValue): JsonValue {
  return typeof value === "boolean" ? (value ? "1" : "0") : value;
}

const numeric = z.union([z.number(), z.string()]).transform(Number);
const answerShape = z.object({
  issue: z.object({
    tracker: namedShape.nullish().catch(null),
    category: namedShape.nullish().catch(null),
    fixed_version: namedShape.nullish().catch(null),
    parent: z.object({ id: idShape }).nullish().catch(null),
    start_date: z.string().nullish(),
    due_date: z.string().nullish(),
    estimated_hours: numeric.nullish().catch(null),
    done_ratio: numeric.nullish().catch(null),
    is_private: z.boolean().nullish(),
    custom_fields: z
      .array(z.object({ id: idShape, value: z.unknown() }))
      .nullish()
      .catch(null),
  }),
});

/** What Redmine has left out without a word, by the issue that it answered. */
export function droppedFields(answer: unknown, { fields, unknown }: CreateFields): readonly FieldWarning[] {
  const { issue } = parseShape(answerShape, answer, "answer");
  const actual: Readonly<Record<string, unknown>> = {
    ...issue,
    category_id: issue.category?.id,
    fixed_version_id: issue.fixed_version?.id,
    parent_issue_id: issue.parent?.id,
    tracker_id: issue.tracker?.id,
  };
  const isSame = (name: string, value: unknown) => String(actual[name] ?? "") === String(value);
  const sent = Object.entries(fields).filter(([name]) => name !== "custom_fields");
  const missing = sent.filter(([name, value]) => !isSame(name, value)).map(([name]) => name);
  const custom = (fields["custom_fields"] ?? []) as readonly { readonly id: number; readonly value: JsonValue }[];
  const known = new Set(issue.custom_fields?.map(({ id }) => id));
  const lost = custom.filter(({ id }) => !known.has(String(id))).map(({ id }) => `cf_${id}`);
  return [
    ...[...missing, ...lost].map(
      (name): FieldWarning => ({
        field: name === "tracker_id" ? "type" : "fields",
        message: `Redmine did not set ${name}: the tracker does not have it, or the account's role may not set it.`,
      }),
    ),
    ...unknown.map(
      (name): FieldWarning => ({
        field: "fields",
        message: `Redmine has no field "${name}" for new issues, so it was left out.`,
      }),
    ),
  ];
}

/** A title is one line. */
export function titleOf(title: string): string {
  return title.replace(/\s+/g, " ").trim();
}

export function keptPriority(issue: IssueSnapshot, wanted: string | null | undefined): readonly FieldWarning[] {
  if (wanted === undefined || wanted === issue.priority) return [];
  const message =
    wanted === null
      ? `Issues of Redmine always have a priority, so it stays "${issue.priority ?? ""}".`
      : `Redmine kept the priority "${issue.priority ?? ""}": the account's role may not set it.`;
  return [{ field: "priority", message }];
}

export function droppedAssignees(issue: IssueSnapshot, sent: readonly string[]): readonly FieldWarning[] {
  const present = new Set(issue.assignees.map(({ id }) => id));
  const missing = sent.filter((id) => !present.has(id));
  if (missing.length === 0) return [];
  const message = `Redmine did not assign ${missing.map((id) => `"${id}"`).join(", ")}: an issue has one assignee, who is a member of ${issue.container} with a role that can be assigned.`;
  return [{ field: "assignees", message }];
}

/** Redmine has no labels. */
export function noLabels(labels: readonly string[]): readonly FieldWarning[] {
  if (labels.length === 0) return [];
  const message = `Redmine has no labels, so ${labels.map((label) => `"${label}"`).join(", ")} was left out.`;
  return [{ field: "labels", message }];
}
