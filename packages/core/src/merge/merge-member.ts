import type { FieldValue } from "../domain/fields.ts";
import type { FieldCodec, MemberRules } from "../mapping/field-codec.ts";
import { asList } from "../mapping/value-lists.ts";
import type { BasePair } from "../storage/rows/link-rows.ts";
import type { MergeInput, MergeResult } from "./merge-field.ts";

/** The merge of two single values, which `mergeMember` is built on. */
type MergeSingle = (input: MergeInput, remote: FieldValue, hasOwn: boolean) => MergeResult;

/** Compares who counts on either side, in the host's words. */
function personCodec({ field, toRemote, sameLocal }: FieldCodec): FieldCodec {
  return {
    field,
    readRemote: () => null,
    toRemote: (local) => (toRemote(local) === undefined ? undefined : local),
    fromRemote: (remote) => remote,
    sameLocal,
    sameRemote: sameLocal,
  };
}

/**
 * Of a write of ours that may have been half done, or wholly and then undone by somebody, nobody knows more than what is there
 * now: that is what a change of ours goes over, or will once its assignee has an account.
 */
function overOwnHalf(
  { base, local, codec }: MergeInput,
  remote: FieldValue,
  counted: FieldValue,
  result: MergeResult,
): MergeResult {
  const isPending = result.conflict?.winner === "local" || result.unmappedLocal === true;
  if (base === undefined || counted !== base.local || !isPending) return result;
  const conflict = { base: base.local, local, remote: codec.fromRemote(remote) ?? remote, winner: "local" } as const;
  return { ...result, conflict };
}

/** Like no person. */
const elsewhere: readonly string[] = [];

/** The base in the host's words. Whoever was agreed on without being there, and is there now, has come: that is a change. */
function personPair(base: BasePair, { stands }: MemberRules, remote: FieldValue): BasePair {
  const { local } = base;
  const hasCome = local !== null && !stands(local, base.remote) && stands(local, remote);
  return { local, remote: hasCome ? elsewhere : local };
}

/** Someone was assigned who stands for nobody here: they and the defect's assignee are left alone, but for a local change. */
function besideStranger(input: MergeInput, rules: MemberRules, remote: FieldValue): MergeResult {
  const { base, local } = input;
  const seen = { local: base === undefined ? local : base.local, remote };
  if (base === undefined || base.local === local) return { base: seen, unmappedRemote: true };
  const push = rules.replace(remote, base.local, local);
  if (push === undefined) return { base: seen, unmappedRemote: true, unmappedLocal: true };
  if (input.codec.sameRemote(push, remote)) return { base: { local, remote }, unmappedRemote: true };
  const replaced = asList(remote).some((id) => !push.includes(id) && !asList(base.remote).includes(id));
  const conflict = { base: base.local, local, remote, winner: "local" } as const;
  return { base: seen, push, unmappedRemote: true, ...(replaced ? { conflict } : {}) };
}

/**
 * The merge where the local value is one member of the tracker's set. Who counts is merged like any single value; the others
 * only ride along, in the base and in what is sent. Where nothing was agreed on yet, nobody gives way to somebody.
 */
export function mergeMember(
  input: MergeInput,
  rules: MemberRules,
  remote: FieldValue,
  hasOwn: boolean,
  mergeSingle: MergeSingle,
): MergeResult {
  const { base, local, codec } = input;
  const counted = rules.counted({ local, remote, base });
  if (counted === undefined) return besideStranger(input, rules, remote);
  if (base === undefined && local === null && counted !== null) {
    // What only goes out takes nobody away whom it did not assign.
    if (input.rule.direction === "out") return { base: { local, remote } };
    return { setLocal: counted, base: { local: counted, remote } };
  }
  const known = base ?? (counted === null ? { local: null, remote: [] } : undefined);
  const merged = mergeSingle(
    { ...input, codec: personCodec(codec), base: known === undefined ? undefined : personPair(known, rules, remote) },
    counted,
    hasOwn,
  );
  if (merged.freeze === true) return merged;
  const { push: wanted, base: agreed, ...others } = merged;
  const rest = hasOwn ? overOwnHalf(input, remote, counted, others) : others;
  const push = wanted === undefined ? undefined : rules.replace(remote, counted, wanted);
  const isThere = push !== undefined && codec.sameRemote(push, remote);
  if (isThere) return { ...rest, base: { local, remote } };
  const next = agreed?.local ?? (agreed === undefined ? known?.local : null);
  const isNews = base === undefined || !codec.sameRemote(base.remote, remote) || agreed !== undefined;
  return {
    ...rest,
    // Those who came or went beside the one who counts are agreed on by being seen.
    ...(isNews && next !== undefined ? { base: { local: next, remote } } : {}),
    ...(push === undefined ? {} : { push }),
  };
}
