import type { JsonObject, JsonValue } from "../domain/json.ts";
import type { IssueFormField } from "../provider/groups/form.ts";

/** True for what says nothing: a tracker that requires the field would not take it. */
export function isBlank(value: JsonValue | undefined): boolean {
  if (typeof value === "string") return value.trim() === "";
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** True where the tracker puts something by itself. */
function isFilled({ isFilledByTracker, defaultValue }: IssueFormField): boolean {
  return isFilledByTracker ?? !isBlank(defaultValue);
}

/** Fields without which a new issue that carries these values would be refused. */
export function missingFields(fields: readonly IssueFormField[], values: JsonObject): readonly IssueFormField[] {
  return fields.filter((field) => field.required && !isFilled(field) && isBlank(values[field.id]));
}

/** `"Team" (team)`, or the id alone where nobody knows its name. */
export function fieldWords({ id, name }: { readonly id: string; readonly name: string }): string {
  return id === name ? `"${id}"` : `"${name}" (${id})`;
}

/**
 * What a new issue carries: what was given, over the target's defaults. A given null takes a default away. What the tracker
 * itself puts is left to it, and what somebody gave last is only offered on a form.
 */
export function mergeFields(defaults: JsonObject, given: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries({ ...defaults, ...given }).filter(([, value]) => value !== null));
}
