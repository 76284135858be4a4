import type { IssueSnapshot } from "../domain/issue-snapshot.ts";
import { type FieldCodec, standsFor } from "../mapping/field-codec.ts";
import { asList, sameLists } from "../mapping/value-lists.ts";
import type { BasePair } from "../storage/rows/link-rows.ts";
import type { PlannedPush } from "./plan-fields.ts";

/** What became of one member of a set that was sent. */
export interface JudgedMember {
  readonly base?: BasePair;
  /** The tracker did not do, or not wholly do, what it was asked. */
  readonly isRefused: boolean;
  /** Somebody has changed the set as well. */
  readonly hasNews: boolean;
}

/**
 * Compares the answer element by element: others in the set are nobody's refusal. What was half done is agreed on as far as it
 * was done, so that the rest is still ours to send.
 */
export function judgeMember(
  codec: FieldCodec,
  push: PlannedPush,
  answer: IssueSnapshot,
  agreed: BasePair | undefined,
): JudgedMember {
  const [before, target, answered] = [asList(push.before), asList(push.target), asList(codec.readRemote(answer))];
  const added = target.filter((id) => !before.includes(id));
  const removed = before.filter((id) => !target.includes(id));
  const isTaken = added.every((id) => answered.includes(id)) && !removed.some((id) => answered.includes(id));
  if (isTaken) {
    const isWhole = sameLists(answered, target);
    return {
      base: { local: push.local, remote: isWhole ? answered : target },
      isRefused: false,
      hasNews: !isWhole,
    };
  }
  if (sameLists(answered, before)) return { isRefused: true, hasNews: false };
  const done = [
    ...before.filter((id) => !removed.includes(id) || answered.includes(id)),
    ...added.filter((id) => answered.includes(id)),
  ];
  const local = agreed?.local ?? null;
  const isStill = local !== null && standsFor(codec, { local, remote: done });
  return {
    base: { local: isStill ? local : null, remote: done },
    isRefused: true,
    hasNews: !sameLists(answered, done),
  };
}
