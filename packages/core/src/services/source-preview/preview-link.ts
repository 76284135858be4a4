import type { IssueSnapshot } from "../../domain/issue-snapshot.ts";
import { countKnown } from "../../engine/comment-count.ts";
import type { LinkCase } from "../../engine/link-case.ts";
import { acceptSnapshot } from "../../engine/observe.ts";
import { bodyLengthOf } from "../../engine/outbound.ts";
import { planFields } from "../../engine/plan-fields.ts";
import { comesIn } from "../../mapping/check-mapping.ts";
import type { ReadOutcome } from "../../provider/groups/read.ts";
import type { PreviewStep } from "../source-preview-types.ts";
import { previewCreate } from "./preview-create.ts";
import { previewFields } from "./preview-fields.ts";
import { commentsOut, judgePushes, nothing, type PreviewedLook } from "./preview-look.ts";

export interface PreviewedCase {
  /** Under the mapping that is previewed. */
  readonly work: LinkCase;
  /** The same link under the stored one. */
  readonly stored: LinkCase;
  /** What its issue says; undefined where that is not known. */
  readonly outcome: ReadOutcome | undefined;
}

function commentsOf(work: LinkCase, snapshot: IssueSnapshot): PreviewedLook["comments"] {
  const { comments } = work.pass.session.provider;
  const isCounted = comments !== undefined && comesIn(work.mapping.comments) && snapshot.commentCount !== null;
  return {
    out: commentsOut(work),
    uncounted: isCounted ? snapshot.commentCount - countKnown(work.commentLinks) : null,
  };
}

const goneWords = {
  deleted: "The issue was deleted at the tracker.",
  moved: "The issue has moved. A pass follows it where the tracker says where to, and looks there.",
  "no-access": "The issue cannot be reached: it is hidden from the account, or gone.",
} as const;

function mergeLook({ work, stored, outcome }: PreviewedCase): PreviewedLook {
  if (outcome === undefined) return { ...nothing, message: "The issue was never read, so nothing is foreseen." };
  if (outcome.kind !== "live") return { ...nothing, message: goneWords[outcome.kind] };
  const { issue } = outcome;
  const plan = planFields(work, issue, work.pass.now(), bodyLengthOf(work));
  const fields = previewFields(work, issue, { plan, pushes: judgePushes(work, plan), stored: stored.codecs });
  const isSure = acceptSnapshot(stored, issue).kind === "accepted";
  const message = isSure ? null : "This copy of the issue may be an old one; a pass looks again before it believes it.";
  return { step: "merge", fields, comments: commentsOf(work, issue), isSure, message };
}

function withheld(step: PreviewStep, { link, pass }: LinkCase): string | null {
  const { source } = pass.session;
  if (step === "end") return null;
  if (link.pausedAt !== null) return "Paused: nothing travels until defects.resume(linkId).";
  if (!source.enabled) return "The source is switched off: nothing travels until it is enabled.";
  if (source.health === "reconnect-required") return "The source waits for a new credential.";
  return null;
}

/** What the next look at a link does. */
export function previewLook(given: PreviewedCase): PreviewedLook {
  const { work } = given;
  const { link, defect, pass } = work;
  const look = (): PreviewedLook => {
    if (defect === null)
      return { ...nothing, step: "end", message: "The defect is gone. The link ends; the issue stays." };
    if (link.issueId !== null) return mergeLook(given);
    if (link.intent !== null && !pass.session.capabilities.idempotentCreate) {
      return { ...nothing, step: "find", message: "Nobody knows whether the issue was made; it is looked for first." };
    }
    return previewCreate(work);
  };
  const found = look();
  const why = withheld(found.step, work);
  return why === null ? found : { ...found, step: "none", message: why };
}

/** False for a link about which a page need not speak. */
export function isWorthTelling({ step, fields, comments, message }: PreviewedLook): boolean {
  const hasComments = comments.out > 0 || (comments.uncounted ?? 0) !== 0;
  return message !== null || step === "create" || fields.length > 0 || hasComments;
}
