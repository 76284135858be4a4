import type { FieldKind, FieldRecord, StateRecord, TypeRecord } from "./model.ts";

type FieldDetails = Partial<Omit<FieldRecord, "referenceName" | "name" | "kind">>;

/** A field, by the usual settings where none are given. */
export function field(referenceName: string, name: string, kind: FieldKind, details: FieldDetails = {}): FieldRecord {
  return { referenceName, name, kind, alwaysRequired: false, allowedValues: [], defaultValue: null, ...details };
}

const readOnly = { readOnly: true } as const;

/** Of every type. */
const systemFields: readonly FieldRecord[] = [
  field("System.Id", "ID", "integer", readOnly),
  field("System.Rev", "Rev", "integer", readOnly),
  field("System.TeamProject", "Team Project", "string", readOnly),
  field("System.WorkItemType", "Work Item Type", "string", readOnly),
  field("System.CreatedDate", "Created Date", "dateTime", readOnly),
  field("System.CreatedBy", "Created By", "identity", readOnly),
  field("System.ChangedDate", "Changed Date", "dateTime", readOnly),
  field("System.ChangedBy", "Changed By", "identity", readOnly),
  field("System.CommentCount", "Comment Count", "integer", readOnly),
  field("System.IsDeleted", "Is Deleted", "boolean", readOnly),
  field("System.Watermark", "Watermark", "integer", readOnly),
  field("Microsoft.VSTS.Common.StateChangeDate", "State Change Date", "dateTime", readOnly),
  field("System.Title", "Title", "string", { alwaysRequired: true }),
  field("System.State", "State", "string", { alwaysRequired: true }),
  field("System.Reason", "Reason", "string"),
  field("System.AssignedTo", "Assigned To", "identity"),
  field("System.Description", "Description", "html"),
  field("System.History", "History", "history"),
  field("System.Tags", "Tags", "plainText"),
  field("System.AreaId", "Area ID", "integer", { ...readOnly, alwaysRequired: true }),
  field("System.IterationId", "Iteration ID", "integer", { ...readOnly, alwaysRequired: true }),
  field("System.AreaPath", "Area Path", "treePath"),
  field("System.IterationPath", "Iteration Path", "treePath"),
];

/** The field `Microsoft.VSTS.Common.Priority`, 1 to 4, as processes have it. */
export const priorityField: FieldRecord = field("Microsoft.VSTS.Common.Priority", "Priority", "integer", {
  allowedValues: [1, 2, 3, 4],
  defaultValue: 2,
});

const severityField = field("Microsoft.VSTS.Common.Severity", "Severity", "string", {
  allowedValues: ["1 - Critical", "2 - High", "3 - Medium", "4 - Low"],
  defaultValue: "3 - Medium",
});

/** Required, and filled in by the service where nobody gives it. */
const valueAreaField = field("Microsoft.VSTS.Common.ValueArea", "Value Area", "string", {
  alwaysRequired: true,
  allowedValues: ["Architectural", "Business"],
  defaultValue: "Business",
});

const states: Readonly<Record<string, StateRecord>> = {
  New: { name: "New", category: "Proposed", reasons: ["New"] },
  Active: { name: "Active", category: "InProgress", reasons: ["Implementation started", "Reactivated"] },
  Resolved: {
    name: "Resolved",
    category: "Resolved",
    reasons: ["Fixed", "As Designed", "Cannot Reproduce", "Duplicate"],
  },
  Closed: {
    name: "Closed",
    category: "Completed",
    reasons: ["Fixed and verified", "Completed", "Deferred", "Obsolete"],
  },
  Removed: { name: "Removed", category: "Removed", reasons: ["Removed from the backlog"] },
};

function type(name: string, stateNames: readonly string[], own: readonly FieldRecord[]): TypeRecord {
  return {
    name,
    referenceName: `Microsoft.VSTS.WorkItemTypes.${name.replaceAll(" ", "")}`,
    states: stateNames.flatMap((state) => states[state] ?? []),
    transitions: null,
    fields: [...systemFields, ...own],
    isDisabled: false,
  };
}

/** The types of the Agile process. Its bugs keep their text in the repro steps and show no description. */
export const agileTypes: readonly TypeRecord[] = [
  type(
    "Bug",
    ["New", "Active", "Resolved", "Closed"],
    [
      field("Microsoft.VSTS.TCM.ReproSteps", "Repro Steps", "html"),
      field("Microsoft.VSTS.TCM.SystemInfo", "System Info", "html"),
      priorityField,
      severityField,
      valueAreaField,
    ],
  ),
  type(
    "Task",
    ["New", "Active", "Closed", "Removed"],
    [priorityField, field("Microsoft.VSTS.Scheduling.RemainingWork", "Remaining Work", "double")],
  ),
  type(
    "User Story",
    ["New", "Active", "Resolved", "Closed", "Removed"],
    [priorityField, field("Microsoft.VSTS.Common.AcceptanceCriteria", "Acceptance Criteria", "html")],
  ),
  type("Issue", ["Active", "Closed"], [priorityField]),
];

/** A type of a custom process: as the bug, with fields, states or steps of its own. */
export function customType(options: {
  readonly name: string;
  readonly fields?: readonly FieldRecord[];
  readonly states?: readonly StateRecord[];
  readonly transitions?: TypeRecord["transitions"];
}): TypeRecord {
  const own = options.fields ?? [];
  const bug = type(options.name, ["New", "Active", "Resolved", "Closed"], [priorityField, severityField]);
  const kept = bug.fields.filter(({ referenceName }) => !own.some((entry) => entry.referenceName === referenceName));
  return {
    ...bug,
    fields: [...kept, ...own],
    states: options.states ?? bug.states,
    transitions: options.transitions ?? null,
  };
}
