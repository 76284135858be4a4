import { type CommitOutcome, idleWork, type TableName } from "@backref/core/storage";
import type { Database } from "./database.ts";
import type { BaseRow, TableStore } from "./table-store.ts";

/** Ends a unit that cannot commit. */
export class UnitFailure {
  readonly outcome: CommitOutcome;

  constructor(outcome: CommitOutcome) {
    this.outcome = outcome;
  }
}

export type AnyStore = TableStore<BaseRow>;
type AnyRow = BaseRow & Readonly<Record<string, unknown>>;

const workColumns: readonly string[] = Object.keys(idleWork);
const noColumns: readonly string[] = [];

/** Writes the rows of one unit in place and remembers how to take them back. */
export class UnitWriter {
  readonly tenantId: string;
  /** Storage clock, one moment for the whole call. */
  readonly now: number;
  readonly #database: Database;
  readonly #undo: (() => void)[] = [];
  skipped = 0;

  constructor(database: Database, tenantId: string, now: number) {
    this.#database = database;
    this.tenantId = tenantId;
    this.now = now;
    const { activity } = database;
    const lastSequence = activity.lastSequence;
    this.#undo.push(() => {
      activity.lastSequence = lastSequence;
    });
  }

  store(table: TableName): AnyStore {
    const store = this.#database.tables[table] as unknown as AnyStore | undefined;
    if (store === undefined) throw new TypeError(`There is no table "${String(table)}".`);
    return store;
  }

  /** The row as the storage keeps it: frozen, activity with its sequence. */
  inserted(table: TableName, row: BaseRow): BaseRow {
    if (table !== "activity") return row;
    return Object.freeze({ ...row, sequence: this.#database.activity.nextSequence() });
  }

  /** `row` with new columns, except those that only the storage itself changes. */
  changed(table: TableName, row: BaseRow, columns: object): BaseRow {
    const kept = keptColumns(table);
    const changes = Object.fromEntries(Object.entries(columns).filter(([name]) => !kept.includes(name)));
    const next: BaseRow = { ...row, ...changes };
    if (next.id !== row.id || next.tenantId !== row.tenantId) {
      throw new TypeError("Id and tenant of a row cannot be changed.");
    }
    return Object.freeze(next);
  }

  /** Every column from `replacement`, except those that only the storage itself changes. */
  replaced(table: TableName, row: BaseRow, replacement: BaseRow): BaseRow {
    const kept = keptColumns(table);
    if (kept.length === 0) return replacement;
    const own = Object.fromEntries(kept.map((name) => [name, (row as AnyRow)[name]]));
    return Object.freeze({ ...replacement, ...own });
  }

  /** Writes a row whose unique keys have to be free. */
  write(store: AnyStore, row: BaseRow): void {
    const key = store.takenKey(row);
    if (key !== null) throw new UnitFailure({ status: "taken", table: store.name, key });
    this.writeUnchecked(store, row.id, row);
  }

  /** Writes a row whose unique keys did not change, or removes one. */
  writeUnchecked(store: AnyStore, id: string, row: BaseRow | undefined): void {
    const before = store.write(this.tenantId, id, row);
    this.#undo.push(() => store.write(this.tenantId, id, before));
  }

  rollBack(): void {
    for (const step of this.#undo.splice(0).reverse()) step();
  }
}

function keptColumns(table: TableName): readonly string[] {
  if (table === "link" || table === "pollScope") return workColumns;
  return table === "activity" ? ["sequence"] : noColumns;
}
