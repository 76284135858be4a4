import type { LinkRow } from "../storage/rows/link-rows.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import { HeldBack, waitOf } from "./held-back.ts";
import { mayLagBehindUs, type Observation } from "./observe.ts";
import type { Pass } from "./pass.ts";
import { degradeBy, recoverByReads, unreadLinksOf } from "./source-recovery.ts";
import type { Workspace } from "./workspace.ts";

/** Fewer may well have been deleted one by one. */
const fewestVanished = 5;
const smallestShareVanished = 0.5;
/** A live issue that is out of reach without a reason: no other failure is told in this way. */
const code = "tracker-gone";

function isHeldBack({ failure }: LinkRow): boolean {
  return failure?.failure === "retry" && failure.code === code;
}

/** Nobody missed it so far, and it was not made a moment ago. */
function isKnownLive(work: Workspace): boolean {
  const { issue } = work;
  return issue !== null && issue.state === "live" && issue.fetchedAt !== null && !mayLagBehindUs(work);
}

/** True while what a pass found out before still stands. Who was asked to look again, but has not, is not heard yet. */
async function isKnownToVanish({ runtime }: Pass, source: SourceRow): Promise<boolean> {
  if (source.health !== "degraded") return false;
  const unread = await unreadLinksOf(runtime, source);
  return unread.some((link) => isHeldBack(link) || link.failure === null);
}

/**
 * The links about whose issues nothing is concluded, although the tracker finds them no more: many vanished at once, which
 * is more likely a lost permission than a deletion. Until some of them are found again, single ones are not believed either.
 */
export async function judgeVanished(
  pass: Pass,
  works: readonly Workspace[],
  observations: ReadonlyMap<string, Observation>,
): Promise<ReadonlyMap<Workspace, HeldBack>> {
  const { runtime, scope, session } = pass;
  const kindOf = (work: Workspace) => observations.get(work.link.id)?.outcome.kind;
  const known = works.filter((work) => isKnownLive(work) && kindOf(work) !== undefined);
  const missing = known.filter((work) => kindOf(work) === "no-access");
  const isBack = known.some((work) => kindOf(work) === "live" && isHeldBack(work.link));
  if (missing.length === 0 && !isBack) return new Map();
  // Another pass may have learned more while this one was reading.
  const query = { table: "source", by: "id", keys: [[session.source.id]] } as const;
  const [source] = await runtime.storage.find(scope, query);
  if (source === undefined) return new Map();
  // What a credential saw that was refused or replaced meanwhile says nothing about the source.
  const isCurrent =
    source.health !== "reconnect-required" && source.credentialVersion === session.source.credentialVersion;
  const isKnown = isCurrent && (await isKnownToVanish(pass, source));
  const isMany = missing.length >= fewestVanished && missing.length >= known.length * smallestShareVanished;
  if (isKnown && isBack && !isMany) await recoverByReads(runtime, source);
  if (!isMany && (!isKnown || isBack)) return new Map();
  const [first] = missing;
  if (first !== undefined && !isKnown && isCurrent) {
    const reason = `Many issues of "${source.name}" cannot be found any more, all at once. Check that its account still has access to them. Where issues are really gone, detach their links.`;
    await degradeBy(runtime, source, first.link.id, reason);
  }
  const message = `"${source.name}" finds many issues no more, this one among them. Check that its account still has access to them; if the issue is really gone, detach this link.`;
  const vanished = new HeldBack(code, message, waitOf(pass, source));
  return new Map(missing.map((work) => [work, vanished]));
}
