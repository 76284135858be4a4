import { findByKeys } from "../find-by-keys.ts";
import type { IdentitySuggestion } from "../people-types.ts";
import type { ServiceContext } from "../service-context.ts";
import { changeIdentities } from "./change-identities.ts";
import { findPeople, withUsers } from "./find-people.ts";

export interface ParsedSuggest {
  readonly sourceId: string;
  readonly projectId: string;
  readonly users: readonly { readonly userId: string; readonly email: string }[];
  readonly apply: boolean;
}

/** As many people as are looked at for one suggestion. */
const mostPeople = 1_000;

const canonicalEmail = (email: string) => email.trim().toLowerCase();

/** What exactly one has, by that. */
function byOwn<Item>(items: readonly Item[], keyOf: (item: Item) => string | null): ReadonlyMap<string, Item> {
  const groups = Map.groupBy(items, keyOf);
  return new Map(
    [...groups].flatMap(([key, [only, ...others]]) =>
      key === null || only === undefined || others.length > 0 ? [] : [[key, only] as const],
    ),
  );
}

/** Accounts with the same address as a user, where neither has anybody yet. */
export async function suggestIdentities(
  context: ServiceContext,
  { sourceId, projectId, users, apply }: ParsedSuggest,
): Promise<readonly IdentitySuggestion[]> {
  const { runtime, scope } = context;
  const found = await findPeople(context, { sourceId, projectId, text: "", limit: mostPeople }, "source.pair-people");
  const people = byOwn(found, ({ email }) => (email === null ? null : canonicalEmail(email)));
  const candidates = [...byOwn(users, ({ email }) => canonicalEmail(email))].flatMap(([email, { userId }]) => {
    const person = people.get(email);
    return person === undefined ? [] : [{ userId, person }];
  });
  const taken = await findByKeys(
    runtime.storage,
    scope,
    "identity",
    "hostUser",
    candidates.map(({ userId }) => [sourceId, userId]),
  );
  const withAccount = new Set(taken.map((row) => row.hostUserId));
  const known = await withUsers(
    context,
    sourceId,
    candidates.map(({ person }) => person),
  );
  const suggestions = candidates.flatMap(({ userId }, index): readonly IdentitySuggestion[] => {
    const person = known[index];
    return person === undefined || person.userId !== null || withAccount.has(userId) ? [] : [{ userId, person }];
  });
  if (apply && suggestions.length > 0) {
    const set = suggestions.map(({ userId, person: { userId: _, ...account } }) => ({ ...account, userId }));
    await changeIdentities(context, sourceId, { set, forget: { remoteIds: [], userIds: [] } });
  }
  return suggestions;
}
