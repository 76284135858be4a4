import type { JsonObject, JsonValue } from "@backref/core/provider";
import { namedReference, personReference } from "./create-fields.ts";
import { typeOf } from "./field-types.ts";
import type { FieldOption, FieldSchema, IssueField } from "./issue-fields.ts";
import type { Deployment } from "./site.ts";
import type { RichText } from "./text.ts";

/** Fields that every Jira has; what they take, nobody has to be asked. */
const systemFields: Readonly<Record<string, FieldSchema>> = {
  assignee: { type: "user" },
  reporter: { type: "user" },
  components: { type: "array", items: "component" },
  fixVersions: { type: "array", items: "version" },
  versions: { type: "array", items: "version" },
  environment: { type: "string" },
  parent: { type: "issuelink" },
  security: { type: "securitylevel" },
};

/** True where only the screen tells what a value is: a text can be one, or the id of a choice. */
export function needsScreen(id: string, value: JsonValue): boolean {
  const [first] = Array.isArray(value) ? value : [value];
  return id.startsWith("customfield_") && (typeof first === "string" || typeof first === "number");
}

/**
 * A value of the form as Jira's REST API takes it. Objects are that already, and so is whatever belongs to a field that
 * nobody knows: Jira judges it.
 */
export function fieldValue(
  id: string,
  value: JsonValue,
  field: IssueField | undefined,
  { deployment, richText }: { readonly deployment: Deployment; readonly richText: RichText },
): JsonValue {
  const schema = field?.schema ?? systemFields[id];
  if (schema === undefined) return value;
  const options = field?.options ?? [];
  const one = (item: JsonValue): JsonValue => {
    const text = typeof item === "number" ? String(item) : item;
    if (typeof text !== "string") return item;
    switch (typeOf(id, schema)) {
      case "option":
      case "options":
        return choiceOf(text, options, schema);
      case "person":
      case "people":
        return personReference(text, deployment);
      case "rich-text":
        return richText.write(text, null).value;
      case "date-time":
        return timeOf(text);
      default:
        return (schema.items ?? schema.type) === "group"
          ? { name: text }
          : schema.type === "issuelink"
            ? { key: text }
            : item;
    }
  };
  if (!Array.isArray(value)) return one(value);
  const items: readonly JsonValue[] = value;
  return typeOf(id, schema) === "cascade" ? pathOf(items) : items.map(one);
}

/** By id, else by name; what is not on offer is left to Jira to refuse. */
function choiceOf(text: string, options: readonly FieldOption[], { type, items }: FieldSchema): JsonObject {
  const isNamed = ({ name }: FieldOption) => name.toLowerCase() === text.toLowerCase();
  const found = options.find(({ id }) => id === text) ?? options.find(isNamed);
  if (found !== undefined) return { id: found.id };
  return (items ?? type) === "option" && !/^\d+$/.test(text) ? { value: text } : namedReference(text);
}

/** Ids from the outside in. */
function pathOf([id, ...others]: readonly JsonValue[]): JsonValue {
  if (typeof id !== "string" && typeof id !== "number") return id ?? null;
  return { id: String(id), ...(others.length > 0 && { child: pathOf(others) }) };
}

/** Jira wants milliseconds, and an offset without a colon. */
function timeOf(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? text : new Date(time).toISOString().replace("Z", "+0000");
}
