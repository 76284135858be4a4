import type { IssueAddress, IssueSnapshot } from "@backref/core/provider";

/** How a request names an issue: by its id, which no move changes, else by its key. */
export function nameOf({ remoteId, container, item }: IssueAddress): string {
  return remoteId ?? `${container}-${item}`;
}

/** The same as a part of a path. */
export function issuePath(address: IssueAddress): string {
  return `/issue/${encodeURIComponent(nameOf(address))}`;
}

export function addressOf({ remoteId, container, item, raw }: IssueSnapshot): IssueAddress {
  return { remoteId, container, item, raw };
}
