import type { IssueFormField } from "../provider/groups/form.ts";
import type { IssueFormRow } from "../storage/rows/form-rows.ts";

/** A form's fields, as the provider told them. */
export function formFieldsOf(row: Pick<IssueFormRow, "fields">): readonly IssueFormField[] {
  return row.fields as unknown as readonly IssueFormField[];
}
