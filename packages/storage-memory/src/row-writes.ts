import type { DeleteWrite, InsertWrite, PutWrite, Requirement, UpdateWrite } from "@backref/core/storage";
import { UnitFailure, type UnitWriter } from "./unit-writer.ts";

/** Ends the unit unless the row is as required. */
export function checkRequirement(unit: UnitWriter, requirement: Requirement): void {
  const { table, id } = requirement;
  const row = unit.store(table).get(unit.tenantId, id);
  const columns = row as Readonly<Record<string, unknown>> | undefined;
  for (const [name, value] of Object.entries(requirement.match)) {
    if (typeof value === "object" && value !== null) {
      throw new TypeError(`A requirement compares plain values, but ${table}.${name} is not one.`);
    }
    if (columns !== undefined && columns[name] !== value) throw new UnitFailure({ status: "stale", table, id });
  }
  if (columns === undefined) throw new UnitFailure({ status: "stale", table, id });
}

export function applyInsert(unit: UnitWriter, { table, row, ifExists }: InsertWrite): void {
  checkTenant(unit, row.tenantId);
  const store = unit.store(table);
  const key = store.get(unit.tenantId, row.id) === undefined ? store.takenKey(row) : "id";
  if (key === null) unit.writeUnchecked(store, row.id, unit.inserted(table, row));
  else if (ifExists === "skip") unit.skipped += 1;
  else throw new UnitFailure({ status: "taken", table, key });
}

export function applyUpdate(unit: UnitWriter, { table, id, set }: UpdateWrite): void {
  const store = unit.store(table);
  const row = store.get(unit.tenantId, id);
  if (row === undefined) throw new UnitFailure({ status: "missing", table, id });
  unit.write(store, unit.changed(table, row, set));
}

export function applyPut(unit: UnitWriter, { table, row }: PutWrite): void {
  checkTenant(unit, row.tenantId);
  const store = unit.store(table);
  const before = store.get(unit.tenantId, row.id);
  unit.write(store, before === undefined ? unit.inserted(table, row) : unit.replaced(table, before, row));
}

export function applyDelete(unit: UnitWriter, { table, id }: DeleteWrite): void {
  const store = unit.store(table);
  if (store.get(unit.tenantId, id) !== undefined) unit.writeUnchecked(store, id, undefined);
}

function checkTenant(unit: UnitWriter, tenantId: string): void {
  if (tenantId !== unit.tenantId) throw new TypeError("A row belongs to another tenant than the call.");
}
