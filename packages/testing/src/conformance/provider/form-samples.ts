import type { IssueFormField, IssueFormFieldType, IssueFormValue, JsonValue } from "@backref/core/provider";

const samples: Readonly<Record<IssueFormFieldType, JsonValue | undefined>> = {
  text: "Some text",
  texts: ["some", "text"],
  "rich-text": "Some **text**",
  url: "https://host.example/defects/12",
  number: 3,
  date: "2026-12-24",
  "date-time": "2026-12-24T18:00:00Z",
  boolean: true,
  option: undefined,
  options: undefined,
  cascade: undefined,
  person: undefined,
  people: undefined,
  other: undefined,
};

/** Every type of the contract. */
export const fieldTypes: readonly string[] = Object.keys(samples);

/** The first of each level. */
function firstPath(values: readonly IssueFormValue[]): readonly string[] {
  const [first] = values;
  return first === undefined ? [] : [first.id, ...firstPath(first.children ?? [])];
}

/** A value that the field says it takes; undefined where only the tracker knows one. */
export function sampleOf({ type, allowedValues, maxLength }: IssueFormField): JsonValue | undefined {
  const [first] = allowedValues ?? [];
  if (type === "cascade") return firstPath(allowedValues ?? []);
  if (first !== undefined) return type === "options" || type === "people" ? [first.id] : first.id;
  const sample = samples[type];
  return typeof sample === "string" && type !== "url" ? sample.slice(0, maxLength ?? sample.length) : sample;
}
