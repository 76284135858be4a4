import {
  type BlockWrite,
  type BudgetRow,
  type LinkRow,
  type MarkWrite,
  type PollScopeRow,
  type ReleaseWrite,
  type ReserveRequest,
  type ReserveResult,
  reserveUnits,
  type WorkColumns,
} from "@backref/core/storage";
import type { Database } from "./database.ts";
import { rowsAt } from "./find.ts";
import { frozenCopy } from "./frozen-copy.ts";
import { UnitFailure, type UnitWriter } from "./unit-writer.ts";

type WorkRow = LinkRow | PollScopeRow;

/** Makes rows due and raises their flags, leased or not. */
export function applyMark(unit: UnitWriter, write: MarkWrite): void {
  const store = unit.store(write.table);
  const dueAt = unit.now + write.afterMs;
  for (const found of rowsAt(store, unit.tenantId, write.by, write.keys)) {
    const row = found as WorkRow;
    if (row.id === write.exceptId) continue;
    const work = { mark: row.mark + 1, dueAt: row.dueAt === null ? dueAt : Math.min(row.dueAt, dueAt) };
    if (!isLink(row)) unit.writeUnchecked(store, row.id, Object.freeze({ ...row, ...work }));
    else if (row.endedAt === null) {
      const flags = {
        checkIssue: row.checkIssue || write.checkIssue === true,
        checkComments: row.checkComments || write.checkComments === true,
        hintVersion: Math.max(row.hintVersion, write.version ?? 0),
      };
      const afresh = write.reset === true ? { attempts: 0, failure: null } : {};
      unit.writeUnchecked(store, row.id, Object.freeze({ ...row, ...work, ...flags, ...afresh }));
    }
  }
}

/** Ends a lease. Marks that came in the meantime keep the row due and its flags raised. */
export function applyRelease(unit: UnitWriter, write: ReleaseWrite): void {
  const { table, id } = write;
  const store = unit.store(table);
  const before = store.get(unit.tenantId, id) as WorkRow | undefined;
  if (before === undefined || before.fence !== write.fence) throw new UnitFailure({ status: "stale", table, id });
  const isSeen = before.mark === write.seenMark;
  const idleAfter = write.nextAfterMs === null ? null : unit.now + write.nextAfterMs;
  const work: Partial<WorkColumns> = { leaseOwner: null, leaseUntil: null, dueAt: isSeen ? idleAfter : unit.now };
  const row = unit.changed(table, before, write.set) as WorkRow;
  const flags = isLink(before) ? flagsAfter(before, write.set as Partial<LinkRow>, isSeen) : {};
  unit.write(store, Object.freeze({ ...row, ...work, ...flags }));
}

function flagsAfter(before: LinkRow, set: Partial<LinkRow>, isSeen: boolean) {
  return {
    checkIssue: (set.checkIssue ?? false) || (!isSeen && before.checkIssue),
    checkComments: (set.checkComments ?? false) || (!isSeen && before.checkComments),
  };
}

/** Makes the sources of a budget wait; never shortens the wait. */
export function applyBlock(unit: UnitWriter, { budgetId, forMs, reason }: BlockWrite): void {
  const store = unit.store("budget");
  const before = store.get(unit.tenantId, budgetId) as BudgetRow | undefined;
  const blockedUntil = unit.now + forMs;
  if (before !== undefined && before.blockedUntil >= blockedUntil) return;
  const row: BudgetRow = { tenantId: unit.tenantId, id: budgetId, windows: null, ...before, blockedUntil, reason };
  unit.writeUnchecked(store, budgetId, Object.freeze(row));
}

/** Spends from a budget what its windows have room for. */
export function reserveFrom(database: Database, request: ReserveRequest): ReserveResult {
  const { tenantId, budgetId } = request;
  const store = database.tables.budget;
  const before: BudgetRow = store.get(tenantId, budgetId) ?? {
    tenantId,
    id: budgetId,
    blockedUntil: 0,
    reason: "",
    windows: null,
  };
  const { waits, windows } = reserveUnits(before.windows, request, database.clock.now());
  store.write(tenantId, budgetId, frozenCopy({ ...before, windows }));
  return { waits };
}

function isLink(row: WorkRow): row is LinkRow {
  return "endedAt" in row;
}
