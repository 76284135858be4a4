/** Who is who between a source's tracker and the host. */
export interface IdentityBook {
  /** The host's user behind an account; undefined where nobody has said so. */
  userOf(remoteId: string): string | undefined;
  /** The account by which a user is assigned; undefined where they have none. */
  primaryOf(userId: string): string | undefined;
  /** How that account is called there. */
  nameOf(userId: string): string | undefined;
}

interface Entry {
  readonly remoteUserId: string;
  readonly hostUserId: string;
  readonly displayName: string;
  readonly preferred: 1 | null;
}

export function createIdentityBook(entries: readonly Entry[]): IdentityBook {
  const users = new Map(entries.map((entry) => [entry.remoteUserId, entry.hostUserId]));
  const primaries = new Map(
    entries.flatMap((entry) => (entry.preferred === 1 ? [[entry.hostUserId, entry] as const] : [])),
  );
  return {
    userOf: (remoteId) => users.get(remoteId),
    primaryOf: (userId) => primaries.get(userId)?.remoteUserId,
    nameOf: (userId) => primaries.get(userId)?.displayName,
  };
}

export const emptyIdentityBook: IdentityBook = createIdentityBook([]);
