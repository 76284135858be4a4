import type { CommitUnit, Requirement, Write } from "../storage/commit.ts";
import type { IssueRow, ReferenceRow } from "../storage/rows/reference-rows.ts";
import type { Storage, StorageScope } from "../storage/storage.ts";
import type { IssueColumns } from "./issue-cache.ts";

/** Nobody else changed the row since it was read. */
export function unchangedIssue(row: IssueRow): Requirement {
  return { table: "issue", id: row.id, match: { version: row.version, fetchedAt: row.fetchedAt } };
}

/** The other row that is the same remote item as this one, to go by what was just learned about it. */
export async function findTwin(storage: Storage, scope: StorageScope, updated: IssueRow): Promise<IssueRow | null> {
  const find = (by: "remoteId" | "canonicalKey", key: string) =>
    storage.find(scope, { table: "issue", by, keys: [[updated.sourceId, key]] });
  const [byRemoteId, byKey] = await Promise.all([
    updated.remoteId === null ? [] : find("remoteId", updated.remoteId),
    find("canonicalKey", updated.canonicalKey),
  ]);
  return [...byRemoteId, ...byKey].find((other) => other.id !== updated.id) ?? null;
}

/**
 * One unit that makes one row of two that turned out to be the same remote item: references and links follow the
 * winner, and the loser's key is remembered. Null where both have a living link, which only a person can resolve.
 *
 * @param set what was learned about the winner at the same time
 */
export async function planIssueMerge(
  storage: Storage,
  scope: StorageScope,
  request: { readonly winner: IssueRow; readonly loser: IssueRow; readonly set: IssueColumns },
): Promise<CommitUnit | null> {
  const { winner, loser, set } = request;
  const [references, links] = await Promise.all([
    storage.find(scope, { table: "reference", by: "issue", keys: [[winner.id], [loser.id]] }),
    storage.find(scope, { table: "link", by: "issueAll", keys: [[winner.id], [loser.id]] }),
  ]);
  if (links.filter((link) => link.active !== null).length > 1) return null;
  const kept = new Set(references.filter((row) => row.issueId === winner.id).map(linkKey));
  const updated = { ...winner, ...set };
  const formerKeys = [...new Set([...updated.formerKeys, ...loser.formerKeys, loser.canonicalKey])];
  const write: Write[] = [
    ...references
      .filter((row) => row.issueId === loser.id)
      .map(
        (row): Write =>
          kept.has(linkKey(row))
            ? { type: "delete", table: "reference", id: row.id }
            : { type: "update", table: "reference", id: row.id, set: { issueId: winner.id } },
      ),
    ...links
      .filter((link) => link.issueId === loser.id)
      .map((link): Write => ({ type: "update", table: "link", id: link.id, set: { issueId: winner.id } })),
    // The loser goes first, so that its key is free for the winner.
    { type: "delete", table: "issue", id: loser.id },
    {
      type: "update",
      table: "issue",
      id: winner.id,
      set: { ...set, formerKeys: formerKeys.filter((key) => key !== updated.canonicalKey) },
    },
  ];
  return { require: [unchangedIssue(winner), unchangedIssue(loser)], write };
}

function linkKey(row: ReferenceRow): string {
  return JSON.stringify([row.objectType, row.objectId, row.relationId]);
}
