import { invalid } from "./failure.ts";
import { type Clause, type Condition, type JqlValue, parseJql } from "./jql.ts";
import type { IssueRecord } from "./model.ts";
import type { World } from "./world.ts";

export interface JqlOptions {
  /** The index's state: searches see nothing newer. */
  readonly asOf?: number | undefined;
  /** Issues that are read past the index. */
  readonly fresh?: ReadonlySet<string>;
  /** Keys and ids that do not exist are left out instead of refused. */
  readonly isLenient?: boolean;
}

/** Issues that a query finds, in its order. */
export function findByJql(world: World, jql: string, options: JqlOptions = {}): IssueRecord[] {
  const query = parseJql(jql);
  if (options.isLenient !== true) refuseUnknown(world, query.where);
  const seen = new Map(world.issues.values(options.asOf).map((issue) => [issue.id, issue]));
  for (const id of options.fresh ?? []) {
    const issue = world.findIssue(id);
    if (issue !== undefined) seen.set(issue.id, issue);
  }
  const found = [...seen.values()].filter((issue) => query.where === null || isTrue(world, query.where, issue));
  const order = query.order.length > 0 ? query.order : [{ field: "created", descending: true }];
  return found.sort((a, b) => {
    for (const { field, descending } of order) {
      const difference = sortValue(a, field) - sortValue(b, field);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return a.id - b.id;
  });
}

/** True if the issue fits a webhook's filter. */
export function fitsJql(world: World, jql: string, issue: IssueRecord): boolean {
  const { where } = parseJql(jql);
  return where === null || isTrue(world, where, issue);
}

function sortValue(issue: IssueRecord, field: string): number {
  const name = field.toLowerCase();
  if (name === "updated" || name === "updateddate") return issue.updatedAt;
  if (name === "created" || name === "createddate") return issue.createdAt;
  if (name === "key" || name === "issuekey") return Number(issue.key.split("-")[1]);
  if (name === "id") return issue.id;
  throw invalid(`Field '${field}' does not exist or this field cannot be sorted by.`);
}

/** A key or project that does not exist fails the whole query. */
function refuseUnknown(world: World, condition: Condition | null): void {
  if (condition === null) return;
  if ("parts" in condition) {
    for (const part of condition.parts) refuseUnknown(world, part);
    return;
  }
  const field = condition.clause.field.toLowerCase();
  for (const { text } of condition.clause.values) {
    if (isKeyField(field) && world.findIssue(text) === undefined)
      throw invalid(`An issue with key '${text}' does not exist for field '${field}'.`);
    if (field === "project" && world.findProject(text) === undefined)
      throw invalid(`The value '${text}' does not exist for the field 'project'.`);
  }
}

function isKeyField(field: string): boolean {
  return ["key", "issuekey", "issue", "id"].includes(field);
}

function isTrue(world: World, condition: Condition, issue: IssueRecord): boolean {
  if ("parts" in condition) {
    const holds = (part: Condition) => isTrue(world, part, issue);
    return condition.kind === "and" ? condition.parts.every(holds) : condition.parts.some(holds);
  }
  return fits(world, condition.clause, issue);
}

function fits(world: World, { field, operator, values }: Clause, issue: IssueRecord): boolean {
  const name = field.toLowerCase();
  if (["updated", "created"].includes(name)) {
    return compareTime(name === "updated" ? issue.updatedAt : issue.createdAt, operator, values[0]);
  }
  if (["summary", "text", "description"].includes(name)) {
    const text = `${issue.summary}${name === "summary" ? "" : ` ${JSON.stringify(issue.description)}`}`.toLowerCase();
    const present: readonly string[] = text.match(/[\p{L}\p{N}_]+/gu) ?? [];
    const words = (values[0]?.text ?? "").toLowerCase().match(/[\p{L}\p{N}_]+\*?/gu) ?? [];
    const isThere = (word: string) =>
      word.endsWith("*") ? present.some((one) => one.startsWith(word.slice(0, -1))) : present.includes(word);
    const has = words.length > 0 && words.every(isThere);
    return operator === "!~" ? !has : has;
  }
  const actual = valuesOf(world, name, issue);
  if (operator === "is") return actual.length === 0;
  if (operator === "is not") return actual.length > 0;
  const hit = values.some(({ text }) => actual.includes(text.toLowerCase()));
  if (operator === "=" || operator === "in") return hit;
  if (operator === "!=" || operator === "not in") return actual.length > 0 && !hit;
  throw invalid(`The operator '${operator}' is not supported by the '${field}' field.`);
}

function valuesOf(world: World, field: string, issue: IssueRecord): readonly string[] {
  const lower = (...texts: readonly (string | null | undefined)[]) =>
    texts.flatMap((text) => (text === null || text === undefined ? [] : [text.toLowerCase()]));
  if (isKeyField(field)) return lower(issue.key, String(issue.id));
  if (field === "project") {
    const { id, key, name } = world.projectOf(issue);
    return lower(id, key, name);
  }
  if (field === "labels") return lower(...issue.labels);
  if (field === "status") {
    const { id, name } = world.status(issue.statusId);
    return lower(id, name);
  }
  if (field === "assignee") return lower(issue.assignee?.accountId, issue.assignee?.name);
  if (["creator", "reporter"].includes(field)) return lower(issue.creator.accountId, issue.creator.name);
  throw invalid(`Field '${field}' does not exist or you do not have permission to view it.`);
}

/** Epoch milliseconds without quotes; a quoted time has minutes only and is read in the account's own time zone. */
function compareTime(actual: number, operator: Clause["operator"], value: JqlValue | undefined): boolean {
  const text = value?.text ?? "";
  const isEpoch = value?.isQuoted === false && /^-?\d+$/.test(text);
  const time = isEpoch ? Number(text) : Date.parse(`${text.slice(0, 16).replace(" ", "T").replaceAll("/", "-")}+11:00`);
  if (Number.isNaN(time)) throw invalid(`Date value '${text}' is invalid.`);
  if (operator === ">=") return actual >= time;
  if (operator === ">") return actual > time;
  if (operator === "<=") return actual <= time;
  if (operator === "<") return actual < time;
  if (operator === "=") return actual === time;
  throw invalid(`The operator '${operator}' is not supported by dates.`);
}
