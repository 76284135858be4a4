import type { CommitUnit, Storage, StorageScope, StorageSystem, Write } from "@backref/core/storage";

/** A storage with one mistake, and the rule that has to find it. */
export interface WrongStorage {
  readonly mistake: string;
  readonly caughtBy: string;
  readonly wrap: (inner: Storage) => Storage;
}

export function withSystem(inner: Storage, changes: Partial<StorageSystem>): Storage {
  return { ...inner, system: { ...inner.system, ...changes } };
}

/** Changes the units of each call before they reach the sound storage. */
export function withUnits(
  inner: Storage,
  change: (units: readonly CommitUnit[], scope: StorageScope) => Promise<readonly CommitUnit[]>,
): Storage {
  return { ...inner, commit: async (scope, units) => inner.commit(scope, await change(units, scope)) };
}

/** Changes each write by itself; several may come out of one, or none. */
export function withWrites(
  inner: Storage,
  change: (write: Write, scope: StorageScope) => Promise<readonly Write[]> | readonly Write[],
): Storage {
  return withUnits(inner, (units, scope) =>
    Promise.all(
      units.map(async (unit) => ({
        ...unit,
        write: (await Promise.all(unit.write.map((write) => change(write, scope)))).flat(),
      })),
    ),
  );
}

/** Everything that went in by inserts, as the storage holds it now. */
export function rememberInserts(inner: Storage): {
  readonly storage: Storage;
  readonly tenantIds: Set<string>;
  readonly linkIds: Map<string, Set<string>>;
} {
  const tenantIds = new Set<string>();
  const linkIds = new Map<string, Set<string>>();
  const storage = withWrites(inner, (write, { tenantId }) => {
    tenantIds.add(tenantId);
    if (write.type === "insert" && write.table === "link") {
      linkIds.set(tenantId, (linkIds.get(tenantId) ?? new Set()).add(write.row.id));
    }
    return [write];
  });
  return { storage, tenantIds, linkIds };
}
