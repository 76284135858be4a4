import type { FieldValue } from "../domain/fields.ts";
import type { FieldRule } from "../domain/mapping.ts";
import { asList, type FieldCodec } from "../mapping/field-codec.ts";
import type { BasePair, JournalEntry } from "../storage/rows/link-rows.ts";

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

/** Undoes, in the base, the single elements of a set that our own unanswered writes have changed. */
function rebaseElements(
  input: MergeInput,
  remote: FieldValue,
): { readonly base: BasePair | undefined; readonly own: boolean } {
  const { base, journal } = input;
  let own = false;
  if (base === undefined) return { base, own };
  let elements = [...asList(base.remote)];
  for (const { element } of journal) {
    if (element === undefined) continue;
    const present = asList(remote).includes(element.value);
    if (element.operation === "add" && present && !elements.includes(element.value)) {
      elements.push(element.value);
      own = true;
    }
    if (element.operation === "remove" && !present && elements.includes(element.value)) {
      elements = elements.filter((value) => value !== element.value);
      own = true;
    }
  }
  return own ? { base: { local: base.local, remote: elements.sort() }, own } : { base, own };
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

function resolveConflict(input: MergeInput, remote: FieldValue, base: BasePair | undefined): MergeResult {
  const { codec, local, rule, changedAt } = input;
  const incoming = codec.fromRemote(remote);
  // Nothing stands for the remote value here, so there is nothing that could win against ours.
  if (incoming === undefined) return { ...pushLocal(input, remote), unmappedRemote: true };
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

function mergeBothWays(input: MergeInput, remote: FieldValue): MergeResult {
  const { codec, local, journal } = input;
  const { base, own } = rebaseElements(input, remote);
  const remoteChanged = base === undefined || !codec.sameRemote(remote, base.remote);
  const localChanged = base === undefined || !codec.sameLocal(local, base.local);
  const written = journal.find(
    (entry) => entry.direction === "out" && entry.element === undefined && codec.sameRemote(entry.value, remote),
  );
  if (remoteChanged && written !== undefined) {
    const agreed = { local: written.local, remote };
    if (codec.sameLocal(local, written.local)) return { base: agreed };
    const conflict: MergeConflict = { base: written.local, local, remote: written.local, winner: "local" };
    return { base: agreed, conflict, ...pushLocal(input, remote) };
  }
  if (!remoteChanged) return localChanged || own ? pushLocal(input, remote) : {};
  if (!localChanged) return takeRemote(input, remote);
  const target = codec.toRemote(local);
  if (target !== undefined && codec.sameRemote(target, remote)) return { base: { local, remote } };
  return resolveConflict(input, remote, base);
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
  const chosen = codec.choose === undefined ? input.remote : codec.choose(input.remote, base?.remote);
  if (chosen === undefined) {
    const settled = base !== undefined && codec.sameRemote(base.remote, input.remote);
    if (settled && codec.sameLocal(base.local, input.local)) return {};
    // Several values and no way to tell which one counts: a local change decides, otherwise ours is kept and it is reported.
    return base !== undefined && !codec.sameLocal(base.local, input.local)
      ? pushLocal(input, input.remote)
      : { base: { local: input.local, remote: input.remote }, unmappedRemote: true };
  }
  const result = mergeBothWays(input, chosen);
  const leftover = !codec.sameRemote(chosen, input.remote);
  const complete = leftover && result.push === undefined ? { ...result, push: result.base?.remote ?? chosen } : result;
  return restrict(complete, rule);
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
