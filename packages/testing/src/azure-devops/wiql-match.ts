import { tagsOf } from "./field-values.ts";
import type { FieldRecord, ProjectRecord, UserRecord, WorkItemRecord } from "./model.ts";
import { type Condition, type WiqlOperator, type WiqlQuery, type WiqlValue, wiqlFailure } from "./wiql.ts";
import type { World } from "./world.ts";

/** What a query is asked with. */
export interface QueryScene {
  readonly world: World;
  readonly me: UserRecord;
  /** For `@Project`; it limits nothing by itself. */
  readonly project: ProjectRecord | null;
  /** Times count to the millisecond; otherwise days are compared, and a time in the query is refused. */
  readonly hasTimePrecision: boolean;
}

const dayMs = 86_400_000;

export function fieldOf({ world }: QueryScene, name: string): FieldRecord {
  const field = world.findField(name);
  if (field !== undefined) return field;
  throw wiqlFailure(`TF51005: The query references a field that does not exist. The error is caused by «[${name}]».`);
}

/** The value of a field as queries compare it: times as numbers, people as their unique name. */
function queriedValue(item: WorkItemRecord, field: FieldRecord, scene: QueryScene): string | number | null {
  switch (field.referenceName) {
    case "System.Id":
      return item.id;
    case "System.Rev":
      return item.rev;
    case "System.TeamProject":
      return scene.world.projectOf(item).name;
    case "System.WorkItemType":
      return item.type;
    case "System.CreatedDate":
      return item.createdAt;
    case "System.ChangedDate":
      return item.changedAt;
    case "System.CreatedBy":
      return item.createdBy.uniqueName;
    case "System.ChangedBy":
      return item.changedBy.uniqueName;
    default: {
      const value = item.fields[field.referenceName];
      if (value === undefined || value === null) return null;
      if (field.kind === "dateTime") return Date.parse(String(value));
      return typeof value === "number" ? value : String(value);
    }
  }
}

/** Refuses what no item is needed to refuse: fields that do not exist, values of another kind. */
export function checkCondition(condition: Condition, scene: QueryScene): void {
  if (condition.kind === "not") checkCondition(condition.part, scene);
  else if (condition.kind !== "compare") for (const part of condition.parts) checkCondition(part, scene);
  else for (const value of condition.values) resolve(fieldOf(scene, condition.field), value, scene);
}

export function matches(item: WorkItemRecord, condition: Condition, scene: QueryScene): boolean {
  switch (condition.kind) {
    case "and":
      return condition.parts.every((part) => matches(item, part, scene));
    case "or":
      return condition.parts.some((part) => matches(item, part, scene));
    case "not":
      return !matches(item, condition.part, scene);
    case "compare": {
      const field = fieldOf(scene, condition.field);
      return condition.values.some((value) => compare(item, field, condition.operator, value, scene));
    }
  }
}

function compare(
  item: WorkItemRecord,
  field: FieldRecord,
  operator: WiqlOperator,
  given: WiqlValue,
  scene: QueryScene,
): boolean {
  const wanted = resolve(field, given, scene);
  const value = queriedValue(item, field, scene);
  if (operator === "contains") {
    const text = String(wanted).toLowerCase();
    if (field.referenceName === "System.Tags") return tagsOf(item.fields).some((tag) => tag.toLowerCase() === text);
    return value !== null && String(value).toLowerCase().includes(text);
  }
  if (operator === "under") {
    const [path, parent] = [String(value).toLowerCase(), String(wanted).toLowerCase()];
    return path === parent || path.startsWith(`${parent}\\`);
  }
  const order = compareValues(truncate(value, field, scene), wanted);
  switch (operator) {
    case "=":
    case "in":
      return order === 0;
    case "<>":
      return order !== 0;
    case "<":
      return order !== null && order < 0;
    case ">":
      return order !== null && order > 0;
    case "<=":
      return order !== null && order <= 0;
    case ">=":
      return order !== null && order >= 0;
  }
}

function truncate(value: string | number | null, field: FieldRecord, scene: QueryScene): string | number | null {
  if (field.kind !== "dateTime" || scene.hasTimePrecision || typeof value !== "number") return value;
  return value - (value % dayMs);
}

function resolve(field: FieldRecord, given: WiqlValue, scene: QueryScene): string | number {
  if ("macro" in given) {
    if (given.macro === "@me") return scene.me.uniqueName;
    if (given.macro === "@project") {
      if (scene.project !== null) return scene.project.name;
      throw wiqlFailure("The macro @project is not supported without a project.");
    }
    const now = scene.world.now();
    if (given.macro === "@today") return now - (now % dayMs);
    throw wiqlFailure(`The macro «${given.macro}» is not supported.`);
  }
  if (field.kind === "dateTime") {
    const at = Date.parse(given.text);
    if (Number.isNaN(at)) throw wiqlFailure(`«${given.text}» is no date.`);
    if (!scene.hasTimePrecision && /\d:\d/.test(given.text))
      throw wiqlFailure("You cannot supply a time with the date when running a query using date precision.");
    return at;
  }
  if (field.kind === "identity") return scene.world.findUser(given.text)?.uniqueName ?? given.text;
  if (field.kind !== "integer" && field.kind !== "double") return given.text;
  const number = Number(given.text);
  if (Number.isNaN(number)) throw wiqlFailure(`«${given.text}» is no number.`);
  return number;
}

/** Below zero where the first is less; null where there is nothing to compare. Case does not matter. */
function compareValues(one: string | number | null, other: string | number): number | null {
  if (one === null) return other === "" ? 0 : null;
  if (typeof one === "number" && typeof other === "number") return one - other;
  const [a, b] = [String(one).toLowerCase(), String(other).toLowerCase()];
  return a < b ? -1 : a > b ? 1 : 0;
}

export function sortItems(
  items: readonly WorkItemRecord[],
  order: WiqlQuery["order"],
  scene: QueryScene,
): WorkItemRecord[] {
  const keys = order.map(({ field, isDescending }) => ({ field: fieldOf(scene, field), isDescending }));
  return items.toSorted((a, b) => {
    for (const { field, isDescending } of keys) {
      const [one, other] = [queriedValue(a, field, scene), queriedValue(b, field, scene)];
      const sign = compareValues(one ?? "", other ?? "") ?? 0;
      if (sign !== 0) return isDescending ? -sign : sign;
    }
    return a.id - b.id;
  });
}
