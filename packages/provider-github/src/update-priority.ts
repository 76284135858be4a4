import type { FieldWarning } from "@backref/core/provider";
import { hasStatus, type Operation } from "@backref/provider-kit";
import type { GitHubClient } from "./client.ts";
import type { PlannedPriority } from "./issue-fields.ts";

const operation: Operation = { name: "issue.update", isWrite: true };
const valuesRoute = "/repos/{owner}/{repo}/issues/{number}/issue-field-values";

/**
 * Sets or takes away the value of one issue field, so that no other is touched. A refusal is a warning: the rest of the
 * patch still goes out, and an issue that is gone is told by the request that follows.
 */
export async function writePriority(
  client: GitHubClient,
  path: Readonly<Record<string, string>>,
  planned: PlannedPriority,
): Promise<readonly FieldWarning[]> {
  if ("problem" in planned) return [{ field: "priority", message: planned.problem }];
  const { fieldId, value } = planned;
  try {
    if (value === null) await client.request(operation, `DELETE ${valuesRoute}/{fieldId}`, { ...path, fieldId });
    else {
      const values = [{ field_id: fieldId, value }];
      await client.request(operation, `POST ${valuesRoute}`, { ...path, issue_field_values: values });
    }
    return [];
  } catch (error) {
    // 404: there is no value to take away.
    if (value === null && hasStatus(error, 404)) return [];
    const isRefusal = hasStatus(error, 403, 404, 410, 422);
    if (!isRefusal) throw error;
    return [{ field: "priority", message: error.message }];
  }
}
