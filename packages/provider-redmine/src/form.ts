import type { FormGroup, IssueFormField, IssueFormFieldType, IssueFormValue } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { OpenClient, RedmineCall, RedmineClient } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import { projectAddress } from "./keys.ts";
import { idShape, namedShape } from "./shapes.ts";
import type { RedmineAuth, RedmineOptions } from "./types.ts";

const projectShape = z.object({
  project: z.object({
    issue_categories: z.array(namedShape).nullish(),
    issue_custom_fields: z.array(namedShape).nullish(),
  }),
});
const versionsShape = z.object({
  versions: z.array(z.object({ id: idShape, name: z.string(), status: z.string().nullish() })),
});
const customShape = z.object({
  custom_fields: z.array(
    z.object({
      id: idShape,
      name: z.string(),
      description: z.string().nullish(),
      customized_type: z.string(),
      field_format: z.string(),
      is_required: z.boolean().nullish(),
      multiple: z.boolean().nullish(),
      default_value: z.string().nullish(),
      possible_values: z
        .array(z.object({ value: z.string(), label: z.string().nullish() }))
        .nullish()
        .catch(null),
    }),
  ),
});

type CustomField = z.infer<typeof customShape>["custom_fields"][number];

const plain = { required: false, allowedValues: null, defaultValue: null } as const;

/** Dates, category, version and custom fields. Which of those are required Redmine tells administrators alone. */
export function createFormGroup(open: OpenClient): FormGroup<RedmineAuth, RedmineOptions> {
  return {
    async fields(call: RedmineCall, { container }) {
      const client = open(call);
      const operation: Operation = { name: "form.fields", isWrite: false, explain: projectUnknown(container) };
      const path = projectAddress(container);
      const query = { include: "issue_categories,issue_custom_fields" };
      const answer = await client.request(operation, "GET", path, { query });
      const { project } = answer.as((data) => parseShape(projectShape, data, "answer"));
      const versions = await readVersions(client, operation, path);
      const told = await readCustomFields(client, operation);
      const ofProject = new Set((project.issue_custom_fields ?? []).map(({ id }) => id));
      const custom =
        told === null
          ? (project.issue_custom_fields ?? []).map(({ id, name }): IssueFormField => {
              return { ...plain, id: `cf_${id}`, name, type: "other" };
            })
          : told.filter(({ id }) => ofProject.has(id)).map(customField);
      const fields: readonly IssueFormField[] = [
        { ...plain, id: "start_date", name: "Start date", type: "date" },
        { ...plain, id: "due_date", name: "Due date", type: "date" },
        { ...plain, id: "estimated_hours", name: "Estimated time (hours)", type: "number" },
        {
          ...plain,
          id: "category_id",
          name: "Category",
          type: "option",
          allowedValues: project.issue_categories ?? [],
        },
        { ...plain, id: "fixed_version_id", name: "Target version", type: "option", allowedValues: versions },
        ...custom,
      ];
      // A choice of nothing is none.
      return fields.filter(({ allowedValues }) => allowedValues?.length !== 0);
    },
  };
}

/** None where the account may not see them. */
async function readVersions(
  client: RedmineClient,
  operation: Operation,
  path: string,
): Promise<readonly IssueFormValue[]> {
  try {
    const answer = await client.request(operation, "GET", `${path}/versions`);
    const { versions } = answer.as((data) => parseShape(versionsShape, data, "answer"));
    return versions.filter(({ status }) => (status ?? "open") === "open").map(({ id, name }) => ({ id, name }));
  } catch (error) {
    if (hasStatus(error, 403)) return [];
    throw error;
  }
}

/** Null for everybody but administrators. */
async function readCustomFields(client: RedmineClient, operation: Operation): Promise<readonly CustomField[] | null> {
  try {
    const answer = await client.request(operation, "GET", "/custom_fields");
    const { custom_fields: fields } = answer.as((data) => parseShape(customShape, data, "answer"));
    return fields.filter((field) => field.customized_type === "issue");
  } catch (error) {
    if (hasStatus(error, 403)) return null;
    throw error;
  }
}

const types: Readonly<Record<string, IssueFormFieldType>> = {
  string: "text",
  text: "rich-text",
  link: "url",
  int: "number",
  float: "number",
  bool: "boolean",
  date: "date",
  list: "option",
  enumeration: "option",
};

function customField(field: CustomField): IssueFormField {
  const known = types[field.field_format] ?? "other";
  const values = (field.possible_values ?? []).map(({ value, label }) => ({ id: value, name: label || value }));
  const isChoice = known === "option" && values.length > 0;
  const type = known !== "option" ? known : !isChoice ? "other" : field.multiple === true ? "options" : "option";
  const hasDefault = (field.default_value ?? "") !== "";
  return {
    id: `cf_${field.id}`,
    name: field.name,
    ...(field.description ? { description: field.description } : {}),
    required: field.is_required === true,
    type,
    allowedValues: isChoice ? values : null,
    defaultValue: hasDefault && (type === "text" || type === "option") ? (field.default_value ?? null) : null,
    ...(hasDefault && { isFilledByTracker: true }),
    ...(field.field_format === "int" && { wholeNumber: true }),
  };
}
