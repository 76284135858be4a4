import type { IssueSnapshot } from "../domain/issue-snapshot.ts";
import { issueAddress } from "../issues/issue-cache.ts";
import type { ReadOutcome } from "../provider/groups/read.ts";
import type { LinkRow } from "../storage/rows/link-rows.ts";
import { digestOf } from "./digest.ts";
import type { LinkCase } from "./link-case.ts";
import { waitingLinks } from "./linked-files.ts";
import type { Pass } from "./pass.ts";
import { isRefused } from "./refusals.ts";
import type { Workspace } from "./workspace.ts";

/** What a read said about a link's issue, and when that read began (by the clock's `monotonic`). */
export interface Observation {
  readonly outcome: ReadOutcome;
  readonly readAt: number;
  /** Nothing was read: it is what the last look said. @default false */
  readonly isRemembered?: boolean;
}

/** True where the defect differs from what both sides last agreed on, in a field that goes out. */
function hasLocalChanges(work: LinkCase): boolean {
  const { link, defect, codecs, mapping } = work;
  if (defect === null) return false;
  return codecs.some((codec) => {
    const { direction } = mapping.fields[codec.field];
    if (direction === "never" || link.frozen.includes(codec.field)) return false;
    const base = link.base[codec.field];
    if (base === undefined) return true;
    if (direction !== "two-way" && direction !== "out") return false;
    const local = defect[codec.field] ?? null;
    const refused = isRefused(work, codec.field, local);
    return !refused && !codec.sameLocal(local, base.local);
  });
}

/** Reads are spent only where a hint, a local change or an open question asks for one. */
export function needsObservation(work: LinkCase): boolean {
  const { link } = work;
  if (link.issueId === null || work.issue === null || work.defect === null) return false;
  return (
    link.checkIssue ||
    link.unconfirmed !== null ||
    link.journal.some((entry) => entry.direction === "out") ||
    hasLocalChanges(work) ||
    waitingLinks(work).length > 0
  );
}

/**
 * The issue as it was last acted on, where that is enough: the tracker itself refuses a write over a change that was not
 * seen, and nothing but a local change asks for the look. Null where only a read tells.
 */
function remembered(work: LinkCase): IssueSnapshot | null {
  const { link, issue, codecs, pass } = work;
  const snapshot = issue?.snapshot ?? null;
  if (!pass.session.capabilities.compareAndSet || snapshot === null || issue?.state !== "live") return null;
  const isAskedFor = link.checkIssue || link.unconfirmed !== null || link.journal.length > 0;
  if (isAskedFor || waitingLinks(work).length > 0 || !hasLocalChanges(work)) return null;
  const isLastSeen = snapshot.version === link.seenVersion && snapshot.version >= link.hintVersion;
  return isLastSeen && link.seenDigest === digestOf(codecs, snapshot) ? snapshot : null;
}

/** Looks at the issues of many links; those that are known well enough are not read. */
export async function observe(pass: Pass, works: readonly Workspace[]): Promise<ReadonlyMap<string, Observation>> {
  const known = new Map<string, Observation>();
  for (const work of works) {
    const issue = remembered(work);
    const readAt = pass.runtime.clock.monotonic();
    if (issue !== null) known.set(work.link.id, { outcome: { kind: "live", issue }, readAt, isRemembered: true });
  }
  const unknown = works.filter(({ link }) => !known.has(link.id));
  return new Map([...known, ...(await readIssues(pass, unknown))]);
}

/** Reads the issues of many links, in batches as large as the tracker allows. */
export async function readIssues(pass: Pass, works: readonly Workspace[]): Promise<ReadonlyMap<string, Observation>> {
  const observations = new Map<string, Observation>();
  const { read } = pass.session.provider;
  if (read === undefined) return observations;
  const size = pass.session.capabilities.readBatchSize;
  const batches: Workspace[][] = [];
  for (let start = 0; start < works.length; start += size) batches.push(works.slice(start, start + size));
  await Promise.all(
    batches.map((batch) =>
      pass.slots.run(async () => {
        const readAt = pass.runtime.clock.monotonic();
        const issues = batch.flatMap((work) => (work.issue === null ? [] : issueAddress(work.issue)));
        const outcomes = await read.issues(pass.call(), { issues });
        batch.forEach((work, index) => {
          const outcome = outcomes[index];
          if (outcome !== undefined) observations.set(work.link.id, { outcome, readAt });
        });
      }),
    ),
  );
  return observations;
}

/** Clocks of processes differ by less than this. What lies further ahead was told by a clock that has been set back since. */
const mostAheadMs = 120_000;

/** Shortly after our own write, or after it was seen, a read may be older than that and miss the issue itself. */
export function mayLagBehindUs({ link, issue, pass }: LinkCase): boolean {
  const knownAt = Math.max(link.syncedAt ?? 0, issue?.fetchedAt ?? 0);
  const ageMs = pass.runtime.clock.now() - knownAt;
  return ageMs > -mostAheadMs && ageMs < pass.session.capabilities.readLagMs;
}

export type Acceptance =
  | { readonly kind: "accepted" }
  /** Look again after a while; `set` says why the row remembers it. */
  | { readonly kind: "again"; readonly afterMs: number; readonly set: Partial<LinkRow> };

/**
 * Refuses snapshots that may be older than what was already acted on. Where versions are coarse, other content under the same
 * version is believed only when a second read, granularity and lag later, says the same.
 */
export function acceptSnapshot(work: LinkCase, issue: IssueSnapshot): Acceptance {
  const { link, codecs, pass } = work;
  const { versionGranularityMs, readLagMs } = pass.session.capabilities;
  const digest = digestOf(codecs, issue);
  if (issue.version < Math.max(link.seenVersion, link.hintVersion)) {
    const since = link.unconfirmed ?? { digest: "older", at: pass.now() };
    // A version that never comes back was lost with the tracker's own data: what it says now is all there is.
    const isLost = pass.now() - since.at >= pass.runtime.limits.createGraceMs;
    if (!isLost) return { kind: "again", afterMs: readLagMs, set: { unconfirmed: since, checkIssue: true } };
    return { kind: "accepted" };
  }
  const isNews = issue.version > link.seenVersion || link.seenDigest === null || link.seenDigest === digest;
  if (isNews || versionGranularityMs === 0) return { kind: "accepted" };
  const waitMs = versionGranularityMs + readLagMs;
  const now = pass.now();
  const pending = link.unconfirmed?.digest === digest ? link.unconfirmed : { digest, at: now };
  const leftMs = pending.at + waitMs - now;
  if (leftMs <= 0) return { kind: "accepted" };
  return { kind: "again", afterMs: leftMs, set: { unconfirmed: pending, checkIssue: true } };
}
