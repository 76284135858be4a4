import type { CreateIssueRequest, FieldWarning, JsonValue } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { errors } from "./errors.ts";

/** Before the id of an organization's issue field, in the fields of a new issue. */
export const issueFieldPrefix = "field:";

export interface IssueFieldValue {
  readonly field_id: number;
  readonly value: string | number | readonly string[];
}

/** What a new issue carries beside title, body and labels. */
export interface CreateFields {
  readonly assignees: readonly string[];
  readonly milestone: number | null;
  readonly type: string | null;
  readonly values: readonly IssueFieldValue[];
  /** Names that GitHub has no place for. */
  readonly unknown: readonly string[];
}

/**
 * What a target's defaults or a form gave: `assignees` (logins), `milestone` (number), `type` (name), and values of the
 * organization's issue fields by `field:` and the field's id.
 */
export function readCreateFields(operation: Operation, request: CreateIssueRequest): CreateFields {
  const { assignees = [], milestone = null, type = null, ...others } = request.fields;
  const isLogins = Array.isArray(assignees) && assignees.every((login) => typeof login === "string");
  if (!isLogins) throw errors.refused(operation, "The field assignees must be a list of logins.");
  if (type !== null && typeof type !== "string") {
    throw errors.refused(operation, "The field type must be an issue type's name.");
  }
  const given = Object.entries(others).filter(([, value]) => value !== null);
  return {
    assignees,
    milestone: readMilestone(operation, milestone),
    type: request.type ?? type,
    values: given.flatMap(([name, value]) => readValue(operation, name, value) ?? []),
    unknown: given.flatMap(([name]) => (fieldIdOf(name) === null ? [name] : [])),
  };
}

function readMilestone(operation: Operation, milestone: JsonValue): number | null {
  if (milestone === null) return null;
  const number = typeof milestone === "string" && /^\d+$/.test(milestone) ? Number(milestone) : milestone;
  if (typeof number === "number") return number;
  throw errors.refused(operation, "The field milestone must be the milestone's number.");
}

function fieldIdOf(name: string): number | null {
  const id = name.startsWith(issueFieldPrefix) ? name.slice(issueFieldPrefix.length) : "";
  return /^[1-9]\d*$/.test(id) ? Number(id) : null;
}

function readValue(operation: Operation, name: string, value: JsonValue): IssueFieldValue | null {
  const id = fieldIdOf(name);
  if (id === null) return null;
  const isNames = Array.isArray(value) && value.every((entry) => typeof entry === "string");
  if (typeof value === "string" || typeof value === "number" || isNames) return { field_id: id, value };
  throw errors.refused(operation, `The field ${name} must be a text, a number or a list of names.`);
}

const answerShape = z.object({
  type: z.object({ name: z.string() }).nullish().catch(null),
  milestone: z.object({ number: z.number() }).nullish().catch(null),
  issue_field_values: z
    .array(z.object({ issue_field_id: z.number() }))
    .nullish()
    .catch(null),
});

/** What GitHub has left out without a word, by the issue that it answered. */
export function droppedFields(answer: unknown, sent: CreateFields): readonly FieldWarning[] {
  const { type, milestone, issue_field_values: values } = parseShape(answerShape, answer, "issue");
  const present = new Set((values ?? []).map((value) => value.issue_field_id));
  const missing = sent.values.filter((value) => !present.has(value.field_id));
  return [
    ...typeWarning(type?.name ?? null, sent.type),
    ...(sent.milestone === null || milestone?.number === sent.milestone
      ? []
      : [warning(`GitHub did not set the milestone ${sent.milestone}: milestones need push access.`)]),
    ...missing.map((value) =>
      warning(
        `GitHub did not set the issue field ${value.field_id}: fields need push access and exist in organizations only.`,
      ),
    ),
    ...sent.unknown.map((name) => warning(`GitHub has no field "${name}" for new issues, so it was left out.`)),
  ];
}

function typeWarning(actual: string | null, wanted: string | null): readonly FieldWarning[] {
  if (wanted === null || actual?.toLowerCase() === wanted.toLowerCase()) return [];
  const message = `GitHub did not set the type "${wanted}": types need push access and exist in organizations only.`;
  return [{ field: "type", message }];
}

function warning(message: string): FieldWarning {
  return { field: "fields", message };
}
