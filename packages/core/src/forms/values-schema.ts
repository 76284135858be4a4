import type { JsonObject, JsonValue } from "../domain/json.ts";
import type { IssueFormField, IssueFormValue } from "../provider/groups/form.ts";

const choice = (values: readonly IssueFormValue[] | null): JsonObject =>
  values === null
    ? { type: "string" }
    : { type: "string", oneOf: values.map(({ id, name }) => ({ const: id, title: name })) };

const listOf = (items: JsonObject): JsonObject => ({ type: "array", uniqueItems: true, items });

function valueSchema({ type, allowedValues, wholeNumber, maxLength }: IssueFormField): JsonObject {
  const longest: JsonObject = typeof maxLength === "number" ? { maxLength } : {};
  switch (type) {
    case "text":
    case "rich-text":
      return { type: "string", ...longest };
    case "texts":
      return listOf({ type: "string", ...longest });
    case "url":
      return { type: "string", format: "uri", ...longest };
    case "date":
    case "date-time":
      return { type: "string", format: type };
    case "number":
      return { type: wholeNumber === true ? "integer" : "number" };
    case "boolean":
      return { type: "boolean" };
    case "option":
    case "person":
      return choice(allowedValues);
    case "options":
    case "people":
      return listOf(choice(allowedValues));
    case "cascade":
      return { type: "array", prefixItems: [choice(allowedValues)], items: { type: "string" } };
    case "other":
      return {};
  }
}

/**
 * JSON Schema (draft 2020-12) of the values that a push takes, for screens made from schemas.
 * @param initial what each field begins with; null for nothing
 */
export function valuesSchema(
  fields: readonly IssueFormField[],
  initial: Readonly<Record<string, JsonValue>>,
  required: readonly string[],
): JsonObject {
  const properties = fields.map((field): [string, JsonObject] => {
    const { id, name, description } = field;
    const begin = initial[id] ?? null;
    return [
      id,
      {
        title: name,
        ...(description === undefined ? {} : { description }),
        ...valueSchema(field),
        ...(begin === null ? {} : { default: begin }),
      },
    ];
  });
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: [...required],
    additionalProperties: false,
  };
}
