import type { LinkRow } from "../storage/rows/link-rows.ts";
import type { IssueRow } from "../storage/rows/reference-rows.ts";
import type { BudgetRow, SourceRow } from "../storage/rows/source-rows.ts";
import { isHeld } from "./held-changes.ts";
import { isContainerLost } from "./lost-containers.ts";

/**
 * How a link stands, derived from what is stored and never set by hand.
 *
 * - `creating`: the issue does not exist yet · `outcome-unknown`: it may exist, and is looked for
 * - `synced`: both sides are equal · `pending`: something is to be done, and will be
 * - `conflict`: fields are frozen until a person calls `defects.resolve`
 * - `partial`: equal but for values that the other side refused, see `SyncLink.refused`
 * - `held`: more came in at once than may without a yes, see `sources.confirmChanges`
 * - `retrying`, `rate-limited`: tried again by itself, see `SyncLink.retryAt`
 * - `blocked`, `failed`: waits for a person, see `SyncLink.message`; `failed` means that the attempts are used up
 * - `paused`, `detached`: somebody said so
 * - `remote-deleted`, `remote-moved`, `no-access`: what became of the issue at the tracker
 */
export type LinkStatus =
  | "creating"
  | "outcome-unknown"
  | "synced"
  | "pending"
  | "conflict"
  | "retrying"
  | "rate-limited"
  | "partial"
  | "held"
  | "blocked"
  | "failed"
  | "paused"
  | "remote-deleted"
  | "remote-moved"
  | "no-access"
  | "detached";

/**
 * What stands against a `blocked` link. `auth`: the source needs new credentials. `permission`: its account may not do
 * this. `validation`: the tracker refuses a value. `mapping`: a value has no counterpart.
 */
export type BlockedReason = "auth" | "permission" | "validation" | "mapping";

const goneStatus = { deleted: "remote-deleted", moved: "remote-moved", "no-access": "no-access" } as const;

/**
 * The status of a link, derived from the rows and never stored.
 * @param storageNow storage clock, for waits that may be over
 */
export function linkStatusOf(rows: {
  readonly link: LinkRow;
  readonly issue: IssueRow | null;
  readonly source: SourceRow | null;
  readonly budget: BudgetRow | null;
  readonly storageNow: number;
}): { readonly status: LinkStatus; readonly blockedBy: BlockedReason | null } {
  const { link, issue, source, budget, storageNow } = rows;
  const say = (status: LinkStatus, blockedBy: BlockedReason | null = null) => ({ status, blockedBy });
  if (link.endedAt !== null) return say("detached");
  if (link.pausedAt !== null) return say("paused");
  if (issue !== null && issue.state !== "live") return say(goneStatus[issue.state]);
  const isDue = link.dueAt !== null;
  if (isDue && source?.health === "reconnect-required") return say("blocked", "auth");
  // A definite answer ends the intent, so whatever has failed beside it left the doubt as it was.
  const isInDoubt = link.intent !== null && (link.intent.looks > 0 || link.failure !== null);
  const needsPerson = !isDue && ["permanent", "mapping", "forbidden"].includes(link.failure?.failure ?? "");
  if (isInDoubt && link.issueId === null && !needsPerson) return say("outcome-unknown");
  if (isDue && budget !== null && budget.blockedUntil > storageNow) return say("rate-limited");
  switch (link.failure?.failure) {
    case "auth":
      return say("blocked", "auth");
    case "forbidden":
      return say("blocked", "permission");
    case "permanent":
      return say("blocked", "validation");
    case "gone":
      return isDue ? say("retrying") : say("blocked", "validation");
    case "mapping":
      return say("blocked", "mapping");
    case "wait":
    case "retry":
    case "ambiguous":
    case "internal":
      if (!isDue) return say("failed");
      if (isContainerLost(link.failure)) return say("no-access");
      if (link.failure.failure !== "wait") return say("retrying");
      break;
    case undefined:
      break;
  }
  if (link.issueId === null) return say("creating");
  if (source !== null && isHeld(link, source)) return say("held");
  if (link.frozen.length > 0) return say("conflict");
  if (isDue) return say("pending");
  return say(link.refused.length > 0 ? "partial" : "synced");
}
