import type { ClaimRequest, ClaimResult, Tables, WorkTableName } from "@backref/core/storage";
import type { Database } from "./database.ts";
import { frozenCopy } from "./frozen-copy.ts";
import { rowKey } from "./table-index.ts";
import type { TableStore } from "./table-store.ts";

/** Leases rows, due ones in turn or some by name. */
export function claimRows<Table extends WorkTableName>(
  database: Database,
  claim: ClaimRequest<Table>,
): ClaimResult<Table> {
  const request = frozenCopy(claim);
  const now = database.clock.now();
  const store = database.tables[request.table] as unknown as TableStore<Tables[WorkTableName]>;
  const rows: Tables[WorkTableName][] = [];
  const lease = (row: Tables[WorkTableName]) => {
    const work = { leaseOwner: request.owner, leaseUntil: now + request.leaseMs, fence: row.fence + 1 };
    const leased = Object.freeze({ ...row, ...work });
    store.write(row.tenantId, row.id, leased);
    rows.push(leased);
  };
  if (request.only === undefined) {
    const { limit, limitPerSource } = request;
    database.queues[request.table].take({ now, limit, limitPerSource }, lease);
  } else {
    for (const row of namedRows(database, store, request, now)) lease(row);
  }
  return { rows: rows as unknown as ClaimResult<Table>["rows"], now };
}

function namedRows(
  database: Database,
  store: TableStore<Tables[WorkTableName]>,
  request: ClaimRequest<WorkTableName>,
  now: number,
): readonly Tables[WorkTableName][] {
  const countBySource = new Map<string, number>();
  const rows: Tables[WorkTableName][] = [];
  const tenantId = request.only?.tenantId ?? "";
  for (const id of new Set(request.only?.ids)) {
    if (rows.length >= request.limit) break;
    const row = store.get(tenantId, id);
    if (row === undefined || !isFree(row, now) || database.gate.opensAt(tenantId, row.sourceId) > now) continue;
    const source = rowKey(tenantId, row.sourceId);
    const count = (countBySource.get(source) ?? 0) + 1;
    if (count > request.limitPerSource) continue;
    countBySource.set(source, count);
    rows.push(row);
  }
  return rows;
}

function isFree(row: Tables[WorkTableName], now: number): boolean {
  if (row.leaseUntil !== null && row.leaseUntil > now) return false;
  return !("endedAt" in row) || (row.endedAt === null && row.pausedAt === null);
}
