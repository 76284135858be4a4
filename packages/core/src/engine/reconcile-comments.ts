import { issueAddress } from "../issues/issue-cache.ts";
import { canonicalText } from "../mapping/canonical-text.ts";
import type { LinkFailure } from "../storage/rows/link-rows.ts";
import { bringComments } from "./bring-comments.ts";
import { countKnown } from "./comment-count.ts";
import { doubtOf } from "./comment-doubt.ts";
import { adopted, agreed, newRow, putRow } from "./comment-rows.ts";
import { findCopies } from "./copied-comments.ts";
import { type CommentStep, confirmMs, planListedComments, planLocalComments } from "./plan-comments.ts";
import { pushCreate, pushDelete, pushEdit } from "./push-comments.ts";
import type { Workspace } from "./workspace.ts";

interface CommentNeeds {
  readonly steps: readonly CommentStep[];
  /** The tracker's list has to be looked at. */
  readonly needsList: boolean;
}

/** @param count the tracker's own count from a read of this very pass; null without one */
function assess(work: Workspace, count: number | null): CommentNeeds {
  const { pass, link, mapping, commentLinks, issue } = work;
  if (pass.session.provider.comments === undefined || issue === null || mapping.comments === "never") {
    return { steps: [], needsList: false };
  }
  const local = planLocalComments(work);
  const comesIn = mapping.comments === "two-way" || mapping.comments === "in";
  const differs = comesIn && count !== null && count !== countKnown(commentLinks);
  return { steps: local.steps, needsList: link.checkComments || local.needsList || differs };
}

export type CommentsOutcome =
  | {
      readonly kind: "settled";
      /** Look again after this; null for no need. */
      readonly againAfterMs: number | null;
      /** A comment of which nobody knows whether it has arrived. */
      readonly failure: LinkFailure | null;
    }
  | { readonly kind: "defect-gone" };

/** Brings both sides' comments into step. The side where a comment was written owns it. */
export async function reconcileComments(work: Workspace, count: number | null): Promise<CommentsOutcome> {
  const { pass, issue } = work;
  const group = pass.session.provider.comments;
  const needs = assess(work, count);
  if (group === undefined || issue === null || (!needs.needsList && needs.steps.length === 0)) {
    return { kind: "settled", againAfterMs: null, failure: null };
  }
  let { steps } = needs;
  if (needs.needsList) {
    const listedAt = pass.now();
    const call = pass.call();
    const list = await pass.slots.run(() => group.list(call, { issue: issueAddress(issue) }));
    const isInDoubt =
      work.commentLinks.some((row) => row.remoteId === null && row.deletedAt === null) ||
      findCopies(work.commentLinks, list).size > 0;
    const account = isInDoubt ? await pass.account() : null;
    steps = planListedComments(work, list, needs.steps, listedAt, account);
  }
  let againAfterMs: number | null = null;
  for (const step of steps) {
    if (step.kind === "adopt") {
      putRow(work, adopted(work, step.row, step.remote));
      // It may have been edited or deleted here while it was in doubt.
      againAfterMs = 0;
    }
    if (step.kind === "rename") {
      putRow(work, step.row);
      // It may have been edited or deleted on either side since.
      againAfterMs = 0;
    }
    if (step.kind === "back") {
      putRow(work, { ...step.row, deletedAt: null, missingSince: null });
      againAfterMs = 0;
    }
    if (step.kind === "count") putRow(work, newRow(work, { origin: "tracker", remoteId: step.remote.remoteId }));
    if (step.kind === "uncount") work.stage({ write: [{ type: "delete", table: "commentLink", id: step.row.id }] });
    if (step.kind === "forget") putRow(work, { ...step.row, deletedAt: pass.runtime.clock.now() });
    if (step.kind === "agree") {
      putRow(work, agreed(work, step.row, step.local, step.remote));
      const comment = work.comments.find((candidate) => candidate.id === step.row.commentId);
      if (comment !== undefined && canonicalText(comment.body) !== step.local) againAfterMs = 0;
    }
    if (step.kind === "doubt") {
      putRow(work, { ...step.row, unconfirmed: { value: step.value, at: step.at } });
      againAfterMs = confirmMs(work);
    }
    if (step.kind === "suspect") {
      const { missingSince } = step;
      putRow(work, { ...step.row, missingSince });
      if (missingSince !== null) againAfterMs = confirmMs(work);
    }
  }
  const brought = await bringComments(work, steps);
  if (brought === "defect-gone") return { kind: "defect-gone" };
  // It came in as it was at the first attempt; the next look brings what was edited since.
  if (brought === "done" && steps.some((step) => step.kind === "bring-in" && step.row !== null)) againAfterMs = 0;
  for (const step of steps) {
    if (step.kind === "create") await pushCreate(work, step);
    if (step.kind === "push-edit" && (await pushEdit(work, step)) === "gone") againAfterMs = confirmMs(work);
    if (step.kind === "push-delete") await pushDelete(work, step.row);
  }
  return { kind: "settled", ...doubtOf(work, againAfterMs) };
}
