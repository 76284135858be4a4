import type { FormGroup, IssueFormField, IssueFormFieldType } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { readClassification } from "./classification.ts";
import { type AzureDevOpsCall, type OpenClient, valuesOf } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import type { FieldCatalogue, KnownField } from "./field-catalogue.ts";
import { bodyFieldOf, fieldNames } from "./fields.ts";
import { type AzureDevOpsPerson, mapPerson, personShape } from "./map-person.ts";
import type { AzureDevOpsAuth, AzureDevOpsOptions } from "./types.ts";
import { typePath } from "./work-item-types.ts";

const instanceShape = z.object({
  referenceName: z.string(),
  name: z.string(),
  helpText: z.string().nullish(),
  alwaysRequired: z.boolean().nullish(),
  defaultValue: z.unknown().optional(),
  allowedValues: z.array(z.unknown()).nullish(),
});

type Instance = z.infer<typeof instanceShape>;

/** What Backref sets by itself, and what only the tracker sets or a person has no say in when an item is made. */
const leftOut: ReadonlySet<string> = new Set([
  fieldNames.title,
  fieldNames.state,
  fieldNames.reason,
  fieldNames.type,
  fieldNames.project,
  fieldNames.assignedTo,
  fieldNames.tags,
  fieldNames.description,
  fieldNames.reproSteps,
  fieldNames.priority,
  fieldNames.createdBy,
  fieldNames.createdDate,
  fieldNames.changedDate,
  fieldNames.commentCount,
  "System.History",
  "System.AreaId",
  "System.IterationId",
]);

/** These have the project's own path where nobody gives one. */
const areaPath = "System.AreaPath";
const iterationPath = "System.IterationPath";

export function createFormGroup(
  open: OpenClient,
  catalogue: FieldCatalogue,
): FormGroup<AzureDevOpsAuth, AzureDevOpsOptions> {
  return {
    /** What the type says of its fields, with the kinds of values that it leaves out. */
    async fields(call: AzureDevOpsCall, { container, type }) {
      const client = open(call);
      const name = type ?? call.options.workItemType;
      const explain = { 404: { ...projectUnknown(container), message: unknownType(container, name) } };
      const operation: Operation = { name: "form.fields", isWrite: false, explain };
      const query = { $expand: "all" };
      const answer = await client.request(operation, "GET", `${typePath(container, name)}/fields`, { query });
      const instances = answer.as((data) => valuesOf(data).map((row) => parseShape(instanceShape, row, "field")));
      const known = await catalogue.read(call, client, operation, container);
      const { areas, iterations } = await readClassification(client, operation, container);
      const paths = new Map([
        [areaPath, areas],
        [iterationPath, iterations],
      ]);
      const body = bodyFieldOf(name, call.options);
      return instances.flatMap((instance) => {
        const field = known.get(instance.referenceName);
        const isOurs = instance.referenceName === body || leftOut.has(instance.referenceName);
        return field === undefined || field.isReadOnly || isOurs
          ? []
          : [present(instance, field, paths.get(field.referenceName) ?? null)];
      });
    },
  };
}

function unknownType(container: string, type: string): string {
  return `Project ${container} was not found, or it has no type "${type}": check both names, and what the account may read.`;
}

const types: Readonly<Record<string, IssueFormFieldType>> = {
  html: "rich-text",
  integer: "number",
  double: "number",
  boolean: "boolean",
  dateTime: "date-time",
};

/** Fields of one line are that long: https://learn.microsoft.com/azure/devops/boards/work-items/work-item-fields */
const longestLine = 255;

function present(instance: Instance, field: KnownField, paths: readonly string[] | null): IssueFormField {
  const { referenceName: id, name, helpText, alwaysRequired } = instance;
  const isFilled = paths !== null || instance.defaultValue != null;
  const type = types[field.type];
  const values = field.isIdentity ? people(instance) : listed(paths ?? instance.allowedValues ?? []);
  // Numbers to choose from stay numbers that somebody types: values of a list are texts.
  const isOption = type === undefined && values.length > 0;
  return {
    id,
    name,
    ...(helpText ? { description: helpText } : {}),
    required: alwaysRequired === true,
    type: field.isIdentity ? "person" : isOption ? "option" : (type ?? "text"),
    allowedValues: (field.isIdentity || isOption) && values.length > 0 ? values : null,
    defaultValue: isFilled ? (text(instance.defaultValue) ?? null) : null,
    isFilledByTracker: isFilled,
    ...(field.type === "integer" && { wholeNumber: true }),
    ...(field.type === "string" && !isOption && !field.isIdentity && { maxLength: longestLine }),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

function listed(allowed: readonly unknown[]): readonly { readonly id: string; readonly name: string }[] {
  const values = allowed.flatMap((value) => text(value) ?? []);
  return [...new Set(values)].filter((value) => value.trim() !== "").map((value) => ({ id: value, name: value }));
}

/** People are named as writes name them. */
function people({ allowedValues }: Instance): readonly { readonly id: string; readonly name: string }[] {
  const found = (allowedValues ?? []).flatMap((value): readonly AzureDevOpsPerson[] => {
    const person = personShape.safeParse(value);
    return person.success ? [person.data] : [];
  });
  const byName = new Map(found.map((person) => [mapPerson(person).login ?? "", mapPerson(person).displayName]));
  return [...byName].filter(([id]) => id !== "").map(([id, name]) => ({ id, name }));
}
