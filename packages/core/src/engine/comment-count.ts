import type { CommentLinkRow } from "../storage/rows/link-rows.ts";
import type { IssueRow } from "../storage/rows/reference-rows.ts";

/** How many of the tracker's comments are known here. */
export function countKnown(rows: readonly CommentLinkRow[]): number {
  return rows.filter((row) => row.remoteId !== null && row.deletedAt === null).length;
}

/** The tracker does not say how many there are: only its list shows what nobody was told of. */
export function isUncounted(issue: Pick<IssueRow, "snapshot"> | null): boolean {
  return issue?.snapshot?.commentCount === null;
}

/** Of a comment that is not for everybody: it stays at the tracker, and its row is there to be counted alone. */
export function isOnlyCounted({ origin, commentId, base }: CommentLinkRow): boolean {
  return origin === "tracker" && commentId === null && base === null;
}
