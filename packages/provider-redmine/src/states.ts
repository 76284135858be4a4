import type { FieldWarning, IssueAddress, StateTarget, StatusCategory } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { RedmineCall, RedmineClient } from "./client.ts";
import { issueAddress } from "./keys.ts";
import { categoryOf, type Status, statusShape } from "./map-issue.ts";

const issueShape = z.object({
  issue: z.object({ status: statusShape, allowed_statuses: z.array(statusShape).nullish() }),
});

export interface StatusChoice {
  /** Null where the issue is there already, or where no way leads. */
  readonly statusId: number | null;
  readonly warnings: readonly FieldWarning[];
}

/**
 * The status to set, out of those that the workflow lets the account set now. Redmine takes any other without a word and leaves
 * the issue where it is. One request.
 */
export async function chooseStatus(
  call: RedmineCall,
  client: RedmineClient,
  operation: Operation,
  address: IssueAddress,
  target: StateTarget,
): Promise<StatusChoice> {
  const query = { include: "allowed_statuses" };
  const answer = await client.request(operation, "GET", issueAddress(address), { query });
  const { issue } = answer.as((data) => parseShape(issueShape, data, "answer"));
  const wanted = wantedCategory(call, target);
  const named = target.state?.trim().toLowerCase();
  const fits = (status: Status) =>
    named === undefined
      ? categoryOf(status, call.options) === wanted
      : status.id === named || status.name.toLowerCase() === named;
  if (fits(issue.status)) return { statusId: null, warnings: [] };
  const allowed = issue.allowed_statuses ?? [];
  const chosen = allowed.find(fits);
  if (chosen !== undefined) return { statusId: Number(chosen.id), warnings: [] };
  const others = allowed.filter(({ id }) => id !== issue.status.id).map(({ name }) => `"${name}"`);
  const message = `No status ${named === undefined ? `that means ${wanted}` : `"${target.state}"`} can be reached from "${issue.status.name}" by the workflow of the account's roles (${others.length === 0 ? "none can" : `possible: ${others.join(", ")}`}).`;
  return { statusId: null, warnings: [{ field: "state", message }] };
}

/** Where no status means that somebody works on it, that is open. */
function wantedCategory({ options }: Pick<RedmineCall, "options">, { category }: StateTarget): StatusCategory {
  return category === "active" && options.activeStatuses.length === 0 ? "open" : category;
}
