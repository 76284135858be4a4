import { asNames, asObject, asText } from "../fake/json.ts";
import { hasAccess } from "./access.ts";
import { requireAssignees } from "./assignees.ts";
import { invalid } from "./failure.ts";
import { resolveLabels } from "./label-actions.ts";
import type { IssueFieldValue, RepositoryAccess, RepositoryRecord, UserRecord } from "./model.ts";
import type { RestCall } from "./rest-call.ts";

export interface WantedMembers {
  readonly labels?: number[];
  readonly assignees?: UserRecord[];
  readonly type?: number | null | undefined;
  readonly milestone?: number | null | undefined;
  readonly fieldValues?: readonly IssueFieldValue[] | undefined;
}

/**
 * Labels, assignees, type, milestone and field values of a request: silently dropped without push (or triage) access,
 * and types and fields also where the owner is no organization, as GitHub does.
 */
export function wantedMembers(call: RestCall, repository: RepositoryRecord, access: RepositoryAccess): WantedMembers {
  if (!hasAccess(access, "triage")) return {};
  const single = call.body.assignee === undefined ? undefined : [asText(call.body.assignee) ?? ""].filter(Boolean);
  const logins = asNames(call.body.assignees, "login") ?? single;
  const names = asNames(call.body.labels, "name");
  return {
    ...(logins !== undefined && { assignees: requireAssignees(call.world, repository, logins) }),
    ...(names !== undefined && {
      labels: resolveLabels(call.world, repository, names, hasAccess(access, "write")),
    }),
    milestone: wantedMilestone(call, repository),
    type: wantedType(call, repository),
    fieldValues: wantedFieldValues(call, repository),
  };
}

function wantedMilestone(call: RestCall, repository: RepositoryRecord): number | null | undefined {
  const { milestone: number } = call.body;
  if (number === undefined || number === null) return number;
  const milestones = call.world.catalog.milestonesOf(repository.id);
  const found = milestones.find((milestone) => milestone.number === Number(number));
  if (found === undefined) throw invalid({ resource: "Issue", code: "invalid", field: "milestone" });
  return found.id;
}

function wantedType(call: RestCall, repository: RepositoryRecord): number | null | undefined {
  const { type } = call.body;
  const { catalog } = call.world;
  if (type === undefined || type === null) return type;
  if (call.view.lacks.has("issue-types") || !catalog.isOrganization(repository.owner)) return undefined;
  const name = asText(type)?.toLowerCase();
  const found = catalog.typesOf(repository.owner).find((candidate) => candidate.name.toLowerCase() === name);
  if (found === undefined) throw invalid({ resource: "Issue", code: "invalid", field: "type" });
  return found.id;
}

/** Undefined where there are none to set. */
export function wantedFieldValues(
  call: RestCall,
  repository: RepositoryRecord,
): readonly IssueFieldValue[] | undefined {
  const { issue_field_values: wanted } = call.body;
  const { catalog } = call.world;
  if (!Array.isArray(wanted)) return undefined;
  if (call.view.lacks.has("issue-fields") || !catalog.isOrganization(repository.owner)) return undefined;
  const fields = catalog.fieldsOf(repository.owner);
  return wanted.map((entry: unknown): IssueFieldValue => {
    const { field_id: id, value } = asObject(entry) as { field_id?: unknown; value?: unknown };
    const field = fields.find((candidate) => candidate.id === id);
    const isFit =
      field !== undefined &&
      (field.dataType === "number"
        ? typeof value === "number"
        : typeof value === "string" && (field.dataType !== "single_select" || field.options.includes(value)));
    if (!isFit) throw invalid({ resource: "Issue", code: "invalid", field: "issue_field_values" });
    return { fieldId: field.id, value: value as string | number };
  });
}
