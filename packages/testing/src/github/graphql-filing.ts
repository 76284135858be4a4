import type { JsonObject } from "../fake/json.ts";
import type { GraphQLScope } from "./graphql-nodes.ts";
import type { IssueFieldRecord, IssueFieldValue, IssueRecord } from "./model.ts";

const kinds: Readonly<Record<IssueFieldRecord["dataType"], string>> = {
  text: "IssueFieldText",
  number: "IssueFieldNumber",
  date: "IssueFieldDate",
  single_select: "IssueFieldSingleSelect",
};

export function issueTypeNode({ view }: GraphQLScope, issue: IssueRecord): JsonObject | null {
  const type = view.world.catalog.type(issue.type);
  if (type === undefined) return null;
  return { __typename: "IssueType", id: type.nodeId, name: type.name, description: null, isEnabled: true };
}

/** A value in one of the organization's fields; an option by its name. */
export function fieldValueNode({ view }: GraphQLScope, { fieldId, value }: IssueFieldValue): JsonObject {
  const field = view.world.catalog.field(fieldId);
  if (field === undefined) throw new RangeError(`There is no issue field ${fieldId}`);
  const kind = kinds[field.dataType];
  return {
    __typename: `${kind}Value`,
    id: `${field.nodeId}V`,
    name: String(value),
    value,
    field: { __typename: kind, id: field.nodeId, fullDatabaseId: String(field.id), name: field.name },
  };
}
