import type { CommentLinkRow } from "../storage/rows/link-rows.ts";

/** How many of the tracker's comments are known here. */
export function countKnown(rows: readonly CommentLinkRow[]): number {
  return rows.filter((row) => row.remoteId !== null && row.deletedAt === null).length;
}

/** Of a comment that is not for everybody: it stays at the tracker, and its row is there to be counted alone. */
export function isOnlyCounted({ origin, commentId, base }: CommentLinkRow): boolean {
  return origin === "tracker" && commentId === null && base === null;
}
