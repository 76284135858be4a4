import type { RemoteComment } from "../domain/issue-snapshot.ts";
import { tokensIn } from "../mapping/managed-block.ts";
import type { CommentLinkRow } from "../storage/rows/link-rows.ts";

/**
 * Comments of ours that a list shows under other ids than we know: a tracker that moves an issue by making another copies them
 * there. By the id of the row; whose account wrote them is for the caller to ask.
 */
export function findCopies(
  rows: readonly CommentLinkRow[],
  list: readonly RemoteComment[],
): ReadonlyMap<string, RemoteComment> {
  const known = new Set(rows.flatMap(({ remoteId }) => remoteId ?? []));
  const listed = new Set(list.map(({ remoteId }) => remoteId));
  const strangers = list.filter(({ remoteId }) => !known.has(remoteId));
  const byToken = new Map(
    strangers.flatMap((remote) => tokensIn(remote.body).map((token) => [token, remote] as const)),
  );
  const copies = new Map<string, RemoteComment>();
  for (const { id, token, origin, remoteId, deletedAt } of rows) {
    if (origin !== "host" || remoteId === null || deletedAt !== null || listed.has(remoteId)) continue;
    const copy = byToken.get(token);
    if (copy !== undefined) copies.set(id, copy);
  }
  return copies;
}
