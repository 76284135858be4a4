import type { FieldValue } from "../domain/fields.ts";
import type { FieldRule } from "../domain/mapping.ts";
import { asList, type FieldCodec, isAnswer } from "../mapping/field-codec.ts";
import type { BasePair, JournalEntry } from "../storage/rows/link-rows.ts";
import { mergeMember } from "./merge-member.ts";

export interface MergeInput {
  readonly codec: FieldCodec;
  readonly rule: FieldRule;
  readonly local: FieldValue;
  readonly remote: FieldValue;
  /** Undefined while both sides never agreed on anything. */
  readonly base: BasePair | undefined;
  /** Entries of this field whose fate is not known. */
  readonly journal: readonly JournalEntry[];
  readonly frozen: boolean;
  /** When each side last changed, by its own clock; null where unknown. */
  readonly changedAt: { readonly local: number | null; readonly remote: number | null };
}

export interface MergeConflict {
  readonly base: FieldValue;
  readonly local: FieldValue;
  /** As it would come in; the tracker's own values where nobody can tell which of them counts. */
  readonly remote: FieldValue;
  readonly winner: "local" | "remote" | "none";
}

/** What to do about one field. Everything absent means: nothing. */
export interface MergeResult {
  /** Set the defect's field to this. */
  readonly setLocal?: FieldValue;
  /** Make the field this, in the remote space. */
  readonly push?: FieldValue;
  /** What both sides agree on from now on, before the push is confirmed. */
  readonly base?: BasePair;
  readonly conflict?: MergeConflict;
  readonly freeze?: true;
  /** A remote value that stands for nothing here; told once. */
  readonly unmappedRemote?: true;
  /** The local value has no counterpart at the tracker. */
  readonly unmappedLocal?: true;
}

/**
 * What both sides agreed on, once the single elements of a set that our own unanswered writes have changed are counted in.
 * Null where there are none.
 */
function absorbOwnElements({ codec, base, journal, local, remote }: MergeInput): BasePair | null {
  // Where nothing is agreed on yet, what the tracker said before the first of them is where they began.
  const start = base?.remote ?? journal.find((entry) => entry.element !== undefined)?.before;
  if (start === undefined) return null;
  let elements = [...asList(start)];
  let isChanged = false;
  for (const { element } of journal) {
    if (element === undefined) continue;
    const isPresent = asList(remote).includes(element.value);
    const isKnown = elements.includes(element.value);
    if (element.operation === "add" && isPresent && !isKnown) {
      elements = codec.member?.isSingle === true ? [element.value] : [...elements, element.value];
    } else if (element.operation === "remove" && !isPresent && isKnown) {
      elements = elements.filter((value) => value !== element.value);
    } else continue;
    isChanged = true;
  }
  if (!isChanged) return null;
  const absorbed = elements.sort();
  const written = journal.findLast((entry) => entry.element !== undefined && codec.sameRemote(entry.value, absorbed));
  if (written !== undefined) return { local: written.local, remote: absorbed };
  if (base === undefined) return null;
  // Our own write was another assignee's: whoever it left out, and who is assigned here again, is not what both sides agree on.
  const hasLeft = codec.member?.stands(base.local, absorbed) === false;
  return { local: hasLeft && codec.sameLocal(local, base.local) ? null : base.local, remote: absorbed };
}

function pushLocal(input: MergeInput, remote: FieldValue): MergeResult {
  const target = input.codec.toRemote(input.local);
  if (target === undefined) return { unmappedLocal: true };
  if (input.codec.sameRemote(target, remote)) return { base: { local: input.local, remote } };
  return { push: target };
}

function takeRemote(input: MergeInput, remote: FieldValue): MergeResult {
  const { codec, local } = input;
  const target = codec.toRemote(local);
  if (target !== undefined && codec.sameRemote(target, remote)) return { base: { local, remote } };
  const value = codec.fromRemote(remote);
  if (value === undefined) return { base: { local, remote }, unmappedRemote: true };
  return { setLocal: value, base: { local: value, remote } };
}

function winnerOf(rule: FieldRule, changedAt: MergeInput["changedAt"]): "local" | "remote" | "manual" {
  if (rule.direction === "in") return "remote";
  if (rule.direction === "out") return "local";
  if (rule.conflict !== "latest") return rule.conflict;
  const { local, remote } = changedAt;
  return local !== null && remote !== null && local > remote ? "local" : "remote";
}

/** What is sent next, element by element, builds on what the tracker said then. */
function seenBefore(base: BasePair | undefined, remote: FieldValue): Pick<MergeResult, "base"> {
  return base === undefined ? {} : { base: { local: base.local, remote } };
}

function resolveConflict(input: MergeInput, remote: FieldValue, base: BasePair | undefined): MergeResult {
  const { codec, local, rule, changedAt } = input;
  const incoming = codec.fromRemote(remote);
  // Nothing stands for the remote value here, so there is nothing that could win against ours; but it has been seen.
  if (incoming === undefined) return { ...seenBefore(base, remote), ...pushLocal(input, remote), unmappedRemote: true };
  const winner = winnerOf(rule, changedAt);
  const record = (side: "local" | "remote" | "none"): MergeConflict => ({
    base: base?.local ?? null,
    local,
    remote: incoming,
    winner: side,
  });
  if (winner === "manual") return { conflict: record("none"), freeze: true };
  if (winner === "remote") return { setLocal: incoming, base: { local: incoming, remote }, conflict: record("remote") };
  const pushed = pushLocal(input, remote);
  return { ...pushed, base: pushed.base ?? { local: incoming, remote }, conflict: record("local") };
}

/** It may have been a person who made of the tracker's side what we had sent as well: what goes over it is recorded. */
function overOwn(input: MergeInput, remote: FieldValue, isChanged: boolean, base: BasePair | undefined): MergeResult {
  const pushed = pushLocal(input, remote);
  if (!isChanged || pushed.push === undefined || base === undefined) return pushed;
  const incoming = input.codec.fromRemote(remote) ?? remote;
  const conflict: MergeConflict = { base: base.local, local: input.local, remote: incoming, winner: "local" };
  return { ...pushed, conflict };
}

/** Nobody knows whether our unanswered write had arrived before it was changed there: better recorded in vain than lost. */
function recordOwn({ local }: MergeInput, result: MergeResult, base: BasePair | undefined): MergeResult {
  if (result.setLocal === undefined) return result;
  const conflict: MergeConflict = { base: base?.local ?? null, local, remote: result.setLocal, winner: "remote" };
  return { ...result, conflict };
}

/** A stop on our own way to another value, or where somebody went meanwhile: nobody can tell, so we go on and record it. */
function goOn(input: MergeInput, remote: FieldValue): MergeResult {
  const { base, codec, local } = input;
  const pushed = pushLocal(input, remote);
  const incoming = codec.fromRemote(remote);
  if (pushed.push === undefined || incoming === undefined) return pushed;
  return { ...pushed, conflict: { base: base?.local ?? null, local, remote: incoming, winner: "local" } };
}

/** @param hasOwn our own unanswered write is part of what both sides agreed on, perhaps half of it */
function mergeBothWays(input: MergeInput, remote: FieldValue, hasOwn: boolean): MergeResult {
  const { codec, base, local, journal } = input;
  const remoteChanged = base === undefined || !codec.sameRemote(remote, base.remote);
  const localChanged = base === undefined || !codec.sameLocal(local, base.local);
  const written = journal.find(
    (entry) => entry.direction === "out" && entry.element === undefined && isAnswer(codec, entry.value, remote),
  );
  if (remoteChanged && written !== undefined) {
    const agreed = { local: written.local, remote };
    if (codec.sameLocal(local, written.local)) return { base: agreed };
    const conflict: MergeConflict = { base: written.local, local, remote: written.local, winner: "local" };
    return { base: agreed, conflict, ...pushLocal(input, remote) };
  }
  const isBegun = codec.inSteps === true && journal.some((entry) => entry.direction === "out");
  if (remoteChanged && isBegun) return goOn(input, remote);
  if (!remoteChanged && hasOwn) return overOwn(input, remote, localChanged, base);
  if (!remoteChanged) return localChanged ? pushLocal(input, remote) : {};
  if (!localChanged) return hasOwn ? recordOwn(input, takeRemote(input, remote), base) : takeRemote(input, remote);
  const target = codec.toRemote(local);
  if (target !== undefined && codec.sameRemote(target, remote)) return { base: { local, remote } };
  return resolveConflict(input, remote, base);
}

/** Whoever our own write left out is agreed on no longer, also while somebody else is assigned here: they may come back. */
function withoutLeaver({ codec, base }: MergeInput, result: MergeResult): MergeResult {
  const next = result.base;
  if (base === undefined || next === undefined || base.local === null) return result;
  const hasLeft = codec.member?.stands(base.local, next.remote) === false;
  if (!hasLeft || !codec.sameLocal(next.local, base.local)) return result;
  return { ...result, base: { local: null, remote: next.remote } };
}

/**
 * The three-way merge of one field. Pure. Each half of the base is compared in its own space, so that a lossy mapping
 * never looks like a change, and moves as a pair.
 */
export function mergeField(input: MergeInput): MergeResult {
  const { codec, rule, base } = input;
  if (input.frozen || rule.direction === "never") return {};
  if (rule.direction === "once")
    return base === undefined ? { base: { local: input.local, remote: input.remote } } : {};
  const absorbed = absorbOwnElements(input);
  const known = absorbed === null ? input : { ...input, base: absorbed };
  const merge = codec.choose === undefined ? mergeBothWays : mergeSeveral;
  const result =
    codec.member === undefined
      ? merge(known, input.remote, absorbed !== null)
      : mergeMember(known, codec.member, input.remote, absorbed !== null, mergeBothWays);
  // Its journal rows end with this look, so what they explain must be agreed on from now on.
  return restrict(absorbed === null ? result : withoutLeaver(input, { base: absorbed, ...result }), rule);
}

/** The same where the tracker can hold several values at once, of which one counts and the others have to go. */
function mergeSeveral(input: MergeInput, remote: FieldValue, hasOwn: boolean): MergeResult {
  const { codec, base, local } = input;
  const chosen = codec.choose?.(remote, base);
  if (chosen === undefined) {
    // No way to tell which one counts: a local change decides, otherwise ours is kept and it is reported.
    if (base !== undefined && !codec.sameLocal(base.local, local)) {
      const conflict: MergeConflict = { base: base.local, local, remote, winner: "local" };
      if (codec.sameRemote(base.remote, remote)) return pushLocal(input, remote);
      return { ...seenBefore(base, remote), ...pushLocal(input, remote), conflict };
    }
    return base === undefined ? { base: { local, remote: [] }, unmappedRemote: true } : { unmappedRemote: true };
  }
  const counted =
    base === undefined ? undefined : { local: base.local, remote: codec.choose?.(base.remote, base) ?? base.remote };
  const result = mergeBothWays({ ...input, base: counted }, chosen, hasOwn);
  const hadLeftovers = base !== undefined && counted !== undefined && !codec.sameRemote(base.remote, counted.remote);
  const hasLeftovers = !codec.sameRemote(chosen, remote);
  const agreed = result.base ?? (hadLeftovers ? counted : undefined);
  return {
    ...result,
    // The base keeps the leftovers too, or the next look would take one of them for newly added.
    ...(agreed === undefined ? {} : { base: { local: agreed.local, remote } }),
    ...(hasLeftovers && result.push === undefined ? { push: result.base?.remote ?? chosen } : {}),
  };
}

/** Takes out what the field's direction does not allow. */
function restrict(result: MergeResult, rule: FieldRule): MergeResult {
  if (rule.direction === "two-way") return result;
  if (rule.direction === "in") {
    const { push: _push, unmappedLocal: _unmappedLocal, ...inward } = result;
    return inward;
  }
  // A remote change of a field that only goes out moves no base: it is overwritten by the next local change.
  return result.setLocal === undefined ? result : {};
}
