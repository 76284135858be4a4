import type { JsonObject } from "@backref/core/provider";
import { hasStatus } from "@backref/provider-kit";

/**
 * Jira refuses a whole write for an assignee whom it does not know or who cannot be assigned, and does nothing of it. The rest
 * is sent without: that nobody was assigned shows in the answer.
 *
 * @param isAsked whether the assignee is the defect's: one among the fields of a push is refused by name
 */
export async function withoutUnknownUser<Answer>(
  fields: JsonObject,
  isAsked: boolean,
  send: (fields: JsonObject) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await send(fields);
  } catch (error) {
    const isRefused = hasStatus(error, 400) && error.issues.some(({ path }) => path[0] === "assignee");
    if (!isAsked || !isRefused) throw error;
    const { assignee: _refused, ...rest } = fields;
    return await send(rest);
  }
}
