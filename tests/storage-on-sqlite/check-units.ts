import type { CommitUnit, Write } from "@backref/core/storage";
import { checkKeys, checkPlain, checkTable, checkText, checkWorkTable } from "./check-input.ts";

/** Looks at all units before the first is applied: one that cannot be right refuses the whole call. */
export function checkUnits(tenantId: string, units: readonly CommitUnit[]): void {
  checkText(units);
  for (const unit of units) {
    for (const { table, match } of unit.require ?? []) {
      checkTable(table);
      checkPlain(table, match);
    }
    for (const write of unit.write) checkWrite(tenantId, write);
  }
}

function checkWrite(tenantId: string, write: Write): void {
  switch (write.type) {
    case "insert":
    case "put":
      checkTable(write.table);
      if (write.row.tenantId !== tenantId) throw new TypeError("A row belongs to another tenant than the call.");
      return;
    case "update":
      checkTable(write.table);
      checkIdentity(tenantId, write.id, write.set);
      return;
    case "release":
      checkWorkTable(write.table);
      checkIdentity(tenantId, write.id, write.set);
      return;
    case "mark":
      checkWorkTable(write.table);
      checkKeys(write.table, write.by, write.keys);
      return;
    case "delete":
      checkTable(write.table);
      return;
    case "block":
      return;
    default:
      throw new TypeError(`There is no write of type "${String((write as { readonly type: unknown }).type)}".`);
  }
}

function checkIdentity(tenantId: string, id: string, set: { readonly tenantId?: string; readonly id?: string }): void {
  if ((set.id ?? id) !== id || (set.tenantId ?? tenantId) !== tenantId) {
    throw new TypeError("A row's id and tenant cannot be changed.");
  }
}
