import type { LinkCase } from "../../engine/link-case.ts";
import { composePatch } from "../../engine/outbound.ts";
import { knownRefusedLabels } from "../../engine/pass-services.ts";
import { planLocalComments } from "../../engine/plan-comments.ts";
import type { FieldPlan } from "../../engine/plan-fields.ts";
import type { PreviewedLink } from "../source-preview-types.ts";
import type { JudgedPush } from "./preview-fields.ts";

/** What a link's next look does, as far as one look tells. */
export type PreviewedLook = Pick<PreviewedLink, "step" | "fields" | "comments" | "isSure" | "message">;

export const nothing: PreviewedLook = {
  step: "none",
  fields: [],
  comments: { out: 0, uncounted: null },
  isSure: true,
  message: null,
};

export function commentsOut(work: LinkCase): number {
  return planLocalComments(work).steps.length;
}

/** Labels that would be left out, and why. All labels of the mapping are asked for together with those named. */
export function refusedLabels(work: LinkCase, names: readonly string[]): ReadonlyMap<string, string> {
  const { capabilities, source } = work.pass.session;
  const own = capabilities.priority === "labels" ? work.mapping.priority.map((entry) => entry.remote) : [];
  return knownRefusedLabels(work.target, source.credentialVersion, [...new Set([...own, ...names])]);
}

/** What a plan would send, and what is known to stand in its way. */
export function judgePushes(work: LinkCase, { pushes }: FieldPlan): readonly JudgedPush[] {
  const { provider } = work.pass.session;
  if (provider.update === undefined) {
    const refusal = `${provider.describe().name} issues cannot be changed from here.`;
    return pushes.map((push) => ({ ...push, refusal }));
  }
  const names = composePatch(work, pushes).labels?.add ?? [];
  const refused = refusedLabels(work, names);
  const reason = names.map((name) => refused.get(name)).find((text) => text !== undefined) ?? null;
  return pushes.map((push) => ({ ...push, refusal: push.field === "priority" ? reason : null }));
}
