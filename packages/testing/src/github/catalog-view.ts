import type { JsonObject } from "../fake/json.ts";
import type { IssueFieldRecord, IssueFieldValue, IssueRecord, IssueTypeRecord, MilestoneRecord } from "./model.ts";
import { repositoryName, repositoryUrl } from "./repository-view.ts";
import { toIsoSeconds } from "./time.ts";
import { presentUser } from "./user-view.ts";
import type { View } from "./view.ts";

const color = "blue";

/** GitHub's `issue-type`. */
export function presentIssueType({ id, nodeId, name }: IssueTypeRecord): JsonObject {
  return { id, node_id: nodeId, name, description: null, color, is_enabled: true };
}

/** GitHub's `issue-field`, as the organization defines it. */
export function presentIssueField({ id, nodeId, name, dataType, options }: IssueFieldRecord): JsonObject {
  const base = { id, node_id: nodeId, name, description: null, data_type: dataType, visibility: "all" };
  if (dataType !== "single_select") return base;
  const shown = options.map((option, index) => ({ id: optionId(id, index), name: option, color, priority: index + 1 }));
  return { ...base, options: shown };
}

/** GitHub's `issue-field-value` for every field that the issue has a value in. */
export function presentFieldValues(view: Pick<View, "world">, issue: IssueRecord): JsonObject[] {
  return issue.fieldValues.flatMap((value) => {
    const field = view.world.catalog.field(value.fieldId);
    return field === undefined ? [] : [presentFieldValue(field, value)];
  });
}

function presentFieldValue(field: IssueFieldRecord, { value }: IssueFieldValue): JsonObject {
  const base = { issue_field_id: field.id, issue_field_name: field.name, node_id: `${field.nodeId}V` };
  const index = field.options.indexOf(String(value));
  if (field.dataType !== "single_select") return { ...base, data_type: field.dataType, value };
  const option = { id: optionId(field.id, index), name: value, color };
  return { ...base, data_type: field.dataType, value, single_select_option: option };
}

export function presentMilestone(view: View, milestone: MilestoneRecord): JsonObject {
  const { id, nodeId, number, title, state, createdAt } = milestone;
  const repository = view.world.repositoryById(milestone.repositoryId);
  if (repository === undefined) throw new RangeError(`There is no repository ${milestone.repositoryId}`);
  const url = `${repositoryUrl(view, repository)}/milestones/${number}`;
  const members = view.world.issuesOf(repository.id, view.asOf).filter((issue) => issue.milestone === id);
  const openCount = members.filter((issue) => issue.state === "open").length;
  return {
    url,
    html_url: `${view.htmlUrl}/${repositoryName(repository)}/milestone/${number}`,
    labels_url: `${url}/labels`,
    id,
    node_id: nodeId,
    number,
    title,
    description: null,
    creator: presentUser(view, view.world.ensureUser(repository.owner)),
    open_issues: openCount,
    closed_issues: members.length - openCount,
    state,
    created_at: toIsoSeconds(createdAt),
    updated_at: toIsoSeconds(createdAt),
    due_on: null,
    closed_at: null,
  };
}

function optionId(fieldId: number, index: number): number {
  return fieldId * 100 + index;
}
