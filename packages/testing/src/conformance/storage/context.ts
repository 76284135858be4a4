import assert from "node:assert/strict";
import type {
  ClaimRequest,
  CommitOutcome,
  FindQuery,
  MarkWrite,
  Requirement,
  Row,
  Storage,
  TableName,
  UpdateWrite,
  WorkTableName,
  Write,
} from "@backref/core/storage";
import { insertOf, parentsOf } from "./sample-parents.ts";
import { sampleId, sampleRow, sampleTenantId } from "./sample-rows.ts";

/** What the rules of the storage suite work with: a storage of their own, and ways to write short rules. */
export interface StorageContext {
  readonly storage: Storage;
  /** A duration that `pass` gets through soon. */
  readonly shortMs: number;
  /** Lets time pass, by the storage's clock. */
  pass(durationMs: number): Promise<void>;
  /** Closes the storage and removes what was made for the rule. */
  dispose(): Promise<void>;
}

/** A duration that never passes within a rule. */
export const longMs = 600_000;

export const scope: { readonly tenantId: string } = { tenantId: sampleTenantId };

/** Commits one unit. */
export async function commitUnit(
  context: StorageContext,
  write: readonly Write[],
  require: readonly Requirement[] = [],
  tenantId: string = sampleTenantId,
): Promise<CommitOutcome> {
  const outcomes = await context.storage.commit({ tenantId }, [{ require, write }]);
  assert.equal(outcomes.length, 1, "one outcome per unit");
  return outcomes[0] as CommitOutcome;
}

/** Commits one unit that has to be taken. */
export async function commitOk(
  context: StorageContext,
  write: readonly Write[],
  tenantId: string = sampleTenantId,
): Promise<void> {
  const outcome = await commitUnit(context, write, [], tenantId);
  assert.equal(outcome.status, "committed", `the unit was expected to commit, not ${JSON.stringify(outcome)}`);
}

/** Inserts a sample row and whatever it refers to. */
export async function insert<Table extends TableName>(
  context: StorageContext,
  table: Table,
  overrides: Partial<Row<Table>> = {},
): Promise<Row<Table>> {
  const row = sampleRow(table, overrides);
  await commitOk(context, [...parentsOf(table, row), insertOf(table, row)], row.tenantId);
  return row;
}

/** Inserts many sample rows, numbered from `first` on, in one call. */
export async function insertMany<Table extends TableName>(
  context: StorageContext,
  table: Table,
  request: { readonly first: number; readonly count: number },
  overrides: (number: number) => Partial<Row<Table>> = () => ({}),
): Promise<readonly string[]> {
  const numbers = Array.from({ length: request.count }, (_, index) => request.first + index);
  const rows = numbers.map((number) => sampleRow(table, { id: sampleId(number), ...overrides(number) }));
  const outcomes = await context.storage.commit(
    { tenantId: rows[0]?.tenantId ?? sampleTenantId },
    rows.map((row) => ({ write: [...parentsOf(table, row), insertOf(table, row)] })),
  );
  for (const outcome of outcomes) assert.equal(outcome.status, "committed", JSON.stringify(outcome));
  return rows.map((row) => row.id);
}

export async function read<Table extends TableName>(
  context: StorageContext,
  table: Table,
  id: string = sampleId(1),
  tenantId: string = sampleTenantId,
): Promise<Row<Table> | undefined> {
  const rows = await context.storage.find({ tenantId }, { table, by: "id", keys: [[id]] });
  assert.ok(rows.length <= 1, "an id names at most one row");
  return rows[0];
}

/** Reads a row that has to exist. */
export async function readOk<Table extends TableName>(
  context: StorageContext,
  table: Table,
  id: string = sampleId(1),
  tenantId: string = sampleTenantId,
): Promise<Row<Table>> {
  const row = await read(context, table, id, tenantId);
  assert.ok(row !== undefined, `${table} ${id} was expected to exist`);
  return row;
}

export async function findIds<Table extends TableName>(
  context: StorageContext,
  query: FindQuery<Table>,
  tenantId: string = sampleTenantId,
): Promise<readonly string[]> {
  return (await context.storage.find({ tenantId }, query)).map((row) => row.id);
}

/** An update, in a form that TypeScript can follow for any table. */
export function updateOf<Table extends TableName>(table: Table, id: string, set: Partial<Row<Table>>): UpdateWrite {
  return { type: "update", table, id, set } as unknown as UpdateWrite;
}

/** A mark of some links, due at once. */
export function markOf(
  ids: readonly string[],
  options: Partial<Extract<MarkWrite, { table: "link" }>> = {},
): MarkWrite {
  return { type: "mark", table: "link", by: "id", keys: ids.map((id) => [id]), afterMs: 0, ...options };
}

/** Claims with a lease that does not run out and limits that do not matter. */
export async function claim<Table extends WorkTableName = "link">(
  context: StorageContext,
  options: Partial<ClaimRequest<Table>> = {},
): Promise<readonly Row<Table>[]> {
  const request = { table: "link", owner: "worker-1", leaseMs: longMs, limit: 100, limitPerSource: 100, ...options };
  return (await context.storage.system.claim(request as ClaimRequest<Table>)).rows;
}

export async function claimIds(
  context: StorageContext,
  options: Partial<ClaimRequest<"link">> = {},
): Promise<readonly string[]> {
  return (await claim(context, options)).map((row) => row.id);
}

/** The storage's clock, which only claims tell. */
export async function storageNow(context: StorageContext): Promise<number> {
  const only = { tenantId: sampleTenantId, ids: [] };
  const request = { table: "link", owner: "clock", leaseMs: 1, limit: 1, limitPerSource: 1, only } as const;
  return (await context.storage.system.claim(request)).now;
}

/** Asserts that a storage time lies between two others. */
export function assertBetween(value: number | null | undefined, low: number, high: number, what: string): void {
  assert.ok(typeof value === "number", `${what} was expected to be a time, not ${String(value)}`);
  assert.ok(value >= low && value <= high, `${what} was expected in [${low}, ${high}], but is ${value}`);
}
