import { type Scalar, type TableDefinition, type TableName, tableDefinitions } from "@backref/core/storage";
import { rowKey, TableIndex, tupleKey } from "./table-index.ts";

/** What every row has. */
export interface BaseRow {
  readonly tenantId: string;
  readonly id: string;
}

/** Is told of every change of a row, also of those that undo another. */
export type RowWatcher<Row> = (before: Row | undefined, after: Row | undefined) => void;

interface UniqueKey {
  readonly name: string;
  readonly index: TableIndex;
  /** Row keys by tuple over all tenants; null where the key is unique per tenant. */
  readonly global: Map<string, string> | null;
}

const sequenceDigits = 16;

/** The rows of one table, of all tenants, with an index for each access path. */
export class TableStore<Row extends BaseRow> {
  readonly name: TableName;
  readonly #rows = new Map<string, Row>();
  readonly #uniqueKeys: readonly UniqueKey[];
  readonly #indexes: readonly TableIndex[];
  readonly #paths = new Map<string, TableIndex>();
  readonly #watchers: RowWatcher<Row>[] = [];

  constructor(name: TableName) {
    this.name = name;
    const definition = tableDefinitions[name] as unknown as TableDefinition<TableName>;
    this.#uniqueKeys = Object.entries(definition.unique).map(([key, { columns, global }]) => ({
      name: key,
      index: new TableIndex(columns),
      global: global === true ? new Map() : null,
    }));
    for (const key of this.#uniqueKeys) this.#paths.set(key.name, key.index);
    for (const [path, columns] of Object.entries(definition.indexes)) this.#paths.set(path, new TableIndex(columns));
    this.#indexes = [...new Set([...this.#uniqueKeys.map((key) => key.index), ...this.#paths.values()])];
  }

  watch(watcher: RowWatcher<Row>): void {
    this.#watchers.push(watcher);
  }

  get(tenantId: string, id: string): Row | undefined {
    return this.#rows.get(rowKey(tenantId, id));
  }

  /** The row that holds a key which is unique over all tenants. */
  getGlobal(keyName: string, values: readonly Scalar[]): Row | undefined {
    const holder = this.#uniqueKeys.find((key) => key.name === keyName)?.global?.get(tupleKey(values));
    return holder === undefined ? undefined : this.#rows.get(holder);
  }

  /** The index of an access path other than `id`. */
  index(path: string): TableIndex | undefined {
    return this.#paths.get(path);
  }

  /** Name of the first unique key that another row holds already; null if none does. */
  takenKey(row: Row): string | null {
    for (const { name, index, global } of this.#uniqueKeys) {
      const values = valuesOf(row, index.columns);
      if (values.includes(null)) continue;
      if (global !== null) {
        const holder = global.get(tupleKey(values));
        if (holder !== undefined && holder !== rowKey(row.tenantId, row.id)) return name;
      } else {
        const position = index.first(scopedKey(row.tenantId, values));
        if (position !== undefined && this.idAt(position) !== row.id) return name;
      }
    }
    return null;
  }

  /** Puts the row in the place of the one with this id, or removes that one. Unique keys are not checked here. */
  write(tenantId: string, id: string, after: Row | undefined): Row | undefined {
    const key = rowKey(tenantId, id);
    const before = this.#rows.get(key);
    if (after === undefined) this.#rows.delete(key);
    else this.#rows.set(key, after);
    for (const index of this.#indexes) this.#reindex(index, before, after);
    for (const { index, global } of this.#uniqueKeys) {
      if (global === null) continue;
      if (before !== undefined) global.delete(tupleKey(valuesOf(before, index.columns)));
      if (after !== undefined) global.set(tupleKey(valuesOf(after, index.columns)), key);
    }
    for (const watcher of this.#watchers) watcher(before, after);
    return before;
  }

  /** Where a row stands in the order of its table: by id, activity by sequence. */
  positionOf(row: Row): string {
    if (this.name !== "activity") return row.id;
    return String((row as unknown as { readonly sequence: number }).sequence).padStart(sequenceDigits, "0") + row.id;
  }

  idAt(position: string): string {
    return this.name === "activity" ? position.slice(sequenceDigits) : position;
  }

  #reindex(index: TableIndex, before: Row | undefined, after: Row | undefined): void {
    if (before !== undefined && after !== undefined && this.#standsAlike(index, before, after)) return;
    if (before !== undefined) index.delete(indexKey(index, before), this.positionOf(before));
    if (after !== undefined) index.add(indexKey(index, after), this.positionOf(after));
  }

  #standsAlike(index: TableIndex, before: Row, after: Row): boolean {
    const isSame = index.columns.every((column) => columnOf(before, column) === columnOf(after, column));
    return isSame && this.positionOf(before) === this.positionOf(after);
  }
}

/** Key of an index: the tenant first, then the columns. */
export function scopedKey(tenantId: string, values: readonly Scalar[]): string {
  return tupleKey([tenantId]) + tupleKey(values);
}

function indexKey(index: TableIndex, row: BaseRow): string {
  return scopedKey(row.tenantId, valuesOf(row, index.columns));
}

function valuesOf(row: BaseRow, columns: readonly string[]): readonly Scalar[] {
  return columns.map((column) => columnOf(row, column));
}

function columnOf(row: BaseRow, column: string): Scalar {
  return (row as unknown as Readonly<Record<string, Scalar>>)[column] ?? null;
}
