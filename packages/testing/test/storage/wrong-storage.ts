import type { CommitOutcome, CommitUnit, Storage, StorageScope, StorageSystem, Write } from "@backref/core/storage";

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

/** Others get on meanwhile. */
export async function pause(turns = 3): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
}

/** Counts the calls of one kind that are under way, each of which takes a moment: that is what `isAlone` asks. */
export function createCrowd(): {
  readonly isAlone: () => boolean;
  readonly enter: <Result>(call: () => Promise<Result>) => Promise<Result>;
} {
  let inside = 0;
  return {
    isAlone: () => inside < 2,
    async enter(call) {
      inside += 1;
      try {
        await pause();
        return await call();
      } finally {
        inside -= 1;
      }
    },
  };
}

/** Does something else with units that consist of one write of a certain kind. */
export function withSingleWrites(
  inner: Storage,
  commit: (write: Write, scope: StorageScope, unit: CommitUnit) => Promise<CommitOutcome> | null,
): Storage {
  return {
    ...inner,
    async commit(scope, units) {
      const [unit] = units;
      const [write] = unit?.write ?? [];
      const other = unit?.write.length === 1 && units.length === 1 && write ? commit(write, scope, unit) : null;
      return other === null ? inner.commit(scope, units) : [await other];
    },
  };
}

export async function commitOne(inner: Storage, scope: StorageScope, unit: CommitUnit): Promise<CommitOutcome> {
  return (await inner.commit(scope, [unit]))[0] as CommitOutcome;
}
