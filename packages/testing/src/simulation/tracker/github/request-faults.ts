import type { Fault } from "../../../github/index.ts";
import type { RequestDescription, ServerFault } from "../remote-tracker.ts";
import type { GitHubRequest } from "./describe-request.ts";

/** The member of an update that GitHub ignores; a reason says nothing without its state. */
function droppedMembers({ body }: GitHubRequest): readonly string[] {
  const [first] = Object.keys(body);
  if (first === undefined) return [];
  return first === "state" ? ["state", "state_reason"] : [first];
}

/** What the fake does wrong with one request, in the words of its faults; null for nothing. */
export function faultFor(request: GitHubRequest, { kind }: RequestDescription, fault: ServerFault): Fault | null {
  if (fault.staleMs > 0) return { kind: "stale", ms: fault.staleMs };
  if (fault.refusesLabels && /\/labels$/.test(request.path)) return { kind: "label-refused" };
  const fields = fault.dropsField && kind === "update" ? droppedMembers(request) : [];
  return fields.length > 0 ? { kind: "drop-fields", fields } : null;
}
