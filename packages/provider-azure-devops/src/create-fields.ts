import type { CreateIssueRequest, FieldWarning, IssueSnapshot, JsonValue } from "@backref/core/provider";
import type { Operation } from "@backref/provider-kit";
import type { PatchStep } from "./client.ts";
import { errors } from "./errors.ts";
import { fieldNames, isTag, priorityNumber, sameTag, severityOf } from "./fields.ts";
import type { Deployment } from "./site.ts";
import type { RichText, TextFormat } from "./text.ts";

export function setField(name: string, value: JsonValue): PatchStep {
  return { op: "add", path: fieldPath(name), value };
}

/** As a JSON Pointer, whatever stands in a name that somebody typed. */
function fieldPath(name: string): string {
  return `/fields/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** A text, and on Services what it is written in: without that it would be HTML. */
export function setText(name: string, text: string, format: TextFormat, deployment: Deployment): readonly PatchStep[] {
  const steps = [setField(name, text)];
  const isTold = deployment === "services" && format === "markdown" && text !== "";
  return isTold ? [...steps, { op: "add", path: `/multilineFieldsFormat/${name}`, value: "Markdown" }] : steps;
}

/** The format that new texts are written in. */
export function newFormat(deployment: Deployment): TextFormat {
  return deployment === "services" ? "markdown" : "html";
}

export function titleOf(title: string): string {
  return title.replace(/\s+/g, " ").trim();
}

/** The priority, and the severity where it follows. Throws for what is no priority: nothing is sent then. */
export function prioritySteps(
  operation: Operation,
  priority: string,
  { setsSeverity, isBug }: { readonly setsSeverity: boolean; readonly isBug: boolean },
): readonly PatchStep[] {
  const number = priorityNumber(priority);
  if (number === null) {
    const message = `Priorities of Azure DevOps are 1 to 4, and "${priority}" is none of them: correct the mapping.`;
    throw errors.refused(operation, message, "priority");
  }
  const severity = setsSeverity && isBug ? severityOf(priority) : null;
  const step = setField(fieldNames.priority, number);
  return severity === null ? [step] : [step, setField(fieldNames.severity, severity)];
}

/** Fields that a target's defaults may not take over. */
const taken: readonly string[] = [fieldNames.title, fieldNames.type, fieldNames.project, fieldNames.state];

/** What a target's defaults or a caller gave, by reference names. What is set for this item already is not set again. */
export function extraFields(
  operation: Operation,
  request: Pick<CreateIssueRequest, "fields">,
  { own, bodyField, longTexts, deployment, richText }: ExtraContext,
): readonly PatchStep[] {
  // Azure DevOps does not mind the case of names.
  const isField = (field: string) => (name: string) => name.toLowerCase() === field.toLowerCase();
  const name = [...taken, bodyField].find((field) => Object.keys(request.fields).some(isField(field)));
  if (name !== undefined) {
    throw errors.refused(operation, `The field ${name} is set by Backref: take it out of the target's defaults.`, name);
  }
  const present = own.map(({ path }) => path).filter((path) => path !== fieldPath(fieldNames.tags));
  return Object.entries(request.fields).flatMap(([field, value]): readonly PatchStep[] => {
    if (value === null || present.some(isField(fieldPath(field)))) return [];
    if (typeof value !== "string" || !longTexts.has(field)) return [setField(field, value)];
    const format = newFormat(deployment);
    return setText(field, richText.write(value, format, null), format, deployment);
  });
}

interface ExtraContext {
  /** What is set by itself. Tags that are given go to the others. */
  readonly own: readonly PatchStep[];
  readonly bodyField: string;
  /** Reference names of fields that hold formatted text. */
  readonly longTexts: ReadonlySet<string>;
  readonly deployment: Deployment;
  readonly richText: RichText;
}

/** What is no tag, and why, in words. */
export function badTags(labels: readonly string[]): readonly FieldWarning[] {
  return labels
    .filter((label) => !isTag(label))
    .map((label) => ({
      field: "labels",
      message: `Tags have no commas and semicolons and at most 400 characters, so "${label}" was left out: rename it.`,
    }));
}

export const unknownPerson: FieldWarning = {
  field: "assignees",
  message: "The person cannot be assigned in this project: give them access to it.",
};

/** What was sent and does not stand in the answer. */
export function droppedFields(
  issue: IssueSnapshot,
  sent: { readonly labels?: readonly string[]; readonly assigneeId?: string | null; readonly priority?: string | null },
): readonly FieldWarning[] {
  const warnings: FieldWarning[] = [];
  const missing = (sent.labels ?? []).filter((label) => !issue.labels.some((tag) => sameTag(tag, label)));
  for (const label of missing)
    warnings.push({ field: "labels", message: `Azure DevOps did not set the tag "${label}".` });
  const { assigneeId, priority } = sent;
  if (assigneeId != null && !issue.assignees.some(({ id }) => id === assigneeId)) {
    const message = "Azure DevOps did not assign the work item: the person has to have access to the project.";
    warnings.push({ field: "assignees", message });
  }
  if (priority != null && issue.priority !== priority) {
    const message = `Azure DevOps did not set the priority ${priority}: its type may have no such field, or a rule for it.`;
    warnings.push({ field: "priority", message });
  }
  return warnings;
}
