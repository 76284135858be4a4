import type { CommitOutcome, CommitUnit, Storage, StorageScope, Write } from "@backref/core/storage";
import { commitOne, type WrongStorage, withUnits, withWrites } from "./wrong-storage.ts";

async function commitWriteByWrite(inner: Storage, scope: StorageScope, unit: CommitUnit): Promise<CommitOutcome> {
  let skipped = 0;
  const parts: readonly CommitUnit[] = [{ ...unit, write: [] }, ...unit.write.map((write) => ({ write: [write] }))];
  for (const part of parts) {
    const outcome = await commitOne(inner, scope, part);
    if (outcome.status !== "committed") return outcome;
    skipped += outcome.skipped;
  }
  return { status: "committed", skipped };
}

async function requirementsHold(inner: Storage, scope: StorageScope, unit: CommitUnit): Promise<CommitOutcome> {
  return commitOne(inner, scope, { ...unit, write: [] });
}

function withoutNul(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("\0", "");
  if (Array.isArray(value)) return value.map(withoutNul);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [withoutNul(name), withoutNul(part)]));
}

export const wrongCommits: readonly WrongStorage[] = [
  {
    mistake: "writes one by one instead of a unit at once",
    caughtBy: "storage/unit-atomic",
    wrap: (inner) => ({
      ...inner,
      async commit(scope, units) {
        const outcomes: CommitOutcome[] = [];
        for (const unit of units) outcomes.push(await commitWriteByWrite(inner, scope, unit));
        return outcomes;
      },
    }),
  },
  {
    mistake: "makes one transaction of all units of a call",
    caughtBy: "storage/units-independent",
    wrap: (inner) => ({
      ...inner,
      async commit(scope, units) {
        if (units.length < 2) return inner.commit(scope, units);
        const whole = {
          require: units.flatMap((unit) => unit.require ?? []),
          write: units.flatMap((unit) => unit.write),
        };
        const outcome = await commitOne(inner, scope, whole);
        return units.map(() => outcome);
      },
    }),
  },
  {
    mistake: "checks requirements before the transaction that writes",
    caughtBy: "storage/concurrent-requirement",
    wrap: (inner) => ({
      ...inner,
      async commit(scope, units) {
        const outcomes: CommitOutcome[] = [];
        for (const unit of units) {
          const held = await requirementsHold(inner, scope, unit);
          outcomes.push(held.status === "committed" ? await commitOne(inner, scope, { write: unit.write }) : held);
        }
        return outcomes;
      },
    }),
  },
  {
    mistake: "does not compare nulls in requirements",
    caughtBy: "storage/require-match",
    wrap: (inner) =>
      withUnits(inner, async (units) =>
        units.map((unit) => ({
          ...unit,
          require: (unit.require ?? []).map((requirement) => {
            if (!("match" in requirement)) return requirement;
            const match = Object.fromEntries(Object.entries(requirement.match).filter(([, value]) => value !== null));
            return { ...requirement, match } as typeof requirement;
          }),
        })),
      ),
  },
  {
    mistake: "fails the unit where an insert should be skipped",
    caughtBy: "storage/insert-skip",
    wrap: (inner) =>
      withWrites(inner, async (write, scope) => {
        if (write.type !== "insert" || write.ifExists !== "skip" || write.table !== "relation") return [write];
        const { ifExists, ...strict } = write;
        const taken = await inner.find(scope, { table: "relation", by: "name", keys: [[write.row.name]] });
        return taken.length > 0 && ifExists === "skip" ? [strict as Write] : [write];
      }),
  },
  {
    mistake: "replaces a row by deleting and inserting it, lease and all",
    caughtBy: "storage/put-work-columns",
    wrap: (inner) =>
      withWrites(inner, (write) => {
        if (write.type !== "put") return [write];
        const { table, row } = write;
        return [{ type: "delete", table, id: row.id }, { type: "insert", table, row } as Write];
      }),
  },
  {
    mistake: "takes two nulls in a unique key for equal",
    caughtBy: "storage/unique-link-defectSource",
    wrap: (inner) => ({
      ...inner,
      async commit(scope, units) {
        for (const { write } of units) {
          for (const entry of write) {
            if (entry.type !== "insert" || entry.table !== "link" || entry.row.active !== null) continue;
            const links = await inner.find(scope, { table: "link", by: "defect", keys: [[entry.row.defectId]] });
            const isTaken = links.some((link) => link.active === null && link.sourceId === entry.row.sourceId);
            if (isTaken) return units.map(() => ({ status: "taken", table: "link", key: "defectSource" }));
          }
        }
        return inner.commit(scope, units);
      },
    }),
  },
  {
    mistake: "drops NUL silently",
    caughtBy: "storage/text-nul",
    wrap: (inner) => withWrites(inner, (write) => [withoutNul(write) as Write]),
  },
];
