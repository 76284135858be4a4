import type {
  FieldRecord,
  IssueTypeRecord,
  NamedRecord,
  StatusRecord,
  TransitionRecord,
  WorkflowRecord,
} from "./model.ts";

/** What every site begins with. */
export const statuses: readonly StatusRecord[] = [
  { id: "1", name: "To Do", category: "new" },
  { id: "3", name: "In Progress", category: "indeterminate" },
  { id: "4", name: "In Review", category: "indeterminate" },
  { id: "5", name: "Done", category: "done" },
];

export const priorities: readonly NamedRecord[] = ["Highest", "High", "Medium", "Low", "Lowest"].map((name, index) => ({
  id: String(index + 1),
  name,
}));

export const resolutions: readonly NamedRecord[] = ["Done", "Won't Do", "Duplicate"].map((name, index) => ({
  id: String(10_000 + index),
  name,
}));

export const issueTypes: readonly IssueTypeRecord[] = [
  { id: "10001", name: "Task", subtask: false },
  { id: "10002", name: "Bug", subtask: false },
  { id: "10003", name: "Sub-task", subtask: true },
];

function step(
  id: string,
  name: string,
  from: readonly string[] | null,
  to: string,
  ...fields: string[]
): TransitionRecord {
  return { id, name, from, to, fields: fields.map((field) => ({ id: field, required: true })) };
}

/** Done only by way of In Progress and In Review, and with a resolution. */
export const stepwiseWorkflow: WorkflowRecord = {
  initial: "1",
  transitions: [
    step("11", "Start progress", ["1"], "3"),
    step("21", "Ask for review", ["3"], "4"),
    step("31", "Resolve", ["4"], "5", "resolution"),
    step("41", "Reopen", ["5"], "1"),
    step("51", "Stop progress", ["3", "4"], "1"),
  ],
};

/** Any status from any other, as in a new team-managed project. */
export const openWorkflow: WorkflowRecord = {
  initial: "1",
  transitions: [step("11", "To Do", null, "1"), step("21", "In Progress", null, "3"), step("31", "Done", null, "5")],
};

const optional = { required: false, options: [], defaultValue: null } as const;

export const standardFields: readonly FieldRecord[] = [
  { ...optional, id: "priority", name: "Priority", kind: "priority", options: priorities, defaultValue: priorities[2] },
  { ...optional, id: "labels", name: "Labels", kind: "labels" },
  { ...optional, id: "assignee", name: "Assignee", kind: "user" },
  { ...optional, id: "components", name: "Components", kind: "components" },
  // Required, and filled in with whoever asks.
  { ...optional, id: "reporter", name: "Reporter", kind: "user", required: true, defaultValue: "the caller" },
  { ...optional, id: "attachment", name: "Attachment", kind: "attachment" },
];
