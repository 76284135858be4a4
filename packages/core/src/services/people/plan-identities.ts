import type { Write } from "../../storage/commit.ts";
import type { IdentityRow } from "../../storage/rows/source-rows.ts";
import type { IdentityInput } from "../people-types.ts";

/** What a tracker said of an account, over what was known of it. */
function describe(
  input: IdentityInput,
  before: IdentityRow | undefined,
): Pick<IdentityRow, "login" | "displayName" | "avatarUrl"> {
  const login = input.login === undefined ? (before?.login ?? null) : input.login;
  return {
    login,
    displayName: input.displayName ?? before?.displayName ?? login ?? input.remoteId,
    avatarUrl: input.avatarUrl === undefined ? (before?.avatarUrl ?? null) : input.avatarUrl,
  };
}

/** Each user with an account has one that is preferred: the one that was asked for, else the one that was, else the oldest. */
function withPreferred(rows: readonly IdentityRow[], asked: ReadonlySet<string>): readonly IdentityRow[] {
  const chosen = new Map<string, IdentityRow>();
  const isBetter = (row: IdentityRow, than: IdentityRow) => {
    const [a, b] = [asked.has(row.remoteUserId), asked.has(than.remoteUserId)];
    if (a !== b) return a;
    return row.preferred !== than.preferred ? row.preferred === 1 : row.id < than.id;
  };
  for (const row of rows) {
    const known = chosen.get(row.hostUserId);
    if (known === undefined || isBetter(row, known)) chosen.set(row.hostUserId, row);
  }
  return rows.map((row) => ({ ...row, preferred: chosen.get(row.hostUserId) === row ? 1 : null }));
}

/**
 * The rows as they shall be. Pure.
 * @param known all rows of the accounts and users concerned
 */
export function planIdentities(request: {
  readonly known: readonly IdentityRow[];
  readonly set: readonly IdentityInput[];
  readonly remove: ReadonlySet<string>;
  readonly create: (input: IdentityInput) => Pick<IdentityRow, "tenantId" | "id" | "sourceId">;
}): readonly IdentityRow[] {
  const { known, set, remove, create } = request;
  const rows = new Map(known.map((row) => [row.remoteUserId, row]));
  for (const remoteId of remove) rows.delete(remoteId);
  for (const input of set) {
    const before = rows.get(input.remoteId);
    const isSame = before?.hostUserId === input.userId;
    rows.set(input.remoteId, {
      ...(before ?? create(input)),
      remoteUserId: input.remoteId,
      hostUserId: input.userId,
      ...describe(input, before),
      // Whoever gives an account away goes on with another one, and whoever gets it keeps their own.
      preferred: isSame && input.isPrimary !== false ? before.preferred : null,
    });
  }
  const asked = new Set(set.flatMap((input) => (input.isPrimary === true ? [input.remoteId] : [])));
  return withPreferred([...rows.values()], asked);
}

function isSameRow(a: IdentityRow, b: IdentityRow): boolean {
  return (Object.keys(a) as (keyof IdentityRow)[]).every((column) => a[column] === b[column]);
}

/** The writes that make the rows so: places are freed before they are taken. */
export function identityWrites(known: readonly IdentityRow[], after: readonly IdentityRow[]): readonly Write[] {
  const before = new Map(known.map((row) => [row.id, row]));
  const kept = new Set(after.map((row) => row.id));
  const changed = after.filter((row) => {
    const was = before.get(row.id);
    return was === undefined || !isSameRow(was, row);
  });
  return [
    ...known.filter((row) => !kept.has(row.id)).map(({ id }): Write => ({ type: "delete", table: "identity", id })),
    ...changed
      .filter((row) => before.get(row.id)?.preferred === 1)
      .map(({ id }): Write => ({ type: "update", table: "identity", id, set: { preferred: null } })),
    ...changed.map((row): Write => ({ type: "put", table: "identity", row })),
  ];
}
