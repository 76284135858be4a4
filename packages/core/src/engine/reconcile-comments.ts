import type { DefectCommentChange } from "../defect-store/defect-store.ts";
import type { RemoteComment } from "../domain/issue-snapshot.ts";
import { ProviderError } from "../errors/provider-error.ts";
import { issueAddress } from "../issues/issue-cache.ts";
import { canonicalText } from "../mapping/canonical-text.ts";
import { composeComment } from "../mapping/managed-block.ts";
import type { CommentLinkRow, LinkFailure } from "../storage/rows/link-rows.ts";
import { applyInbound } from "./apply-inbound.ts";
import {
  type CommentStep,
  confirmMs,
  outgoingText,
  planListedComments,
  planLocalComments,
  remoteText,
} from "./plan-comments.ts";
import type { Workspace } from "./workspace.ts";

function putRow(work: Workspace, row: CommentLinkRow): void {
  work.setCommentLink(row);
  work.stage({ write: [{ type: "put", table: "commentLink", row }] });
}

function newRow(work: Workspace, values: Partial<CommentLinkRow> & Pick<CommentLinkRow, "origin">): CommentLinkRow {
  const { ids } = work.pass.runtime;
  return {
    tenantId: work.link.tenantId,
    id: ids.id(),
    linkId: work.link.id,
    commentId: null,
    remoteId: null,
    token: ids.token(),
    base: null,
    seenVersion: 0,
    intentAt: null,
    sent: [],
    missingSince: null,
    unconfirmed: null,
    deletedAt: null,
    refused: null,
    ...values,
  };
}

/** The row once the tracker has answered with the comment. */
function agreed(work: Workspace, row: CommentLinkRow, local: string, remote: RemoteComment): CommentLinkRow {
  return {
    ...row,
    remoteId: remote.remoteId,
    base: { local: canonicalText(local), remote: remoteText(work, remote, row) },
    seenVersion: remote.version,
    missingSince: null,
    unconfirmed: null,
  };
}

async function pushCreate(work: Workspace, step: Extract<CommentStep, { kind: "create" }>): Promise<void> {
  const { pass, issue } = work;
  const group = pass.session.provider.comments;
  if (group === undefined || issue === null) return;
  const row = { ...(step.row ?? newRow(work, { origin: "host", commentId: step.comment.id })), intentAt: pass.now() };
  const text = outgoingText(work, step.comment.body);
  const body = composeComment({ token: row.token, authorName: step.comment.authorName, body: text });
  const limit = pass.session.capabilities.maxLength.comment;
  if (limit !== null && body.length > limit) {
    const refused = `The comment has ${body.length} characters with what Backref adds; the tracker takes ${limit}. Shorten it.`;
    putRow(work, { ...row, refused });
    work.activity("field-refused", { field: "comments", commentId: step.comment.id, reason: refused });
    return;
  }
  putRow(work, row);
  await work.flush();
  try {
    const call = pass.session.call({ sendBy: pass.sendBy });
    const remote = await pass.slots.run(() =>
      group.create(call, { issue: issueAddress(issue), body, token: row.token }),
    );
    if (remote === null) {
      // The tracker does not say which comment it made: the next look finds it by its token.
      work.stage({ set: { checkComments: true } });
      return;
    }
    putRow(work, agreed(work, row, step.comment.body, remote));
    work.activity("comment-pushed", { commentId: step.comment.id, operation: "create" });
  } catch (error) {
    if (!ProviderError.isInstance(error)) throw error;
    if (error.failure === "permanent") {
      putRow(work, { ...row, refused: error.message });
      work.activity("field-refused", { field: "comments", commentId: step.comment.id, reason: error.message });
      return;
    }
    // Not applied for certain: forget the intent, so that no grace period delays the next attempt.
    if (error.failure !== "ambiguous") {
      work.stage({ write: [{ type: "delete", table: "commentLink", id: row.id }] });
    }
    throw error;
  }
}

async function pushEdit(work: Workspace, step: Extract<CommentStep, { kind: "push-edit" }>): Promise<void> {
  const { pass, issue } = work;
  const group = pass.session.provider.comments;
  const { row, comment } = step;
  if (group?.update === undefined || issue === null || row.remoteId === null) return;
  const text = outgoingText(work, comment.body);
  const body = composeComment({ token: row.token, authorName: comment.authorName, body: text });
  const call = pass.session.call({ sendBy: pass.sendBy });
  const request = { issue: issueAddress(issue), commentId: row.remoteId, body };
  const now = pass.now();
  const open = row.sent.filter((entry) => entry.at + pass.runtime.limits.createGraceMs > now);
  const value = remoteText(work, { body }, row);
  putRow(work, { ...row, sent: [...open, { value, at: now }] });
  await work.flush();
  try {
    const remote = await pass.slots.run(async () => group.update?.(call, request));
    if (remote === undefined) return;
    putRow(work, { ...agreed(work, row, comment.body, remote), sent: open });
    work.activity("comment-pushed", { commentId: comment.id, operation: "edit" });
  } catch (error) {
    if (!ProviderError.isInstance(error)) throw error;
    if (error.failure !== "ambiguous") putRow(work, { ...row, sent: open });
    // Gone at the tracker: the next list says so.
    if (error.failure !== "gone") throw error;
    work.stage({ set: { checkComments: true } });
  }
}

async function pushDelete(work: Workspace, row: CommentLinkRow): Promise<void> {
  const { pass, issue } = work;
  const group = pass.session.provider.comments;
  if (group?.delete === undefined || issue === null || row.remoteId === null) return;
  const request = { issue: issueAddress(issue), commentId: row.remoteId };
  await pass.slots.run(async () => group.delete?.(pass.session.call({ sendBy: pass.sendBy }), request));
  putRow(work, { ...row, deletedAt: pass.runtime.clock.now() });
  work.activity("comment-pushed", { commentId: row.commentId ?? "", operation: "delete" });
}

/** Everything that comes in is one change of the defect, so it costs one revision. */
async function bringIn(work: Workspace, steps: readonly CommentStep[]): Promise<"done" | "defect-gone"> {
  const changes: DefectCommentChange[] = [];
  const rows: { readonly row: CommentLinkRow; readonly key: string | null }[] = [];
  for (const step of steps) {
    if (step.kind === "bring-in") {
      const row = newRow(work, { origin: "tracker" });
      const author = step.remote.author?.displayName ?? "unknown";
      changes.push({ kind: "add", key: row.id, body: step.body, authorName: author, createdAt: step.remote.createdAt });
      rows.push({ row: agreed(work, row, step.body, step.remote), key: row.id });
      work.activity("comment-added", { author, origin: "tracker" });
    }
    if (step.kind === "bring-edit") {
      changes.push({ kind: "edit", commentId: step.commentId, body: step.body });
      rows.push({ row: agreed(work, step.row, step.body, step.remote), key: null });
      if (step.loser !== null) {
        work.activity("conflict-recorded", {
          field: "comments",
          local: step.loser,
          remote: step.body,
          winner: "remote",
        });
      }
      work.activity("comment-edited", { commentId: step.commentId, origin: "tracker" });
    }
    if (step.kind === "bring-delete") {
      const { row, deleteLocal } = step;
      if (deleteLocal && row.commentId !== null) changes.push({ kind: "delete", commentId: row.commentId });
      rows.push({ row: { ...row, deletedAt: work.pass.runtime.clock.now() }, key: null });
      work.activity("comment-deleted", { commentId: row.commentId ?? "", origin: "tracker", keptInHost: !deleteLocal });
    }
  }
  if (changes.length === 0) {
    for (const { row } of rows) putRow(work, row);
    return "done";
  }
  const isEmbedded = work.pass.runtime.defects.embedded !== null;
  // In our own store a comment's id is its key, so that row and comment are one commit; a host's store names its own.
  const early = isEmbedded ? rows.map(({ row, key }) => (key === null ? row : { ...row, commentId: key })) : [];
  const write = early.map((row) => ({ type: "put" as const, table: "commentLink" as const, row }));
  const outcome = await applyInbound(work, { set: {}, comments: changes }, { write });
  if (outcome.status === "gone") return "defect-gone";
  if (outcome.status === "refused") return "done";
  if (isEmbedded) for (const row of early) work.setCommentLink(row);
  else {
    for (const { row, key } of rows)
      putRow(work, key === null ? row : { ...row, commentId: outcome.commentIds[key] ?? null });
  }
  return "done";
}

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
  const known = commentLinks.filter((row) => row.remoteId !== null && row.deletedAt === null).length;
  const comesIn = mapping.comments === "two-way" || mapping.comments === "in";
  const differs = comesIn && count !== null && count !== known;
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
    const call = pass.session.call({ sendBy: pass.sendBy });
    const list = await pass.slots.run(() => group.list(call, { issue: issueAddress(issue) }));
    steps = planListedComments(work, list, needs.steps, listedAt);
  }
  let againAfterMs: number | null = null;
  for (const step of steps) {
    if (step.kind === "adopt") {
      putRow(work, agreed(work, step.row, remoteText(work, step.remote, step.row), step.remote));
      // It may have been edited or deleted here while it was in doubt.
      againAfterMs = 0;
    }
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
  if ((await bringIn(work, steps)) === "defect-gone") return { kind: "defect-gone" };
  for (const step of steps) {
    if (step.kind === "create") await pushCreate(work, step);
    if (step.kind === "push-edit") await pushEdit(work, step);
    if (step.kind === "push-delete") await pushDelete(work, step.row);
  }
  return { kind: "settled", ...doubtOf(work, againAfterMs) };
}

const shortestLookMs = 1_000;
const longestLookMs = 60_000;

/** While a comment is in doubt, its link is looked at again, at intervals that grow with the doubt's age. */
function doubtOf(
  work: Workspace,
  againAfterMs: number | null,
): { readonly againAfterMs: number | null; readonly failure: LinkFailure | null } {
  const now = work.pass.now();
  const doubts = work.commentLinks.filter(
    (row) => row.remoteId === null && row.intentAt !== null && row.deletedAt === null && row.refused === null,
  );
  const [first] = doubts.toSorted((a, b) => (b.intentAt ?? 0) - (a.intentAt ?? 0));
  if (first === undefined) return { againAfterMs, failure: null };
  const lookMs = Math.min(Math.max(now - (first.intentAt ?? now), shortestLookMs), longestLookMs);
  const nextAfterMs = againAfterMs === null ? lookMs : Math.min(againAfterMs, lookMs);
  const failure: LinkFailure = {
    failure: "ambiguous",
    code: "tracker-ambiguous",
    message:
      "A comment was sent and no answer came back. It is looked for, and sent again once it is certain that it did not arrive.",
    field: "comments",
    at: work.pass.runtime.clock.now(),
    retryAt: now + nextAfterMs,
  };
  return { againAfterMs: nextAfterMs, failure };
}
