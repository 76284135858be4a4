import type { FieldValue, SyncField } from "../domain/fields.ts";
import type { IssueSnapshot } from "../domain/issue-snapshot.ts";
import { type FieldCodec, isAnswer, standsFor } from "../mapping/field-codec.ts";
import { type MergeConflict, mergeField } from "../merge/merge-field.ts";
import type { BasePair, JournalEntry, RefusedField } from "../storage/rows/link-rows.ts";
import type { LinkCase } from "./link-case.ts";
import { loserOf } from "./put-back.ts";
import { isRefused, refusal } from "./refusals.ts";

export interface PlannedPush {
  readonly field: SyncField;
  readonly local: FieldValue;
  /** What the issue shall say, in the remote space. */
  readonly target: FieldValue;
  /** What it says now. */
  readonly before: FieldValue;
  /** The whole body, where nothing of the description changes but the managed block in it. */
  readonly body?: string;
}

/** What one look at both sides asks for. */
export interface FieldPlan {
  readonly setLocal: Readonly<Partial<Record<SyncField, string | null>>>;
  readonly base: Readonly<Partial<Record<SyncField, BasePair>>>;
  readonly pushes: readonly PlannedPush[];
  readonly conflicts: readonly (MergeConflict & { readonly field: SyncField })[];
  /** Losers of an earlier attempt over a host's own store, which died before it could write them down. */
  readonly overdue: readonly (MergeConflict & { readonly field: SyncField })[];
  readonly freeze: readonly SyncField[];
  /** Remote values without a counterpart, not reported before. */
  readonly unmapped: readonly { readonly field: SyncField; readonly remote: string }[];
  /** Fields whose local value the tracker cannot take as it is, and why. */
  readonly problems: readonly {
    readonly field: SyncField;
    readonly code: "mapping" | "validation";
    readonly message: string;
  }[];
  /** Values that have no counterpart at the tracker, and which hold up nothing else. */
  readonly unplaced: readonly RefusedField[];
  /** Fields that came in before the last holder died, and have not been told of yet. */
  readonly arrived: readonly SyncField[];
  /** Journal entries that are still open after this look. */
  readonly journal: readonly JournalEntry[];
}

const maxLengthOf = { title: "title", description: "body" } as const;

function lengthProblem(work: LinkCase, push: PlannedPush, bodyLength: (userPart: string) => number): string | null {
  if (push.field !== "title" && push.field !== "description") return null;
  const limit = work.pass.session.capabilities.maxLength[maxLengthOf[push.field]];
  const text = typeof push.target === "string" ? push.target : "";
  const length = push.field === "description" ? bodyLength(text) : text.length;
  if (limit === null || length <= limit) return null;
  return `The ${push.field} has ${length} characters with what Backref adds; the tracker takes ${limit}. Shorten it in the defect.`;
}

/** An unanswered write is settled by a read that shows its value, or by one that began after the grace period. */
function openEntries(work: LinkCase, issue: IssueSnapshot, readStartedAt: number): readonly JournalEntry[] {
  const { capabilities } = work.pass.session;
  return work.link.journal.filter((entry) => {
    if (entry.direction === "in") return false;
    if (capabilities.compareAndSet && issue.version > entry.ifVersion) return false;
    return entry.at + work.pass.runtime.limits.createGraceMs > readStartedAt;
  });
}

/**
 * What both sides agreed on, under today's mapping. A mapping that an admin changed sends and applies nothing by itself: where
 * the agreed values do not stand for each other any more, what the issue says now counts as agreed. Values that never did
 * are compared as before, or a change of somebody's would pass for the admin's.
 */
function rebased(work: LinkCase, codec: FieldCodec, remote: FieldValue, local: FieldValue): BasePair | undefined {
  const base = work.link.base[codec.field];
  if (work.link.mappingVersion === work.pass.session.source.mappingVersion) return base;
  if (base === undefined) {
    // Assignees begin to travel with the next change of one: people are not to be told of all that are there already.
    const isNewToLink = codec.member !== undefined && Object.keys(work.link.base).length > 0;
    return isNewToLink ? { local, remote } : undefined;
  }
  return base.isApart === true || standsFor(codec, base) ? base : { local: base.local, remote };
}

/** A pair as it is kept. */
function kept(codec: FieldCodec, { local, remote }: BasePair): BasePair {
  return standsFor(codec, { local, remote }) ? { local, remote } : { local, remote, isApart: true };
}

/** What the tracker gave by itself gives way to what the defect says by now, as long as nobody has written another there. */
function isGivenByItself(codec: FieldCodec, remote: FieldValue, agreed: BasePair | undefined): boolean {
  return agreed?.given !== undefined && codec.sameRemote(agreed.given, remote);
}

const unmappedPerson = (userId: FieldValue): string =>
  `The assignee "${String(userId)}" has no account at the tracker that is known here. Tell whose it is with people.set, or assign somebody else.`;

/**
 * Merges every field of a link against one snapshot. Pure: it changes nothing.
 * @param readStartedAt by the storage's clock
 */
export function planFields(
  work: LinkCase,
  issue: IssueSnapshot,
  readStartedAt: number,
  bodyLength: (userPart: string) => number,
): FieldPlan {
  const { link, defect, codecs, mapping } = work;
  const setLocal: Partial<Record<SyncField, string | null>> = {};
  const base: Partial<Record<SyncField, BasePair>> = {};
  const pushes: PlannedPush[] = [];
  const conflicts: (MergeConflict & { field: SyncField })[] = [];
  const overdue: (MergeConflict & { field: SyncField })[] = [];
  const freeze: SyncField[] = [];
  const arrived: SyncField[] = [];
  const unplaced: RefusedField[] = [];
  const unmapped: { field: SyncField; remote: string }[] = [];
  const problems: FieldPlan["problems"][number][] = [];
  if (defect === null) throw new TypeError("A link without its defect cannot be merged.");
  const settledValues = new Map<SyncField, FieldValue>();

  for (const codec of codecs) {
    const { field } = codec;
    const local = defect[field] ?? null;
    const remote = codec.readRemote(issue);
    const old = rebased(work, codec, remote, local);
    const inbound = link.journal.find((entry) => entry.direction === "in" && entry.field === field);
    const hasArrived = inbound !== undefined && codec.sameLocal(inbound.local, local);
    const mayHaveArrived = inbound !== undefined && !codec.sameLocal(inbound.before, local);
    if (hasArrived) arrived.push(field);
    if (mayHaveArrived && inbound.conflict !== undefined) overdue.push({ ...inbound.conflict, field });
    const agreed = hasArrived
      ? { local: inbound.local, remote: inbound.value }
      : // Neither what came in nor what was there before: a person has edited it since, whatever both sides had agreed on.
        mayHaveArrived && old !== undefined
        ? { local: inbound.before, remote: old.remote }
        : old;
    const merged = mergeField({
      codec,
      rule: mapping.fields[field],
      local,
      remote,
      base: isGivenByItself(codec, remote, agreed) && local !== null ? { local: null, remote } : agreed,
      journal: link.journal.filter((entry) => entry.field === field && entry.direction === "out"),
      frozen: link.frozen.includes(field),
      changedAt: { local: defect.changedAt?.[field] ?? null, remote: issue.updatedAt },
    });
    const result = merged.setLocal !== undefined && isRefused(work, field, remote, "in") ? {} : merged;
    settledValues.set(field, remote);
    const nextBase = result.base ?? agreed;
    if (nextBase !== undefined && nextBase !== link.base[field]) base[field] = kept(codec, nextBase);
    if (result.setLocal !== undefined) setLocal[field] = typeof result.setLocal === "string" ? result.setLocal : null;
    if (result.conflict !== undefined) conflicts.push({ ...result.conflict, field });
    else if (inbound !== undefined) {
      const sides = { local, agreed: agreed?.local ?? null, next: result.setLocal };
      const given = loserOf({ inbound, ...sides, hasArrived, isChanged: mayHaveArrived }, defect);
      if (given !== null) (result.setLocal === undefined ? overdue : conflicts).push({ ...given, field });
    }
    if (result.freeze === true) freeze.push(field);
    if (result.unmappedRemote === true && link.reported[field] !== JSON.stringify(remote)) {
      unmapped.push({ field, remote: JSON.stringify(remote) });
    }
    if (result.unmappedLocal === true && field === "assignee") {
      if (!isRefused(work, field, local)) unplaced.push(refusal(work, field, local, unmappedPerson(local)));
    } else if (result.unmappedLocal === true) {
      const message = `The ${field} "${String(local)}" has no counterpart in the mapping of this target. Map it, or choose another value.`;
      problems.push({ field, code: "mapping", message });
    }
    if (result.push === undefined) continue;
    if (isRefused(work, field, local)) continue;
    // What comes in and goes out in one look, such as the one of two labels that counts, stands for the value that came in.
    const push: PlannedPush = { field, local: result.setLocal ?? local, target: result.push, before: remote };
    const tooLong = lengthProblem(work, push, bodyLength);
    if (tooLong === null) pushes.push(push);
    else problems.push({ field, code: "validation", message: tooLong });
  }

  const shown = (entry: JournalEntry) => {
    if (entry.repeated === true) return false;
    const remote = settledValues.get(entry.field) ?? null;
    const codec = codecs.find((candidate) => candidate.field === entry.field);
    if (codec === undefined) return false;
    if (entry.element === undefined) return isAnswer(codec, entry.value, remote);
    // Where there is room for one, somebody else's coming takes the former one off as well: our own write may still be on its way.
    if (codec.member?.isSingle === true) return codec.sameRemote(entry.value, remote);
    const present = Array.isArray(remote) && remote.includes(entry.element.value);
    return present === (entry.element.operation === "add");
  };
  const journal = openEntries(work, issue, readStartedAt).filter((entry) => !shown(entry));
  return { setLocal, base, pushes, conflicts, overdue, freeze, unmapped, problems, unplaced, arrived, journal };
}
