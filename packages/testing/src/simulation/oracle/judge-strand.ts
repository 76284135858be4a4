import type { LocalValue } from "./meaning.ts";
import { currentDuring, type LocalEntry, type Recorded, type RemoteEntry, type Strand, wasAgreed } from "./strand.ts";

export interface StrandVerdict {
  readonly violations: readonly string[];
  /** Edits of people at the tracker that were overwritten although nobody had seen them. */
  readonly unseenOverwrites: number;
  /** Those of them that a write did which arrived after its caller had given up. */
  readonly lateOverwrites: number;
}

const show = (value: string | null) => JSON.stringify(value);

/** A read older than the tracker declares showed what the host's value stands for: it was delivered, for all anybody could tell. */
function wasShownAgreed(strand: Strand, edit: LocalEntry, next: LocalEntry): boolean {
  return strand.agreed.some(({ order, local, remote, oldRead }) => {
    if (oldRead === null || order < edit.order || order > next.order || local !== edit.value) return false;
    const shown = strand.remote.findLast((entry) => entry.at <= oldRead.shownAt);
    const missed = strand.remote.find((entry) => entry.at > oldRead.shownAt);
    const isKnown = missed !== undefined && missed.at <= oldRead.knownAt;
    return shown?.value === remote && strand.isEquivalent(edit.value, remote) && !isKnown;
  });
}

/** The engine's last write had put there what the edit says again, and only learned afterwards that it had: it was delivered. */
function wasDelivered(strand: Strand, edit: LocalEntry, next: LocalEntry): boolean {
  return strand.agreed.some(({ order, local, remote }) => {
    if (order < edit.order || order > next.order || local !== edit.value) return false;
    const own = strand.remote.findLast((entry) => entry.order < edit.order && entry.by === "engine");
    if (own?.value !== remote || !strand.isEquivalent(edit.value, remote)) return false;
    const stoodFor = strand.local.findLast((entry) => entry.order < own.order);
    return stoodFor?.value === edit.value;
  });
}

/** I3 for the host's side: what a person wrote was delivered, superseded, or recorded. */
function judgeLocalEdit(strand: Strand, edit: LocalEntry, next: LocalEntry | undefined): string | null {
  if (next === undefined || next.by === "person") return null;
  if (next.by.linkId !== strand.linkId) return null;
  const isFirstLook = strand.agreed.every((pair) => pair.order > next.order);
  if (isFirstLook && edit.value === null && strand.nobodyGivesWay) return null;
  const seen = currentDuring(strand.remote, edit.order, next.order);
  const agreed = strand.agreed.findLast((pair) => pair.order < edit.order)?.remote ?? "";
  if (seen.some((entry) => strand.hasReached(edit.value, entry.value, agreed))) return null;
  if (strand.recorded.some((row) => row.order >= edit.order && row.local === edit.value)) return null;
  if (wasAgreed(strand, "local", edit.value, edit.order, next.order)) return null;
  if (wasShownAgreed(strand, edit, next) || wasDelivered(strand, edit, next)) return null;
  return `I3 ${strand.name}: the host's ${show(edit.value)} was replaced by ${show(next.value)} without being sent or recorded`;
}

/** I4: what comes in was written by a person there, and comes in once and in order. */
function judgeInbound(strand: Strand): readonly string[] {
  const violations: string[] = [];
  let applied = -1;
  for (const [index, entry] of strand.local.entries()) {
    if (entry.by === "person" || entry.by.linkId !== strand.linkId) continue;
    const isSource = (candidate: RemoteEntry) =>
      candidate.by === "person" && candidate.order < entry.order && strand.brings(candidate.value, entry.value);
    const source = strand.remote.findIndex((candidate, at) => at > applied && isSource(candidate));
    const replaced = strand.local[index - 1]?.value ?? null;
    // After a crash a host's own edit may meet a value once more that had come in before it; it is not lost by that.
    const isRecorded = strand.recorded.some((row) => row.winner === "remote" && row.local === replaced);
    const isKnown = source < 0 && strand.remote.some(isSource);
    // A person took what the tracker said, whoever had made it say so: our own late write may have gone over the other side.
    const isChosen = strand.recorded.some(
      (row) => row.isChosen && row.winner === "remote" && row.order < entry.order && row.remote === entry.value,
    );
    if (source >= 0) applied = source;
    else if (isChosen) continue;
    else if (isKnown && isRecorded) continue;
    else if (!isKnown) violations.push(`I4 ${strand.name}: ${show(entry.value)} came in, and nobody wrote it there`);
    else violations.push(`I4 ${strand.name}: ${show(entry.value)} came in again after something newer`);
  }
  return violations;
}

/** True where the engine had read the edit before it wrote over it. */
const hadSeen = (edit: RemoteEntry, write: RemoteEntry) => write.readAsOf !== null && write.readAsOf > edit.at;

const isRecorded = (strand: Strand, edit: RemoteEntry, row: Recorded) =>
  row.remote === edit.value || strand.brings(edit.value, row.remote) || strand.isEquivalent(row.remote, edit.value);

/** Changed back to what our own last write had made of it, before anybody had seen more than that write. */
function isOwnAgain(strand: Strand, edit: RemoteEntry, next: RemoteEntry): boolean {
  const own = strand.remote.findLast((entry) => entry.order < edit.order && entry.by === "engine");
  if (own?.value !== edit.value) return false;
  const since = strand.agreed.filter((pair) => pair.order > own.order && pair.order < next.order);
  return since.every((pair) => pair.remote === edit.value);
}

/** Only took off labels that did not count: what is left says what both sides had agreed on before. */
function isTidied(strand: Strand, edit: RemoteEntry): boolean {
  const before = strand.agreed.findLast((pair) => pair.order < edit.order);
  if (before === undefined || !strand.isEquivalent(before.local, edit.value)) return false;
  const known = before.remote.split("|");
  return known.length > 1 && edit.value.split("|").every((label) => known.includes(label));
}

/** Somebody who stands for nobody here was there beside nobody, and has gone: still nobody. */
function isBackAfterStranger(strand: Strand, edit: RemoteEntry): boolean {
  const before = strand.agreed.findLast((pair) => pair.order < edit.order);
  if (before === undefined || before.local !== null || strand.isMeant(before.remote)) return false;
  return strand.isEquivalent(null, edit.value);
}

function judgeRemoteEdit(
  strand: Strand,
  edit: RemoteEntry,
  next: RemoteEntry | undefined,
  hasCompareAndSet: boolean,
): "kept" | "unseen" | string {
  if (next === undefined || next.by === "person") return "kept";
  const seen = currentDuring(strand.local, edit.order, next.order);
  if (seen.some((entry) => strand.isEquivalent(entry.value, edit.value))) return "kept";
  // Nothing stands for it here, so there is nothing that could be lost.
  if (!strand.isMeant(edit.value)) return "kept";
  if (strand.recorded.some((row) => row.order >= edit.order && isRecorded(strand, edit, row))) return "kept";
  // Both sides had come to say the same by themselves, so nobody can tell whose value it was.
  if (strand.confirmed.some((order) => order > edit.order && order < next.order)) return "kept";
  if (isOwnAgain(strand, edit, next)) return "kept";
  if (wasAgreed(strand, "remote", edit.value, edit.order, next.order)) return "kept";
  if (isTidied(strand, edit) || isBackAfterStranger(strand, edit)) return "kept";
  const what = `I3 ${strand.name}: the tracker's ${show(edit.value)} was replaced by ${show(next.value)}`;
  if (hasCompareAndSet) return `${what} unseen, in spite of compare-and-set`;
  return hadSeen(edit, next) ? `${what} although it had been read` : "unseen";
}

/** I4 for the tracker's side: each effective write stands for something the defect said. */
function judgeOutbound(strand: Strand): readonly string[] {
  return strand.remote.flatMap((entry, index) => {
    if (entry.by === "person") return [];
    const before = strand.remote[index - 1];
    const pairs = strand.agreed.filter((pair) => pair.order < entry.order);
    // A write that comes late takes off what was agreed when it was sent.
    const agreedThen = entry.isLate ? pairs : pairs.slice(-1);
    // What was agreed was taken off, and what people had put beside it meanwhile is all that is left.
    const isLeft = (value: LocalValue) =>
      before?.by === "person" &&
      ["", ...agreedThen.map(({ remote }) => remote)].some(
        (agreed) => strand.isRest(entry.value, before.value, agreed) && strand.hasReached(value, entry.value, agreed),
      );
    const wanted = strand.local.some(
      ({ order, value }) => order < entry.order && (strand.isEquivalent(value, entry.value) || isLeft(value)),
    );
    return wanted || entry.isInitial
      ? []
      : [`I4 ${strand.name}: ${show(entry.value)} was written at the tracker, and the defect never said so`];
  });
}

/** One change causes at most one effective write; a late one may undo another, which is then repaired. */
function judgeLoops(strand: Strand): readonly string[] {
  const writes = strand.remote.filter((entry) => entry.by === "engine" && !entry.isInitial);
  const late = writes.filter((entry) => entry.isLate).length;
  const causes = strand.local.filter((entry) => entry.by === "person" || entry.by.linkId !== strand.linkId).length;
  const people = strand.remote.filter((entry) => entry.by === "person").length;
  const most = causes + strand.recorded.length + people + 2 * late;
  return writes.length > most
    ? [`I4 ${strand.name}: ${writes.length} writes at the tracker for ${causes} changes here, ${people} there`]
    : [];
}

/** Judges everything that happened to one value of one link. */
export function judgeStrand(strand: Strand, hasCompareAndSet: boolean): StrandVerdict {
  const violations: string[] = [];
  let unseenOverwrites = 0;
  let lateOverwrites = 0;
  strand.local.forEach((edit, index) => {
    if (edit.by !== "person") return;
    const problem = judgeLocalEdit(strand, edit, strand.local[index + 1]);
    if (problem !== null) violations.push(problem);
  });
  strand.remote.forEach((edit, index) => {
    if (edit.by !== "person") return;
    const next = strand.remote[index + 1];
    const verdict = judgeRemoteEdit(strand, edit, next, hasCompareAndSet);
    if (verdict === "unseen" && next?.isLate === true) lateOverwrites += 1;
    if (verdict === "unseen") unseenOverwrites += 1;
    else if (verdict !== "kept") violations.push(verdict);
  });
  violations.push(...judgeInbound(strand), ...judgeOutbound(strand), ...judgeLoops(strand));
  return { violations, unseenOverwrites, lateOverwrites };
}
