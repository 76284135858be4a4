import type { FieldDirection } from "../domain/fields.ts";
import type { SyncMapping } from "../domain/mapping.ts";
import type { Vocabulary } from "../domain/vocabulary.ts";
import type { ResolvedCapabilities } from "../provider/resolved-capabilities.ts";
import { checkPrefixes } from "./check-prefixes.ts";

/**
 * `contradiction`: it cannot work. `unmapped-value`: a value of one side stands for nothing on the other. `missing-primary`:
 * nobody said which of several local values comes back. `lossy-pair`: several local values become one. `unknown-label-prefix`:
 * a label that may be somebody else's.
 */
export type MappingProblemKind =
  | "contradiction"
  | "unmapped-value"
  | "missing-primary"
  | "lossy-pair"
  | "unknown-label-prefix";

/** Something about a mapping that an admin should know. An `error` is refused when it is saved. */
export interface MappingProblem {
  readonly severity: "error" | "warning";
  readonly kind: MappingProblemKind;
  readonly field: "status" | "priority";
  /** Where in the mapping, for example `["priority", 2, "primary"]`. */
  readonly path: readonly (string | number)[];
  /** What is wrong or worth knowing, and what to do about it. */
  readonly message: string;
}

interface Entry {
  readonly name: string;
  readonly local: readonly string[];
  readonly primary: string | undefined;
}

interface Part {
  readonly field: MappingProblem["field"];
  readonly entries: readonly Entry[];
  readonly known: readonly string[];
  readonly direction: FieldDirection;
}

export const comesIn = (direction: FieldDirection): boolean => direction === "two-way" || direction === "in";
const goesOut = (direction: FieldDirection) => direction !== "in" && direction !== "never";

function contradictionsOf({ field, entries, known }: Part): readonly MappingProblem[] {
  const problems: MappingProblem[] = [];
  const report = (path: MappingProblem["path"], message: string) =>
    problems.push({ severity: "error", kind: "contradiction", field, path: [field, ...path], message });
  const seen = new Map<string, string>();
  const names = new Set<string>();
  for (const [index, { name, local, primary }] of entries.entries()) {
    if (names.has(name.toLowerCase())) report([index], `${field}: "${name}" is mapped twice.`);
    names.add(name.toLowerCase());
    if (name !== name.trim()) {
      report([index], `${field}: "${name}" begins or ends with a space, which trackers cut off. Leave it out.`);
    }
    if (local.length === 0) {
      report([index, "local"], `${field}: "${name}" has no local value. Add one or remove the entry.`);
    }
    if (primary !== undefined && !local.includes(primary)) {
      const message = `${field}: primary "${primary}" of "${name}" is not among its local values (${local.join(", ")}).`;
      report([index, "primary"], message);
    }
    for (const [at, value] of local.entries()) {
      if (!known.includes(value)) {
        report([index, "local", at], `${field}: "${value}" is not a value of yours (${known.join(", ")}).`);
      }
      const other = seen.get(value);
      if (other !== undefined) {
        report([index, "local", at], `${field}: "${value}" goes out as both "${other}" and "${name}".`);
      }
      seen.set(value, name);
    }
  }
  return problems;
}

function warningsOf({ field, entries, known, direction }: Part): readonly MappingProblem[] {
  const problems: MappingProblem[] = [];
  const report = (kind: MappingProblemKind, path: MappingProblem["path"], message: string) =>
    problems.push({ severity: "warning", kind, field, path: [field, ...path], message });
  for (const [index, { name, local, primary }] of entries.entries()) {
    if (local.length < 2 || !comesIn(direction)) continue;
    const values = local.join(", ");
    if (primary === undefined) {
      const message = `${field}: "${name}" stands for ${values}; it will come back as "${local[0]}". Set primary to choose.`;
      report("missing-primary", [index, "primary"], message);
    } else {
      const message = `${field}: ${values} all go out as "${name}", which comes back as "${primary}". A defect keeps its own value until the issue says something else.`;
      report("lossy-pair", [index, "local"], message);
    }
  }
  for (const value of goesOut(direction) ? known : []) {
    if (entries.some(({ local }) => local.includes(value))) continue;
    report("unmapped-value", [], `${field}: "${value}" has no counterpart and will not be sent. Add it to an entry.`);
  }
  return problems;
}

/** Categories that only one side knows. */
function checkCategories(
  { status, fields }: SyncMapping,
  categories: ResolvedCapabilities["stateCategories"],
): readonly MappingProblem[] {
  const { direction } = fields.status;
  const problem = { severity: "warning", kind: "unmapped-value", field: "status" } as const;
  const isMapped = (category: string) =>
    status.some((entry) => entry.state === undefined && entry.category === category);
  const uncovered = comesIn(direction) ? categories.filter((category) => !isMapped(category)) : [];
  return [
    ...uncovered.map((category) => ({
      ...problem,
      path: ["status"],
      message: `status: issues of category ${category} stand for nothing here, unless their state is named. Add an entry { category: "${category}", local: […] }.`,
    })),
    ...status.flatMap(({ state, category, local }, index) =>
      state !== undefined || categories.includes(category) || !goesOut(direction)
        ? []
        : [
            {
              ...problem,
              path: ["status", index, "category"],
              message: `status: the tracker knows no category ${category}, so ${local.join(", ")} cannot be sent as one. It knows ${categories.join(", ")}.`,
            },
          ],
    ),
  ];
}

/**
 * Says in words what is contradictory, unmapped or lossy. Empty where all is well.
 * @param tracker what it can hold; without it only the mapping itself is looked at
 */
export function checkMapping(
  mapping: SyncMapping,
  vocabulary: Vocabulary,
  tracker?: Pick<ResolvedCapabilities, "stateCategories" | "priority">,
): readonly MappingProblem[] {
  const status: Part = {
    field: "status",
    entries: mapping.status.map((entry) => ({
      name: entry.state ?? `category ${entry.category}`,
      local: entry.local,
      primary: entry.primary,
    })),
    known: vocabulary.statuses.map((entry) => entry.id),
    direction: mapping.fields.status.direction,
  };
  const priority: Part = {
    field: "priority",
    entries: mapping.priority.map(({ remote, local, primary }) => ({ name: remote, local, primary })),
    known: vocabulary.priorities,
    direction: mapping.fields.priority.direction,
  };
  const parts = priority.direction === "never" ? [status] : [status, priority];
  return [
    ...parts.flatMap((part) => [...contradictionsOf(part), ...warningsOf(part)]),
    ...(tracker === undefined ? [] : checkCategories(mapping, tracker.stateCategories)),
    ...(tracker?.priority === "labels" && parts.includes(priority) ? checkPrefixes(mapping.priority) : []),
  ];
}
