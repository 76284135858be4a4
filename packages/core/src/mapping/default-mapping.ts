import { type SyncField, syncFields } from "../domain/fields.ts";
import type { FieldRule, PriorityMapping, StatusMapping, SyncMapping, SyncMappingInput } from "../domain/mapping.ts";
import type { Vocabulary } from "../domain/vocabulary.ts";
import type { ResolvedCapabilities } from "../provider/resolved-capabilities.ts";

/** Labels for the default priorities; a host with other priorities gives its own mapping. */
const defaultPriorityLabels: readonly PriorityMapping[] = [
  { remote: "priority:critical", local: ["blocker"], color: "b60205" },
  { remote: "priority:high", local: ["critical"], color: "d93f0b" },
  { remote: "priority:medium", local: ["major"], color: "fbca04" },
  { remote: "priority:low", local: ["minor", "trivial"], primary: "minor", color: "c2e0c6" },
];

/** Of the default labels, those whose words the host uses. */
function defaultPriority(vocabulary: Vocabulary): readonly PriorityMapping[] {
  return defaultPriorityLabels
    .map(({ primary, ...entry }): PriorityMapping => {
      const local = entry.local.filter((word) => vocabulary.priorities.includes(word));
      return { ...entry, local, ...(primary !== undefined && local.includes(primary) ? { primary } : {}) };
    })
    .filter((entry) => entry.local.length > 0);
}

function defaultStatus(vocabulary: Vocabulary, capabilities: ResolvedCapabilities): readonly StatusMapping[] {
  const tellsActive = capabilities.stateCategories.includes("active");
  const locals = (category: string) =>
    vocabulary.statuses.filter((status) => status.category === category).map((status) => status.id);
  const open = tellsActive ? locals("open") : [...locals("open"), ...locals("active")];
  return [
    { category: "open" as const, local: open },
    ...(tellsActive ? [{ category: "active" as const, local: locals("active") }] : []),
    { category: "closed" as const, local: locals("closed") },
  ].filter((entry) => entry.local.length > 0);
}

const defaultRule: FieldRule = { direction: "two-way", conflict: "remote" };
/** Only an admin can say that people of one side are told of what the other decides. */
const assigneeRule: FieldRule = { direction: "never", conflict: "remote" };

/** Fills what an admin left out: target over source over host over defaults, each part whole. */
export function resolveMapping(request: {
  readonly vocabulary: Vocabulary;
  readonly capabilities: ResolvedCapabilities;
  /** Most general first. */
  readonly inputs: readonly SyncMappingInput[];
}): SyncMapping {
  const { vocabulary, capabilities, inputs } = request;
  const last = <Key extends keyof SyncMappingInput>(key: Key) =>
    inputs.findLast((input) => input[key] !== undefined)?.[key] as SyncMappingInput[Key] | undefined;
  const priority = last("priority") ?? (capabilities.priority === "labels" ? defaultPriority(vocabulary) : []);
  const rule = (field: SyncField): FieldRule => {
    const unavailable =
      (field === "priority" && (capabilities.priority === "none" || priority.length === 0)) ||
      (field === "assignee" && capabilities.assignees === "none");
    const given = Object.assign({}, ...inputs.map((input) => input.fields?.[field] ?? {})) as Partial<FieldRule>;
    const usual = field === "assignee" ? assigneeRule : defaultRule;
    return { ...usual, ...given, ...(unavailable ? { direction: "never" as const } : {}) };
  };
  return {
    status: last("status") ?? defaultStatus(vocabulary, capabilities),
    priority,
    fields: Object.fromEntries(syncFields.map((field) => [field, rule(field)])) as Record<SyncField, FieldRule>,
    comments: last("comments") ?? "two-way",
  };
}
