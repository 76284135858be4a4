import type { JsonObject } from "../fake/json.ts";
import { asText } from "../fake/json.ts";
import { tagsOf } from "./field-values.ts";
import type { CommentRecord, RelationRecord, StateCategory, TextFormat, WorkItemRecord } from "./model.ts";
import type { World } from "./world.ts";

/** A work item as its page shows it. */
export interface FakeAzureDevOpsIssue {
  readonly id: string;
  readonly rev: number;
  /** Project's name. */
  readonly project: string;
  readonly type: string;
  readonly title: string;
  /** `System.Description`; null for none. */
  readonly description: string | null;
  /** Text of a bug: `Microsoft.VSTS.TCM.ReproSteps`; null for none. */
  readonly reproSteps: string | null;
  /** Reference names of the long texts that are Markdown and no HTML. */
  readonly markdown: readonly string[];
  readonly state: string;
  readonly category: StateCategory;
  readonly reason: string;
  /** `Microsoft.VSTS.Common.Priority`, 1 to 4. */
  readonly priority: number | null;
  readonly tags: readonly string[];
  /** Account's name. */
  readonly createdBy: string;
  /** Account's name. */
  readonly assignee: string | null;
  /** By reference name, as they are kept. */
  readonly fields: JsonObject;
  readonly relations: readonly RelationRecord[];
  /** Without those that were deleted. */
  readonly comments: readonly FakeAzureDevOpsComment[];
  readonly isDeleted: boolean;
  readonly updatedAt: number;
}

/** A comment, as tests look at it. */
export interface FakeAzureDevOpsComment {
  readonly id: string;
  readonly author: string;
  readonly body: string;
  readonly format: TextFormat;
  readonly version: number;
}

export function snapshotItem(world: World, item: WorkItemRecord): FakeAzureDevOpsIssue {
  const { fields } = item;
  const text = (name: string): string | null => asText(fields[name]) ?? null;
  const state = text("System.State") ?? "";
  const priority = fields["Microsoft.VSTS.Common.Priority"];
  const assignee = text("System.AssignedTo");
  return {
    id: String(item.id),
    rev: item.rev,
    project: world.projectOf(item).name,
    type: item.type,
    title: text("System.Title") ?? "",
    description: text("System.Description"),
    reproSteps: text("Microsoft.VSTS.TCM.ReproSteps"),
    markdown: item.markdown,
    state,
    category: world.typeOf(item).states.find(({ name }) => name === state)?.category ?? "Proposed",
    reason: text("System.Reason") ?? "",
    priority: typeof priority === "number" ? priority : null,
    tags: tagsOf(fields),
    createdBy: item.createdBy.name,
    assignee: assignee === null ? null : (world.findUser(assignee)?.name ?? null),
    fields,
    relations: item.relations,
    comments: world
      .commentsOf(item.id)
      .filter((comment) => !comment.isDeleted)
      .map(snapshotComment),
    isDeleted: item.isDeleted,
    updatedAt: item.changedAt,
  };
}

export function snapshotComment(comment: CommentRecord): FakeAzureDevOpsComment {
  const { id, createdBy, text, format, version } = comment;
  return { id: String(id), author: createdBy.name, body: text, format, version };
}
