import { z } from "zod";
import type { JsonObject, JsonValue } from "../domain/json.ts";
import type { InputIssue } from "../errors/backref-error.ts";
import type { IssueFormField, IssueFormFieldType, IssueFormValue } from "../provider/groups/form.ts";
import { fieldWords, isBlank } from "./missing-fields.ts";

type Check = (field: IssueFormField, value: JsonValue) => string | null;

const dates = z.iso.date();
const moments = z.iso.datetime({ offset: true });

const isOne = (values: readonly IssueFormValue[], id: JsonValue) => values.some((value) => value.id === id);

/** A few are told; a list of thousands helps nobody. */
function choiceWords(values: readonly IssueFormValue[]): string {
  const shown = values.slice(0, 10).map(({ id, name }) => (id === name ? `"${id}"` : `"${id}" (${name})`));
  const more = values.length > shown.length ? `, and ${values.length - shown.length} more` : "";
  return `${shown.join(", ")}${more}`;
}

const text: Check = ({ maxLength = null }, value) => {
  if (typeof value !== "string") return "must be text";
  if (value.includes("\0") || !value.isWellFormed()) return "must not contain NUL characters or halves of characters";
  return maxLength !== null && value.length > maxLength ? `must have at most ${maxLength} characters` : null;
};

const option: Check = (field, given) => {
  // An id of digits, as people write it into a target's defaults.
  const value = typeof given === "number" ? String(given) : given;
  if (typeof value !== "string") return "must be the id of one of the allowed values";
  if (field.allowedValues === null || isOne(field.allowedValues, value)) return text(field, value);
  return `must be one of: ${choiceWords(field.allowedValues)}`;
};

/** Every item passes the check, and none is there twice. */
function listOf(check: Check): Check {
  return (field, value) => {
    if (!Array.isArray(value)) return "must be a list";
    const items: readonly JsonValue[] = value;
    if (new Set(items).size !== items.length) return "must not name anything twice";
    for (const [index, item] of items.entries()) {
      const problem = check(field, item);
      if (problem !== null) return `item ${index + 1} ${problem}`;
    }
    return null;
  };
}

const cascade: Check = ({ allowedValues }, value) => {
  if (!Array.isArray(value)) return "must be a list of ids, from the outside in";
  let values: readonly IssueFormValue[] = allowedValues ?? [];
  for (const [level, id] of value.entries()) {
    const chosen = values.find((candidate) => candidate.id === id);
    if (chosen === undefined) {
      return values.length === 0
        ? `has nothing to choose at level ${level + 1}`
        : `must have at level ${level + 1} one of: ${choiceWords(values)}`;
    }
    values = chosen.children ?? [];
  }
  return null;
};

const checks: Readonly<Record<IssueFormFieldType, Check>> = {
  text: (field, value) => (typeof value === "string" && /[\r\n]/.test(value) ? "must be one line" : text(field, value)),
  texts: listOf(text),
  "rich-text": text,
  url: (field, value) =>
    typeof value === "string" && /^https?:\/\//i.test(value) && URL.canParse(value)
      ? text(field, value)
      : "must be an http or https address",
  number: ({ wholeNumber }, value) => {
    if (typeof value !== "number") return "must be a number";
    return wholeNumber === true && !Number.isSafeInteger(value) ? "must be a whole number" : null;
  },
  date: (_, value) => (dates.safeParse(value).success ? null : "must be a date such as 2026-12-24"),
  "date-time": (_, value) =>
    moments.safeParse(value).success ? null : "must be a date and time such as 2026-12-24T18:00:00Z",
  boolean: (_, value) => (typeof value === "boolean" ? null : "must be true or false"),
  option,
  person: option,
  options: listOf(option),
  people: listOf(option),
  cascade,
  other: () => null,
};

/** What is wrong with a value of a field, in words; null where nothing is. Saying nothing is always right. */
export function valueProblem(field: IssueFormField, value: JsonValue): string | null {
  if (isBlank(value)) return null;
  // A provider of a newer contract may know more types: the tracker judges those.
  return (checks[field.type] as Check | undefined)?.(field, value) ?? null;
}

/** What is wrong with values for a form, each with its field's name. Whether all that is required is there, is asked elsewhere. */
export function checkValues(fields: readonly IssueFormField[], values: JsonObject): readonly InputIssue[] {
  return Object.entries(values).flatMap(([id, value]): readonly InputIssue[] => {
    const field = fields.find((candidate) => candidate.id === id);
    if (field === undefined) {
      const known = fields.map((candidate) => candidate.id).join(", ");
      return [{ path: [id], message: `is no field of new issues here (there are: ${known})` }];
    }
    const problem = valueProblem(field, value);
    return problem === null ? [] : [{ path: [id], message: `${fieldWords(field)} ${problem}` }];
  });
}
