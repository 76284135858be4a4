import { asObject, asText, type JsonObject } from "../fake/json.ts";
import { invalidFields } from "./failure.ts";
import type { FieldKind, FieldRecord, IssueRecord, NamedRecord, ProjectRecord, UserRecord } from "./model.ts";
import { resolutions } from "./scheme.ts";
import type { World } from "./world.ts";

/** What changes of an issue; what is absent stays. */
export type IssueChange = Partial<
  Pick<
    IssueRecord,
    | "summary"
    | "description"
    | "priorityId"
    | "labels"
    | "assignee"
    | "reporter"
    | "componentIds"
    | "resolutionId"
    | "custom"
  >
>;

/** Most UTF-16 units of a summary. */
const longestSummary = 255;
const longestText = 32_767;

type Problems = Record<string, string>;

/**
 * Reads the `fields` of a request as Jira does: a field that is on no screen is refused by name, a value of the wrong kind
 * as well, and all of them at once.
 */
export function readFields(
  world: World,
  project: ProjectRecord,
  fields: JsonObject,
  extra: readonly string[] = [],
): IssueChange {
  const problems: Problems = {};
  const change: { -readonly [Key in keyof IssueChange]: IssueChange[Key] } = {};
  const custom: Record<string, unknown> = {};
  for (const [id, value] of Object.entries(fields)) {
    if (id === "project" || id === "issuetype" || id === "status") continue;
    if (id === "summary") change.summary = readSummary(value, problems);
    else if (id === "description") change.description = readRichText(world, id, value, problems);
    else if (id === "resolution" && extra.includes(id)) {
      change.resolutionId = pick(resolutions, value, id, problems)?.id ?? null;
    } else {
      const field = project.fields.find((candidate) => candidate.id === id);
      if (field === undefined) {
        problems[id] = `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`;
        continue;
      }
      readField(world, project, field, value, change, custom, problems);
    }
  }
  if (Object.keys(problems).length > 0) throw invalidFields(problems);
  return Object.keys(custom).length > 0 ? { ...change, custom } : change;
}

function readField(
  world: World,
  project: ProjectRecord,
  field: FieldRecord,
  value: unknown,
  change: { -readonly [Key in keyof IssueChange]: IssueChange[Key] },
  custom: Record<string, unknown>,
  problems: Problems,
): void {
  const { id } = field;
  if (id === "priority") change.priorityId = pick(field.options, value, id, problems)?.id ?? null;
  else if (id === "labels") change.labels = readLabels(value, problems);
  else if (id === "assignee") change.assignee = readUser(world, id, value, problems);
  else if (id === "reporter") {
    const reporter = readUser(world, id, value, problems);
    if (reporter !== null) change.reporter = reporter;
  } else if (id === "attachment") problems[id] = `Field '${id}' cannot be set.`;
  else if (id === "components") {
    const entries = Array.isArray(value) ? value : [];
    change.componentIds = entries.flatMap((entry) => pick(project.components, entry, id, problems)?.id ?? []);
  } else custom[id] = readCustom(world, field, value, problems);
}

const readers: Readonly<
  Record<FieldKind, (world: World, field: FieldRecord, value: unknown, problems: Problems) => unknown>
> = {
  text: (_world, { id }, value, problems) =>
    typed(id, value, typeof value === "string", "Operation value must be a string", problems),
  textarea: (world, { id }, value, problems) => readRichText(world, id, value, problems),
  number: (_world, { id }, value, problems) =>
    typed(id, value, typeof value === "number", "Operation value must be a number", problems),
  date: (_world, { id }, value, problems) =>
    typed(
      id,
      value,
      typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value),
      "Operation value must be a string in the format: yyyy-MM-dd",
      problems,
    ),
  datetime: (_world, { id }, value, problems) =>
    typed(
      id,
      value,
      typeof value === "string" && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{4}$/.test(value),
      "Operation value must be a string in the format: yyyy-MM-dd'T'HH:mm:ss.SSSZ",
      problems,
    ),
  url: (_world, { id }, value, problems) =>
    typed(id, value, typeof value === "string" && URL.canParse(value), "Not a valid URL", problems),
  cascade: (_world, field, value, problems) => readCascade(field, value, problems),
  attachment: (_world, { id }, value, problems) => typed(id, value, false, `Field '${id}' cannot be set.`, problems),
  sprint: (_world, { id }, value, problems) =>
    typed(id, value, typeof value === "number", "Number value expected as the Sprint id.", problems),
  option: (_world, { id, options }, value, problems) => pick(options, value, id, problems),
  options: (_world, { id, options }, value, problems) =>
    Array.isArray(value)
      ? value.map((entry) => pick(options, entry, id, problems))
      : typed(id, value, false, "data was not an array", problems),
  user: (world, { id }, value, problems) => readUser(world, id, value, problems)?.accountId ?? null,
  users: (world, { id }, value, problems) =>
    Array.isArray(value)
      ? value.map((entry) => readUser(world, id, entry, problems)?.accountId ?? null)
      : typed(id, value, false, "data was not an array", problems),
  labels: (_world, _field, value, problems) => readLabels(value, problems),
  components: (_world, _field, value) => value,
  priority: (_world, { id, options }, value, problems) => pick(options, value, id, problems),
};

function readCustom(world: World, field: FieldRecord, value: unknown, problems: Problems): unknown {
  return value === null ? null : readers[field.kind](world, field, value, problems);
}

function typed(id: string, value: unknown, isRight: boolean, message: string, problems: Problems): unknown {
  if (!isRight) problems[id] = message;
  return value;
}

/** A choice, and within `child` one of those that it leads to. */
function readCascade({ id, options }: FieldRecord, value: unknown, problems: Problems): unknown {
  const parent = pick(options, value, id, problems);
  const { child } = asObject(value);
  if (parent === null || child === undefined || child === null) return parent;
  return {
    ...parent,
    child: pick(options.find((option) => option.id === parent.id)?.children ?? [], child, id, problems),
  };
}

function readSummary(value: unknown, problems: Problems): string {
  const text = typeof value === "string" ? value : "";
  if (text.trim() === "") problems["summary"] = "You must specify a summary of the issue.";
  else if (/[\r\n]/.test(text)) problems["summary"] = "The summary is invalid because it contains newline characters.";
  else if (text.length > longestSummary) problems["summary"] = `Summary can't exceed ${longestSummary} characters.`;
  return text;
}

/** ADF on Cloud, a string on Data Center; null for none. Cloud counts the characters people read. */
export function readRichText(world: World, id: string, value: unknown, problems: Problems): unknown {
  if (value === null) return null;
  const isDocument = asObject(value)["type"] === "doc" && asObject(value)["version"] === 1;
  const isRight = world.deployment === "cloud" ? isDocument : typeof value === "string";
  if (!isRight) {
    problems[id] =
      world.deployment === "cloud"
        ? "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
        : "Operation value must be a string";
    return value;
  }
  if (textOf(value).length > longestText)
    problems[id] =
      `The entered text is too long. It exceeds the allowed limit of ${longestText.toLocaleString("en-US")} characters.`;
  const isEmpty = world.deployment === "data-center" && value === "";
  return isEmpty ? null : value;
}

/** The characters of a document, markup left out. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const { text, content } = asObject(value);
  return `${asText(text) ?? ""}${Array.isArray(content) ? content.map(textOf).join("") : ""}`;
}

function readLabels(value: unknown, problems: Problems = {}): string[] {
  const labels = Array.isArray(value) ? value.flatMap((entry) => asText(entry) ?? []) : [];
  const bad = labels.find((label) => /\s/.test(label));
  if (bad !== undefined) problems["labels"] = `The label '${bad}' contains spaces which is invalid.`;
  if (labels.some((label) => label.length > 255)) problems["labels"] = "The label is longer than 255 characters.";
  return [...new Set(labels)];
}

function readUser(world: World, id: string, value: unknown, problems: Problems): UserRecord | null {
  if (value === null) return null;
  const { accountId, id: other, name } = asObject(value);
  const wanted = asText(world.deployment === "cloud" ? (accountId ?? other) : name);
  if (wanted === undefined && world.deployment === "data-center" && name === null) return null;
  const user = wanted === undefined ? undefined : world.findUser(wanted);
  if (user === undefined) problems[id] = `Specify a valid value for ${id}`;
  return user ?? null;
}

/** A choice by `id`, or by `name` or `value`. */
function pick(options: readonly NamedRecord[], value: unknown, id: string, problems: Problems): NamedRecord | null {
  if (value === null) return null;
  const { id: wantedId, name, value: text } = asObject(value);
  const wantedName = asText(name) ?? asText(text);
  const found = options.find((option) =>
    wantedId === undefined ? option.name === wantedName : option.id === asText(wantedId),
  );
  if (found === undefined) problems[id] = `Specify a valid 'id' or 'name' for ${id}`;
  return found ?? null;
}

/** Jira's `update` of one set: `[{ add }, { remove }, { set }]`, in order. */
export function applySetOperations(before: readonly string[], operations: unknown): string[] {
  let set = [...before];
  for (const operation of Array.isArray(operations) ? operations : []) {
    const { add, remove, set: whole } = asObject(operation);
    if (Array.isArray(whole)) set = readLabels(whole);
    if (typeof add === "string" && !set.includes(add)) set.push(add);
    if (typeof remove === "string") set = set.filter((entry) => entry !== remove);
  }
  return set;
}
