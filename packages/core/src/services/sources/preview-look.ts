import type { LinkCase } from "../../engine/link-case.ts";
import { knownRefusedLabels } from "../../engine/pass-services.ts";
import { planLocalComments } from "../../engine/plan-comments.ts";
import type { PreviewedLink } from "../source-preview-types.ts";

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
