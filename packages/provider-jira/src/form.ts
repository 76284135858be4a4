import type { FormGroup, IssueFormField, IssueFormValue, JsonValue } from "@backref/core/provider";
import type { JiraCall, OpenClient } from "./client.ts";
import { typeOf } from "./field-types.ts";
import type { FieldOption, IssueField, IssueFields } from "./issue-fields.ts";
import { mapPerson, personShape } from "./map-person.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";

/** Said by project, issue type and defect. */
const ofDefect: ReadonlySet<string> = new Set(["project", "issuetype", "summary", "description", "priority"]);
/** These have a place of their own, and only matter where issues are refused without them. */
const ofOthers: ReadonlySet<string> = new Set(["labels", "attachment", "issuelinks"]);

/** The fields of the project's create screen: one request, and one more to find the issue type by its name. */
export function createFormGroup(open: OpenClient, issueFields: IssueFields): FormGroup<JiraAuth, JiraOptions> {
  return {
    async fields(call: JiraCall, { container, type }) {
      const fields = await issueFields.read(call, open(call), { container, type: type ?? call.options.issueType });
      return fields.filter(isAsked).map(formField);
    },
  };
}

/** A choice of nothing is none, unless nothing goes without it. */
function isAsked({ id, required, options, schema }: IssueField): boolean {
  if (ofDefect.has(id)) return false;
  const canGive = options?.length !== 0 && !(options === null && typeOf(id, schema) === "cascade");
  return required || (canGive && !ofOthers.has(id));
}

function formField(field: IssueField): IssueFormField {
  const { id, name, required, hasDefault, options, schema } = field;
  const known = typeOf(id, schema);
  const isChoice = known === "option" || known === "options" || known === "cascade";
  const isEmpty = options?.length === 0 || (options === null && known === "cascade");
  const type = isChoice && isEmpty ? "other" : known;
  const allowedValues =
    isChoice && !isEmpty && options !== null ? options.map((option) => formValue(option, type === "cascade")) : null;
  return {
    id,
    name,
    required,
    type,
    allowedValues,
    defaultValue: hasDefault ? defaultOf(field) : null,
    ...(hasDefault && { isFilledByTracker: true }),
  };
}

function formValue({ id, name, children }: FieldOption, isCascade: boolean): IssueFormValue {
  const following = children.map((child) => formValue(child, isCascade));
  return { id, name, ...(isCascade && following.length > 0 && { children: following }) };
}

/** Null where the form has no way to say it. */
function defaultOf({ id, schema, defaultValue }: IssueField): JsonValue {
  const idOf = (value: unknown): string | null => {
    const { id: own } = record(value);
    return typeof own === "string" || typeof own === "number" ? String(own) : null;
  };
  const listOf = <Item>(read: (value: unknown) => Item | null) => {
    const items = (Array.isArray(defaultValue) ? defaultValue : []).map(read);
    return items.filter((item): item is Item & {} => item !== null);
  };
  switch (typeOf(id, schema)) {
    case "text":
    case "url":
    case "date":
      return typeof defaultValue === "string" ? defaultValue : null;
    case "number":
      return typeof defaultValue === "number" ? defaultValue : null;
    case "texts":
      return listOf((value) => (typeof value === "string" ? value : null));
    case "option":
      return idOf(defaultValue);
    case "options":
      return listOf(idOf);
    case "cascade":
      return [idOf(defaultValue), idOf(record(defaultValue)["child"])].filter((part) => part !== null);
    case "person": {
      const { success, data } = personShape.safeParse(defaultValue);
      return success && (data.accountId ?? data.name) != null ? mapPerson(data).id : null;
    }
    default:
      return null;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
