import type { Storage } from "@backref/core";
import type { StorageScope } from "@backref/core/storage";
import { remoteFields } from "../tracker/remote-tracker.ts";
import type { Findings } from "./findings.ts";
import type { History } from "./history.ts";
import { toRemote } from "./meaning.ts";

/** A link that has nothing to do says what the defect says: every change of the host's has made it due. */
export async function checkRest(request: {
  readonly inner: Storage;
  readonly history: History;
  readonly findings: Findings;
  readonly scope: StorageScope;
  readonly linkId: string;
  /** False where a host may not have told of a change yet. */
  readonly isNoticed: boolean;
}): Promise<void> {
  const { inner, history, findings, scope, linkId } = request;
  const [link] = await inner.find(scope, { table: "link", by: "id", keys: [[linkId]] });
  if (link === undefined || !request.isNoticed) return;
  const isAtRest = link.dueAt === null && link.leaseOwner === null && link.active === 1 && link.pausedAt === null;
  if (!isAtRest || link.failure !== null || link.issueId === null) return;
  const [issue] = await inner.find(scope, { table: "issue", by: "id", keys: [[link.issueId]] });
  if (issue?.state !== "live") return;
  if (link.heldEpoch !== null) return;
  for (const field of remoteFields) {
    const base = link.base[field];
    const value = history.localOf(link.defectId, field).at(-1)?.value ?? null;
    const isExcused = link.frozen.includes(field) || link.refused.some((row) => row.field === field);
    if (base === undefined || isExcused) continue;
    const agreed = typeof base.local === "string" ? base.local : null;
    const isText = field === "title" || field === "description";
    const isSame = isText ? toRemote(field, agreed) === toRemote(field, value) : agreed === value;
    if (!isSame)
      findings.add(
        `I6 link ${linkId} rests although ${field} is ${JSON.stringify(value)}, agreed is ${JSON.stringify(agreed)}`,
      );
  }
}
