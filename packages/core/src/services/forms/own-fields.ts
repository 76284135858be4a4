import type { IssueFormField } from "../../provider/groups/form.ts";

/** Every tracker's issues can carry labels; they stand in place of the target's. */
const labels: IssueFormField = {
  id: "labels",
  name: "Labels",
  required: false,
  type: "texts",
  allowedValues: null,
  defaultValue: null,
};

/** Everything that `fields` of a push can hold: labels, and what the provider's form has. */
export function withOwnFields(fields: readonly IssueFormField[]): readonly IssueFormField[] {
  return fields.some(({ id }) => id === labels.id) ? fields : [labels, ...fields];
}
