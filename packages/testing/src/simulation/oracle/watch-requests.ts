import type { Storage } from "@backref/core";
import type { RequestRecord } from "../kernel/transport.ts";
import type { Findings } from "./findings.ts";
import type { WriteContext } from "./history.ts";
import type { OldRead } from "./strand.ts";
import type { WatchedLink } from "./watch-storage.ts";

/** An unanswered write explains a repetition for this long. */
const doubtMs = 900_000;

/** The engine's two seconds, and what its own commits take in between. */
const freshMs = 2_500;

/** Between an answer and the next request of the same update, which some trackers take in several. */
const nextRequestMs = 100;

export interface RequestWatch {
  asked(record: RequestRecord): void;
  arrived(record: RequestRecord, idleFields: readonly string[]): void;
  limited(record: RequestRecord): void;
  contextOf(requestId: number): WriteContext;
  /** A process's newest read of an issue, where that was older than the tracker declares; null where it was not. */
  oldRead(process: string, issue: string): OldRead | null;
  /** Moments of the requests that wrote. */
  readonly writes: readonly { readonly at: number; readonly text: string }[];
}

/** Looks at every request as it leaves the engine and as it arrives. */
export function watchRequests(options: {
  readonly now: () => number;
  readonly inner: Storage;
  readonly tenantId: string;
  readonly findings: Findings;
  readonly isInUse: () => boolean;
  /** The link that an issue or a token belongs to. */
  readonly linkOf: (record: RequestRecord) => WatchedLink | null;
  /** When people last changed something at an issue. */
  readonly touchedAt: (record: RequestRecord) => number;
  /** How long an answer may travel. */
  readonly longestWayMs: number;
  /** Requests that may meet the same limit before everybody knows of it. */
  readonly mostLimited: number;
}): RequestWatch {
  const { now, inner, findings } = options;
  const reads = new Map<string, number>();
  const arrivedAt = new Map<string, number>();
  const updatedAt = new Map<string, number>();
  const oldReads = new Map<string, OldRead | null>();
  const knownAt = new Map<string, number>();
  const contexts = new Map<number, WriteContext>();
  const doubts = new Map<string, number>();
  const writes: { at: number; text: string }[] = [];
  let limitedAt = Number.NEGATIVE_INFINITY;
  let limitedCount = 0;

  /** A request that writes leaves under a lease that still holds. */
  const checkLease = async (record: RequestRecord, link: WatchedLink) => {
    const [row] = await inner.find({ tenantId: options.tenantId }, { table: "link", by: "id", keys: [[link.id]] });
    if (row === undefined) return;
    const isHeld = row.leaseOwner !== null && row.leaseUntil !== null && row.leaseUntil > record.askedAt;
    if (!isHeld) findings.add(`I2 ${record.process} sent "${record.description.text}" without a lease`);
  };

  /** Without compare-and-set an issue is read just before it is written, or the window would be as long as a batch takes. */
  const checkFresh = (record: RequestRecord, issue: string) => {
    const readAt = arrivedAt.get(`${record.process} ${issue}`);
    if (record.tracker.capabilities.compareAndSet || readAt === undefined) return;
    const ageMs = record.askedAt - readAt;
    if (ageMs <= freshMs + options.longestWayMs || record.pausedAt >= readAt) return;
    const sinceLastMs = record.askedAt - (updatedAt.get(`${record.process} ${issue}`) ?? Number.NEGATIVE_INFINITY);
    if (sinceLastMs <= options.longestWayMs + nextRequestMs) return;
    findings.add(`I3 ${record.process} sent "${record.description.text}" ${Math.round(ageMs)} ms after it had read`);
  };

  return {
    writes,
    asked(record) {
      const { figures } = findings;
      figures.requests += 1;
      if (options.isInUse()) figures.requestsInUse += 1;
      if (record.fault !== "none") figures.requestFaults += 1;
      const { kind, isWrite, aspect, issues, text } = record.description;
      if (!isWrite) return;
      if (kind === "update" && issues[0] !== undefined) checkFresh(record, issues[0]);
      writes.push({ at: record.askedAt, text });
      const [issue] = issues;
      const readAsOf = issue === undefined ? null : (reads.get(`${record.process} ${aspect} ${issue}`) ?? null);
      contexts.set(record.id, { readAsOf, isLate: record.isLate });
      const link = options.linkOf(record);
      if (link !== null) void checkLease(record, link);
    },
    arrived(record, idleFields) {
      const { kind, aspect, issues, isLook } = record.description;
      if (isLook === true) for (const issue of issues) arrivedAt.set(`${record.process} ${issue}`, now());
      if (kind === "read") {
        const staleMs = Math.max(record.server.staleMs, record.description.lagMs ?? 0);
        const isOlderThanDeclared = staleMs > (record.tracker.provider.capabilities.readLagMs ?? 0);
        for (const issue of aspect === "issue" ? issues : []) {
          arrivedAt.set(`${record.process} ${issue}`, now());
          const read = { shownAt: now() - staleMs, knownAt: knownAt.get(issue) ?? 0 };
          oldReads.set(`${record.process} ${issue}`, isOlderThanDeclared ? read : null);
        }
        for (const issue of issues) reads.set(`${record.process} ${aspect} ${issue}`, now() - staleMs);
      }
      const isAnswered = record.fault === "none" || record.fault === "stale";
      for (const issue of aspect === "issue" && isAnswered ? issues : []) {
        knownAt.set(
          issue,
          Math.max(knownAt.get(issue) ?? 0, now() - Math.max(record.server.staleMs, record.description.lagMs ?? 0)),
        );
        if (kind === "update") oldReads.set(`${record.process} ${issue}`, null);
      }
      const [issue] = issues;
      if (kind !== "update" || issue === undefined) return;
      updatedAt.set(`${record.process} ${issue}`, now());
      const isDoubtful = now() - (doubts.get(issue) ?? Number.NEGATIVE_INFINITY) < doubtMs;
      const readAsOf = contexts.get(record.id)?.readAsOf ?? 0;
      const isNews = options.touchedAt(record) >= readAsOf;
      if (idleFields.length > 0 && !isDoubtful && !isNews && record.fault === "none" && !record.isLate) {
        findings.add(`I5 "${record.description.text}" sent ${idleFields.join(", ")}, which had not changed`);
      }
      if (record.fault !== "none" || record.isLate) doubts.set(issue, now());
    },
    limited(record) {
      if (now() - limitedAt > 2_000) limitedCount = 0;
      limitedAt = now();
      limitedCount += 1;
      if (limitedCount > options.mostLimited) {
        findings.add(`I7 ${limitedCount} requests ran into the limit of ${record.tracker.name}, one after the other`);
      }
    },
    oldRead: (process, issue) => oldReads.get(`${process} ${issue}`) ?? null,
    contextOf: (requestId) => contexts.get(requestId) ?? { readAsOf: null, isLate: false },
  };
}
