import type { RemoteComment } from "../domain/issue-snapshot.ts";
import { canonicalText } from "../mapping/canonical-text.ts";
import type { CommentLinkRow } from "../storage/rows/link-rows.ts";
import { isSentText, remoteText } from "./plan-comments.ts";
import type { Workspace } from "./workspace.ts";

/** Keeps a row in the next commit. */
export function putRow(work: Workspace, row: CommentLinkRow): void {
  work.setCommentLink(row);
  work.stage({ write: [{ type: "put", table: "commentLink", row }] });
}

/** A row that begins: nothing agreed, nothing sent. */
export function newRow(
  work: Workspace,
  values: Partial<CommentLinkRow> & Pick<CommentLinkRow, "origin">,
): CommentLinkRow {
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
export function agreed(work: Workspace, row: CommentLinkRow, local: string, remote: RemoteComment): CommentLinkRow {
  return {
    ...row,
    remoteId: remote.remoteId,
    base: { local: canonicalText(local), remote: remoteText(work, remote, row) },
    seenVersion: remote.version,
    missingSince: null,
    unconfirmed: null,
  };
}

/**
 * The row of a comment that was found again after a doubt. Agreed is what was sent: somebody may have edited it on either side
 * since.
 */
export function adopted(work: Workspace, row: CommentLinkRow, remote: RemoteComment): CommentLinkRow {
  const text = remoteText(work, remote, row);
  const sent = row.sent.at(-1)?.value ?? text;
  const found = { ...agreed(work, row, sent, remote), sent: [] };
  return isSentText(work, sent, text) ? found : { ...found, base: { local: sent, remote: sent }, seenVersion: 0 };
}
