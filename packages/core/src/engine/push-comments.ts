import { ProviderError } from "../errors/provider-error.ts";
import { issueAddress } from "../issues/issue-cache.ts";
import type { CommentLinkRow } from "../storage/rows/link-rows.ts";
import { agreed, newRow, putRow } from "./comment-rows.ts";
import { type CommentStep, outgoingComment, remoteText } from "./plan-comments.ts";
import type { Workspace } from "./workspace.ts";

/** Posts a comment of the host, exactly once. */
export async function pushCreate(work: Workspace, step: Extract<CommentStep, { kind: "create" }>): Promise<void> {
  const { pass, issue } = work;
  const group = pass.session.provider.comments;
  if (group === undefined || issue === null) return;
  const row = { ...(step.row ?? newRow(work, { origin: "host", commentId: step.comment.id })), intentAt: pass.now() };
  const { body, authorName } = await outgoingComment(work, row, step.comment);
  const limit = pass.session.capabilities.maxLength.comment;
  if (limit !== null && body.length > limit) {
    const refused = `The comment has ${body.length} characters with what Backref adds; the tracker takes ${limit}. Shorten it.`;
    putRow(work, { ...row, refused });
    work.activity("field-refused", { field: "comments", commentId: step.comment.id, reason: refused });
    return;
  }
  const intent = { ...row, sent: [{ value: remoteText(work, { body }, row), at: pass.now() }] };
  putRow(work, intent);
  await work.flush();
  try {
    const call = pass.call();
    const remote = await pass.slots.run(() =>
      group.create(call, { issue: issueAddress(issue), body, token: row.token, authorName }),
    );
    // The tracker does not say which comment it made: the next look finds it by its token.
    if (remote === null) return;
    putRow(work, { ...agreed(work, row, step.comment.body, remote), sent: [] });
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

/** Brings the host's edit to the tracker. `gone` where the comment is not there any more, and has to be looked for again. */
export async function pushEdit(
  work: Workspace,
  step: Extract<CommentStep, { kind: "push-edit" }>,
): Promise<"done" | "gone"> {
  const { pass, issue } = work;
  const group = pass.session.provider.comments;
  const { row, comment } = step;
  if (group?.update === undefined || issue === null || row.remoteId === null) return "done";
  const { body } = await outgoingComment(work, row, comment);
  const call = pass.call({ patienceMs: 0 });
  const request = { issue: issueAddress(issue), commentId: row.remoteId, body };
  const now = pass.now();
  const open = row.sent.filter((entry) => entry.at + pass.runtime.limits.createGraceMs > now);
  const value = remoteText(work, { body }, row);
  putRow(work, { ...row, sent: [...open, { value, at: now }] });
  await work.flush();
  try {
    const remote = await pass.slots.run(async () => group.update?.(call, request));
    if (remote === undefined) return "done";
    putRow(work, { ...agreed(work, row, comment.body, remote), sent: open });
    work.activity("comment-pushed", { commentId: comment.id, operation: "edit" });
    return "done";
  } catch (error) {
    if (!ProviderError.isInstance(error)) throw error;
    if (error.failure !== "ambiguous") putRow(work, { ...row, sent: open });
    if (error.failure !== "gone") throw error;
    putRow(work, { ...row, sent: open, missingSince: row.missingSince ?? now });
    return "gone";
  }
}

/** Takes a comment that was deleted in the host away from the tracker. */
export async function pushDelete(work: Workspace, row: CommentLinkRow): Promise<void> {
  const { pass, issue } = work;
  const group = pass.session.provider.comments;
  if (group?.delete === undefined || issue === null || row.remoteId === null) return;
  const request = { issue: issueAddress(issue), commentId: row.remoteId };
  // Nothing new to remember, but the link must still be ours and alive.
  putRow(work, row);
  await work.flush();
  await pass.slots.run(async () => group.delete?.(pass.call({ patienceMs: 0 }), request));
  putRow(work, { ...row, deletedAt: pass.runtime.clock.now() });
  work.activity("comment-pushed", { commentId: row.commentId ?? "", operation: "delete" });
}
