import { type CommitUnit, type TableDefinition, type TableName, tableDefinitions } from "@backref/core/storage";
import { tablePlace } from "../schema/physical-tables.ts";
import { type PhysicalRequirement, type PhysicalWrite, requirementsOf, writesOf } from "./physical-writes.ts";

/** Writes of one kind to one table, each to another row, in the order of the unit. */
export interface Run {
  readonly kind: PhysicalWrite["kind"];
  readonly table: string;
  readonly writes: readonly PhysicalWrite[];
}

/** One unit as the database will do it. */
export interface CompiledUnit {
  /** Place among the units of the call. */
  readonly index: number;
  readonly unit: CommitUnit;
  readonly requirements: readonly (PhysicalRequirement & { readonly place: number })[];
  readonly runs: readonly Run[];
  /** Rows that are written, and rows that are only looked at, as `table id`. */
  readonly written: ReadonlySet<string>;
  readonly required: ReadonlySet<string>;
  /** Tables of which rows come, go or are found under other keys. */
  readonly reshaped: ReadonlySet<string>;
  /** Tables of which marks find rows by other keys than the id. */
  readonly searched: ReadonlySet<string>;
  /** Tables into which rows go only where nothing is in their way. */
  readonly filled: ReadonlySet<string>;
}

/** @throws TypeError where the unit does not keep to the contract */
export function compileUnit(tenantId: string, unit: CommitUnit, index: number): CompiledUnit {
  const requirements = (unit.require ?? []).flatMap((requirement, place) =>
    requirementsOf(requirement).map((found) => ({ ...found, place })),
  );
  const writes = unit.write.flatMap((write, number) => writesOf(tenantId, write, number));
  const reshaped = new Set<string>();
  const searched = new Set<string>();
  const filled = new Set<string>();
  for (const write of unit.write) {
    if (write.type === "block") continue;
    const { name } = tablePlace(write.table).main;
    if (write.type === "insert" && write.ifExists === "skip") filled.add(name);
    if (write.type === "insert" || write.type === "put" || write.type === "delete") reshaped.add(name);
    if ((write.type === "update" || write.type === "release") && setsKey(write.table, write.set)) reshaped.add(name);
    if (write.type === "mark" && write.by !== "id") {
      checkPath(write.table, write.by, write.keys);
      searched.add(name);
    }
  }
  const keyOf = ({ table, id }: { readonly table: string; readonly id: string | null }) => `${table} ${id}`;
  return {
    index,
    unit,
    requirements,
    runs: runsOf(writes),
    written: new Set(writes.filter(({ id }) => id !== null).map(keyOf)),
    required: new Set(requirements.map(keyOf)),
    reshaped,
    searched,
    filled,
  };
}

function runsOf(writes: readonly PhysicalWrite[]): readonly Run[] {
  const runs: { kind: Run["kind"]; table: string; writes: PhysicalWrite[]; ids: Set<string> }[] = [];
  for (const write of writes) {
    const last = runs.at(-1);
    const isSame =
      last?.kind === write.kind && last.table === write.table && (write.id === null || !last.ids.has(write.id));
    if (last !== undefined && isSame) last.writes.push(write);
    else runs.push({ kind: write.kind, table: write.table, writes: [write], ids: new Set() });
    if (write.id !== null) runs.at(-1)?.ids.add(write.id);
  }
  return runs;
}

/** Every column of every path of a table, without those of the primary key. */
const pathColumns = new Map(
  Object.entries(tableDefinitions).map(([table, definition]): [string, ReadonlySet<string>] => {
    const { unique, indexes } = definition as unknown as TableDefinition<TableName>;
    const columns = [...Object.values(unique).map((key) => key.columns), ...Object.values(indexes)];
    return [table, new Set<string>(columns.flat())];
  }),
);

function setsKey(table: TableName, set: object): boolean {
  return Object.keys(set).some((column) => pathColumns.get(table)?.has(column) === true);
}

/**
 * The columns of a path.
 *
 * @throws TypeError where there is no such path, or a key has another number of values
 */
export function checkPath(table: TableName, by: string, keys: readonly (readonly unknown[])[]): readonly string[] {
  const definition = tableDefinitions[table] as unknown as TableDefinition<TableName> | undefined;
  if (definition === undefined) throw new TypeError(`There is no table "${String(table)}".`);
  const columns = by === "id" ? ["id"] : (definition.unique[by]?.columns ?? definition.indexes[by]);
  if (columns === undefined) throw new TypeError(`Table ${table} has no access path "${by}".`);
  for (const key of keys) {
    if (key.length !== columns.length) {
      const names = columns.join(", ") || "no columns";
      throw new TypeError(`Path "${by}" of ${table} takes ${names}, but a key has ${key.length} values.`);
    }
  }
  return columns;
}
