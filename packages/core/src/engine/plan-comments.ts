import type { DefectComment } from "../defect-store/defect-store.ts";
import type { RemoteComment } from "../domain/issue-snapshot.ts";
import { canonicalText } from "../mapping/canonical-text.ts";
import { commentText } from "../mapping/comment-text.ts";
import { composeComment, tokensIn } from "../mapping/managed-block.ts";
import { neutraliseText } from "../mapping/neutral-text.ts";
import { sameWords } from "../mapping/same-words.ts";
import type { CommentLinkRow } from "../storage/rows/link-rows.ts";
import { isOnlyCounted } from "./comment-count.ts";
import { findCopies } from "./copied-comments.ts";
import type { LinkCase } from "./link-case.ts";
import type { Workspace } from "./workspace.ts";

/** One thing to do about one comment. Those that need the tracker's list are only planned with one. */
export type CommentStep =
  | { readonly kind: "create"; readonly comment: DefectComment; readonly row: CommentLinkRow | null }
  | { readonly kind: "adopt"; readonly row: CommentLinkRow; readonly remote: RemoteComment }
  /** Deleted in the host before anyone knew whether it had arrived, and it has not. */
  | { readonly kind: "forget"; readonly row: CommentLinkRow }
  | { readonly kind: "push-edit"; readonly row: CommentLinkRow; readonly comment: DefectComment }
  | { readonly kind: "push-delete"; readonly row: CommentLinkRow }
  | { readonly kind: "agree"; readonly row: CommentLinkRow; readonly local: string; readonly remote: RemoteComment }
  /** With a row where an earlier attempt may have brought it in already, as it was then. */
  | {
      readonly kind: "bring-in";
      readonly remote: RemoteComment;
      readonly body: string;
      readonly row: CommentLinkRow | null;
      /** The row that took it for deleted, or counted it alone; it goes. */
      readonly insteadOf: CommentLinkRow | null;
    }
  /** Not for everybody. It stays there, but is counted: else one that is missing would go unnoticed beside it. */
  | { readonly kind: "count"; readonly remote: RemoteComment }
  | { readonly kind: "uncount"; readonly row: CommentLinkRow }
  | {
      readonly kind: "bring-edit";
      readonly row: CommentLinkRow;
      readonly commentId: string;
      readonly remote: RemoteComment;
      readonly body: string;
      /** The local text that loses; null where only the tracker's side had changed. */
      readonly loser: string | null;
    }
  /** Other text under the version already seen: it may be an older list's. */
  | { readonly kind: "doubt"; readonly row: CommentLinkRow; readonly value: string; readonly at: number }
  /** Missing in this list, or back again: one list alone may be stale. */
  /** One of ours has another id, since the tracker moved the issue by making another. */
  | { readonly kind: "rename"; readonly row: CommentLinkRow }
  /** One of ours that was taken for deleted is there after all. */
  | { readonly kind: "back"; readonly row: CommentLinkRow }
  | { readonly kind: "suspect"; readonly row: CommentLinkRow; readonly missingSince: number | null }
  | { readonly kind: "bring-delete"; readonly row: CommentLinkRow; readonly deleteLocal: boolean };

/** A comment's text as people wrote it, in the form that is compared. */
export function remoteText(work: Workspace, remote: Pick<RemoteComment, "body">, row: CommentLinkRow | null): string {
  return commentText(remote.body, row, work.pass.session.capabilities);
}

/** True where a comment's text is what was sent, in whatever form the tracker shows it. */
export function isSentText(work: Workspace, sent: string, shown: string): boolean {
  return sent === shown || (work.pass.session.capabilities.rewritesText && sameWords(sent, shown));
}

/** The comment as the tracker gets it, with its author as they are called there, where that is known. */
export async function outgoingComment(
  work: Workspace,
  row: CommentLinkRow,
  comment: DefectComment,
): Promise<{ readonly body: string; readonly authorName: string }> {
  const { runtime, session, scope } = work.pass;
  const rules = session.capabilities;
  const body = neutraliseText(comment.body, rules);
  const authorId = comment.authorId ?? null;
  const known =
    authorId === null ? undefined : (await runtime.identities.bookOf(scope, session.source)).nameOf(authorId);
  const authorName = known ?? comment.authorName;
  return { body: composeComment({ token: row.token, authorName, body, rules }), authorName };
}

const travels = (comment: DefectComment) => comment.origin === "host" && comment.visibility === "public";

/** What the host's side alone asks for. `needsList`: a step must see the tracker's comments first. */
export function planLocalComments(work: LinkCase): {
  readonly steps: readonly CommentStep[];
  readonly needsList: boolean;
} {
  const { comments, commentLinks, mapping, pass } = work;
  const { provider, capabilities } = pass.session;
  const goesOut = mapping.comments === "two-way" || mapping.comments === "out";
  if (provider.comments === undefined || !goesOut) return { steps: [], needsList: false };
  const rowOf = new Map(commentLinks.flatMap((row) => (row.commentId === null ? [] : [[row.commentId, row] as const])));
  const steps: CommentStep[] = [];
  let needsList = false;
  for (const comment of comments) {
    const row = rowOf.get(comment.id);
    if (row === undefined) {
      if (travels(comment) && comment.deletedAt === null) steps.push({ kind: "create", comment, row: null });
      continue;
    }
    if (row.deletedAt !== null || row.refused !== null) continue;
    if (row.remoteId === null) {
      needsList = true;
      continue;
    }
    if (row.origin === "tracker") continue;
    if (comment.deletedAt !== null) {
      if (capabilities.comments.delete) steps.push({ kind: "push-delete", row });
    } else if (row.base !== null && canonicalText(comment.body) !== row.base.local && capabilities.comments.edit) {
      steps.push({ kind: "push-edit", row, comment });
      needsList = true;
    }
  }
  return { steps, needsList };
}

function planKnown(
  work: Workspace,
  row: CommentLinkRow,
  remote: RemoteComment,
  comment: DefectComment | undefined,
  listedAt: number,
): CommentStep | null {
  if (comment === undefined || row.deletedAt !== null) return null;
  const text = remoteText(work, remote, row);
  const remoteChanged = row.base === null || text !== row.base.remote;
  const localChanged = row.base === null || canonicalText(comment.body) !== row.base.local;
  if (comment.deletedAt !== null) return null;
  if (!remoteChanged) return null;
  if (remote.version < row.seenVersion) return null;
  // Our own edit, answered late or never: agreed is what was sent, so a newer local text goes out again.
  const sent = row.sent.find((entry) => isSentText(work, entry.value, text));
  if (sent !== undefined) return { kind: "agree", row, local: sent.value, remote };
  if (text === canonicalText(comment.body)) return { kind: "agree", row, local: text, remote };
  if (remote.version === row.seenVersion && work.pass.session.capabilities.versionGranularityMs > 0) {
    const at = row.unconfirmed?.value === text ? row.unconfirmed.at : listedAt;
    if (listedAt - at < confirmMs(work)) return { kind: "doubt", row, value: text, at };
  }
  const loser = localChanged && row.base !== null ? comment.body : null;
  return { kind: "bring-edit", row, commentId: comment.id, remote, body: text, loser };
}

/** A list may be as old as the read lag: what it misses counts only when a later one misses it too. */
export function confirmMs(work: Workspace): number {
  const { readLagMs, versionGranularityMs } = work.pass.session.capabilities;
  return readLagMs + versionGranularityMs;
}

/**
 * What both sides together ask for, with the tracker's complete list at hand.
 * @param listedAt storage clock when the list was asked for
 * @param account whose comments ours are, where some have to be found again; null where nobody can tell
 */
export function planListedComments(
  work: Workspace,
  list: readonly RemoteComment[],
  localSteps: readonly CommentStep[],
  listedAt: number,
  account: string | null,
): readonly CommentStep[] {
  const { comments, commentLinks, mapping, pass } = work;
  const comesIn = mapping.comments === "two-way" || mapping.comments === "in";
  const commentById = new Map(comments.map((comment) => [comment.id, comment]));
  const rowByRemote = new Map(
    commentLinks.flatMap((row) => (row.remoteId === null ? [] : [[row.remoteId, row] as const])),
  );
  const listed = new Set(list.map((remote) => remote.remoteId));
  const steps: CommentStep[] = [];
  const edited = new Set<string>();
  const adopted = new Set<string>();
  const renamed = new Set<string>();

  for (const [rowId, remote] of account === null ? [] : findCopies(commentLinks, list)) {
    const known = commentLinks.find(({ id }) => id === rowId);
    if (known === undefined || remote.author?.id !== account) continue;
    const row = { ...known, remoteId: remote.remoteId, seenVersion: 0, missingSince: null };
    steps.push({ kind: "rename", row });
    adopted.add(remote.remoteId);
    renamed.add(rowId);
  }
  for (const row of commentLinks) {
    if (row.remoteId !== null || row.deletedAt !== null || row.refused !== null) continue;
    const id = pass.session.provider.commentIdOf?.(row.token);
    const found = list.find(
      (remote) =>
        remote.remoteId === id ||
        (tokensIn(remote.body).includes(row.token) && (account === null || remote.author?.id === account)),
    );
    const comment = row.commentId === null ? undefined : commentById.get(row.commentId);
    if (found !== undefined) {
      steps.push({ kind: "adopt", row, remote: found });
      adopted.add(found.remoteId);
    } else if (listedAt - (row.intentAt ?? 0) >= pass.runtime.limits.createGraceMs) {
      const isWanted = comment !== undefined && comment.deletedAt === null;
      // The cautious never send twice what may have arrived.
      if (isWanted && pass.runtime.limits.createInDoubt === "wait") continue;
      steps.push(isWanted ? { kind: "create", comment, row } : { kind: "forget", row });
    }
  }
  for (const remote of list) {
    const row = rowByRemote.get(remote.remoteId);
    if (row === undefined || isOnlyCounted(row)) {
      if (!comesIn || adopted.has(remote.remoteId)) continue;
      const body = remoteText(work, remote, null);
      if (remote.visibility === "public") {
        steps.push({ kind: "bring-in", remote, body, row: null, insteadOf: row ?? null });
      } else if (row === undefined) steps.push({ kind: "count", remote });
      continue;
    }
    // No list is as old as this: the comment is there, and those that missed it were the old ones.
    const isBack = row.deletedAt !== null && listedAt - row.deletedAt >= pass.runtime.limits.createGraceMs;
    if (isBack && row.origin === "tracker" && comesIn) {
      steps.push({ kind: "bring-in", remote, body: remoteText(work, remote, null), row: null, insteadOf: row });
      continue;
    }
    if (row.commentId === null && row.origin === "tracker" && row.base !== null && row.deletedAt === null) {
      if (comesIn) steps.push({ kind: "bring-in", remote, body: row.base.local, row, insteadOf: null });
      continue;
    }
    if (isBack) steps.push({ kind: "back", row });
    if (row.missingSince !== null) steps.push({ kind: "suspect", row, missingSince: null });
    const comment = row.commentId === null ? undefined : commentById.get(row.commentId);
    const step = planKnown(work, row, remote, comment, listedAt);
    if (step !== null && (comesIn || step.kind === "agree")) {
      steps.push(step);
      edited.add(row.id);
    }
  }
  for (const row of commentLinks) {
    if (row.remoteId === null || row.deletedAt !== null || listed.has(row.remoteId) || renamed.has(row.id)) continue;
    if (isOnlyCounted(row)) {
      steps.push({ kind: "uncount", row });
      continue;
    }
    const missingSince = row.missingSince ?? listedAt;
    if (listedAt - missingSince >= confirmMs(work)) {
      steps.push({ kind: "bring-delete", row, deleteLocal: row.origin === "tracker" && comesIn });
    } else {
      steps.push({ kind: "suspect", row, missingSince });
    }
  }
  const gone = (row: CommentLinkRow) => row.remoteId !== null && !listed.has(row.remoteId);
  const local = localSteps.filter((step) => {
    if ("row" in step && step.row !== null && renamed.has(step.row.id)) return false;
    if (step.kind === "push-edit") return !edited.has(step.row.id) && !gone(step.row);
    return true;
  });
  return [...steps, ...local];
}
