import type { Runtime } from "../runtime/runtime.ts";
import type { LinkRow } from "../storage/rows/link-rows.ts";
import type { PollScopeRow, SourceRow } from "../storage/rows/source-rows.ts";
import { firstScopeOf } from "./first-scope.ts";
import { changeHealth } from "./source-health.ts";

/** Degrades a source because an issue of this link could not be read: it is not well again before the link is. */
export async function degradeBy(runtime: Runtime, source: SourceRow, linkId: string, reason: string): Promise<void> {
  const first = await firstScopeOf(runtime, source);
  if (first !== undefined) {
    // Before the health, so that no poll in between finds nothing that speaks against recovery.
    await runtime.storage.commit({ tenantId: source.tenantId }, [
      { write: [{ type: "update", table: "pollScope", id: first.id, set: { degradedByLinkId: linkId } }] },
    ]);
  }
  await changeHealth(runtime, source, "degraded", reason);
}

/** True until a read of the link's issue was answered, or nobody waits for one any more. */
function isUnread(link: LinkRow): boolean {
  if (link.active === null || link.pausedAt !== null) return false;
  return link.dueAt !== null || link.failure?.failure === "retry";
}

interface Standing {
  readonly scopes: readonly PollScopeRow[];
  /** The links that degraded the source, as far as they still wait to be read. */
  readonly unread: readonly LinkRow[];
}

async function standingOf(runtime: Runtime, source: SourceRow): Promise<Standing> {
  const scope = { tenantId: source.tenantId };
  const scopes = await runtime.storage.find(scope, { table: "pollScope", by: "source", keys: [[source.id]] });
  const keys = scopes.flatMap((row) => (row.degradedByLinkId === null ? [] : [[row.degradedByLinkId]]));
  const links = keys.length === 0 ? [] : await runtime.storage.find(scope, { table: "link", by: "id", keys });
  return { scopes, unread: links.filter(isUnread) };
}

export async function unreadLinksOf(runtime: Runtime, source: SourceRow): Promise<readonly LinkRow[]> {
  return (await standingOf(runtime, source)).unread;
}

/** Holds nothing against the source but what its scopes say themselves. */
async function absolve(runtime: Runtime, source: SourceRow, scopes: readonly PollScopeRow[]): Promise<void> {
  if (scopes.every((row) => row.problem === null)) await changeHealth(runtime, source, "ok", null);
  const blaming = scopes.filter((row) => row.degradedByLinkId !== null);
  if (blaming.length === 0) return;
  // Only what was judged here: a pass may have degraded the source anew meanwhile.
  await runtime.storage.commit(
    { tenantId: source.tenantId },
    blaming.map(({ id, degradedByLinkId }) => ({
      require: [{ table: "pollScope", id, match: { degradedByLinkId } }],
      write: [{ type: "update", table: "pollScope", id, set: { degradedByLinkId: null } }],
    })),
  );
}

/** Declares a degraded source well because its issues are read again, unless one of its scopes has a problem of its own. */
export async function recoverByReads(runtime: Runtime, source: SourceRow): Promise<void> {
  await absolve(runtime, source, (await standingOf(runtime, source)).scopes);
}

/**
 * Declares a degraded source well after a turn of one of its scopes that went well: when all its scopes are, and the link
 * that degraded it waits no more.
 * @param polled the turn asked the tracker; one that did not proves nothing by itself
 */
export async function recoverByTurn(runtime: Runtime, source: SourceRow, polled: boolean): Promise<void> {
  const { scopes, unread } = await standingOf(runtime, source);
  const isProven = polled || scopes.some((row) => row.degradedByLinkId !== null);
  if (isProven && unread.length === 0) await absolve(runtime, source, scopes);
}
