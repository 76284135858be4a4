import type { SyncMapping } from "../domain/mapping.ts";
import type { Vocabulary } from "../domain/vocabulary.ts";

/** Something about a mapping that an admin should know. `error`s are refused when saved. */
export interface MappingProblem {
  readonly severity: "error" | "warning";
  readonly field: "status" | "priority";
  readonly message: string;
}

function problemsOf(
  field: "status" | "priority",
  entries: readonly {
    readonly name: string;
    readonly local: readonly string[];
    readonly primary: string | undefined;
  }[],
  known: readonly string[],
): readonly MappingProblem[] {
  const problems: MappingProblem[] = [];
  const report = (severity: "error" | "warning", message: string) => problems.push({ severity, field, message });
  const seen = new Map<string, string>();
  const names = new Set<string>();
  for (const { name, local, primary } of entries) {
    if (names.has(name.toLowerCase())) report("error", `${field}: "${name}" is mapped twice.`);
    names.add(name.toLowerCase());
    if (name !== name.trim()) {
      report("error", `${field}: "${name}" begins or ends with a space, which trackers cut off. Leave it out.`);
    }
    if (local.length === 0) report("error", `${field}: "${name}" has no local value. Add one or remove the entry.`);
    if (primary !== undefined && !local.includes(primary)) {
      report(
        "error",
        `${field}: primary "${primary}" of "${name}" is not among its local values (${local.join(", ")}).`,
      );
    }
    if (local.length > 1 && primary === undefined) {
      report(
        "warning",
        `${field}: "${name}" stands for ${local.join(", ")}; it will come back as "${local[0]}". Set primary to choose.`,
      );
    }
    for (const value of local) {
      if (!known.includes(value))
        report("error", `${field}: "${value}" is not a value of yours (${known.join(", ")}).`);
      const other = seen.get(value);
      if (other !== undefined) report("error", `${field}: "${value}" goes out as both "${other}" and "${name}".`);
      seen.set(value, name);
    }
  }
  for (const value of known) {
    if (!seen.has(value)) report("warning", `${field}: "${value}" has no counterpart and will not be sent.`);
  }
  return problems;
}

/** Says in words what is unmapped, contradictory or lossy. Empty where all is well. */
export function checkMapping(mapping: SyncMapping, vocabulary: Vocabulary): readonly MappingProblem[] {
  const status = mapping.status.map((entry) => ({
    name: entry.state ?? `category ${entry.category}`,
    local: entry.local,
    primary: entry.primary,
  }));
  const priority = mapping.priority.map((entry) => ({
    name: entry.remote,
    local: entry.local,
    primary: entry.primary,
  }));
  return [
    ...problemsOf(
      "status",
      status,
      vocabulary.statuses.map((entry) => entry.id),
    ),
    ...(mapping.fields.priority.direction === "never" ? [] : problemsOf("priority", priority, vocabulary.priorities)),
  ];
}
