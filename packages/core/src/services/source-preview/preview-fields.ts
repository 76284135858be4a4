import type { FieldValue } from "../../domain/fields.ts";
import type { IssueSnapshot } from "../../domain/issue-snapshot.ts";
import type { LinkCase } from "../../engine/link-case.ts";
import type { FieldPlan, PlannedPush } from "../../engine/plan-fields.ts";
import { asList, type FieldCodec, standsFor, stateTargetOf } from "../../mapping/field-codec.ts";
import type { PreviewedField, PreviewOutcome } from "../source-preview-types.ts";
import { previewWords } from "./preview-words.ts";

/** A push that a pass would make, or why it would not. */
export type JudgedPush = PlannedPush & { readonly refusal: string | null };

type Draft = Omit<PreviewedField, "message">;

/** The issue's value as people see it there. */
export function issueWords(codec: FieldCodec, snapshot: IssueSnapshot): FieldValue {
  return codec.field === "status" ? snapshot.state.name : codec.readRemote(snapshot);
}

/** What a push makes of it, in the same words. Of a state that is asked for by category the tracker chooses which one. */
function pushedWords(
  work: LinkCase,
  { field, local, target }: Pick<PlannedPush, "field" | "local" | "target">,
): FieldValue {
  if (field !== "status") return target;
  const state = stateTargetOf(work.mapping, typeof local === "string" ? local : "");
  return state?.state ?? state?.category ?? target;
}

/** What the issue's value stands for here; null for nothing. */
function meaningOf(codec: FieldCodec, snapshot: IssueSnapshot): FieldValue {
  return codec.fromRemote(codec.readRemote(snapshot)) ?? null;
}

function atRest(work: LinkCase, codec: FieldCodec, remote: FieldValue, local: FieldValue): PreviewOutcome | null {
  const { direction } = work.mapping.fields[codec.field];
  if (direction === "never" || direction === "once") return null;
  if (work.link.frozen.includes(codec.field)) return "frozen";
  if (standsFor(codec, { local, remote })) return null;
  if (work.link.refused.some((row) => row.field === codec.field)) return "refused";
  // A list of labels is known as such; only what is none of ours, or missing, stands for nothing.
  const isUnmapped = codec.fromRemote(remote) === undefined && asList(remote).length < 2;
  return isUnmapped ? "unmapped" : "apart";
}

/** Why a value is not tried again. That ends with the look after the first one under another mapping. */
function refusalOf({ link, pass }: LinkCase, field: PreviewedField["field"]): string | null {
  const refused = link.refused.find((row) => row.field === field);
  if (refused === undefined) return null;
  const isNew = link.mappingVersion !== pass.session.source.mappingVersion;
  return isNew ? `${refused.reason} After the first look under the new mapping it is tried again.` : refused.reason;
}

/** What a look makes of each field that has something to say. */
export function previewFields(
  work: LinkCase,
  snapshot: IssueSnapshot,
  found: {
    readonly plan: FieldPlan;
    readonly pushes: readonly JudgedPush[];
    /** How the stored mapping reads it, where another one is tried out. */
    readonly stored: readonly FieldCodec[];
  },
): readonly PreviewedField[] {
  const { plan, pushes, stored } = found;
  return work.codecs.flatMap((codec): readonly PreviewedField[] => {
    const { field } = codec;
    const local = work.defect?.[field] ?? null;
    const planned = pushes.find((push) => push.field === field);
    const push = planned?.refusal === null ? planned : undefined;
    const incoming = plan.setLocal[field];
    const conflict = plan.conflicts.find((entry) => entry.field === field);
    const problem = plan.problems.find((entry) => entry.field === field);
    const before = stored.find((entry) => entry.field === field) ?? codec;
    const reading = { stored: meaningOf(before, snapshot), previewed: meaningOf(codec, snapshot) };
    const isReread = JSON.stringify(reading.stored) !== JSON.stringify(reading.previewed);
    const settle = (): PreviewOutcome | null => {
      if (conflict !== undefined) return "conflict";
      if (incoming !== undefined) return "in";
      if (planned?.refusal) return "refused";
      if (push !== undefined) return "out";
      if (problem !== undefined) return "blocked";
      return atRest(work, codec, codec.readRemote(snapshot), local) ?? (isReread ? "reread" : null);
    };
    const outcome = settle();
    if (outcome === null) return [];
    const now = issueWords(codec, snapshot);
    const draft: Draft = {
      field,
      outcome,
      winner: conflict?.winner ?? null,
      defect: { now: local, after: incoming === undefined ? local : incoming },
      issue: { now, after: push === undefined ? now : pushedWords(work, push) },
      reading: isReread ? reading : null,
    };
    const because = problem?.message ?? planned?.refusal ?? (outcome === "refused" ? refusalOf(work, field) : null);
    return [{ ...draft, message: previewWords(draft, work.mapping.fields[field], because) }];
  });
}
