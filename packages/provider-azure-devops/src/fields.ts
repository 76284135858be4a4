import type { AzureDevOpsOptions } from "./types.ts";

/** Reference names of the fields that this provider knows. */
export const fieldNames = {
  title: "System.Title",
  state: "System.State",
  reason: "System.Reason",
  type: "System.WorkItemType",
  project: "System.TeamProject",
  assignedTo: "System.AssignedTo",
  tags: "System.Tags",
  description: "System.Description",
  reproSteps: "Microsoft.VSTS.TCM.ReproSteps",
  priority: "Microsoft.VSTS.Common.Priority",
  severity: "Microsoft.VSTS.Common.Severity",
  createdBy: "System.CreatedBy",
  createdDate: "System.CreatedDate",
  changedDate: "System.ChangedDate",
  commentCount: "System.CommentCount",
} as const;

/** Fields that snapshots are made of. */
export function snapshotFields(options: AzureDevOpsOptions): readonly string[] {
  const { severity: _unread, ...read } = fieldNames;
  return [...new Set([...Object.values(read), ...(options.bodyField === null ? [] : [options.bodyField])])];
}

/** Where a type keeps its description: the form of bugs shows the repro steps, and no other long text. */
export function bodyFieldOf(type: string, options: AzureDevOpsOptions): string {
  return options.bodyField ?? (type.toLowerCase() === "bug" ? fieldNames.reproSteps : fieldNames.description);
}

const separator = /[;,]/;

/** The tags of an item, which are one text: `tests; urgent`. */
export function splitTags(text: string): readonly string[] {
  return text
    .split(separator)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}

/** Tags are told apart without regard to case. */
export const sameTag = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** What separates tags cannot be in one, and they end somewhere. */
export function isTag(label: string): boolean {
  return !separator.test(label) && label.trim() !== "" && label.length <= 400;
}

const severities: Readonly<Record<string, string>> = {
  "1": "1 - Critical",
  "2": "2 - High",
  "3": "3 - Medium",
  "4": "4 - Low",
};

export function severityOf(priority: string): string | null {
  return severities[priority] ?? null;
}

/** Priorities are 1 to 4 in all processes; null for what is none. */
export function priorityNumber(priority: string): number | null {
  return /^[1-9]$/.test(priority) ? Number(priority) : null;
}
