import type { DeliveryRow } from "@backref/core/storage";
import { compareText, SortedList } from "./sorted-list.ts";
import type { TableStore } from "./table-store.ts";

/** Deliveries of all tenants, oldest first. */
export class DeliveryAges {
  readonly #table: TableStore<DeliveryRow>;
  readonly #rows = new SortedList<DeliveryRow>(
    (left, right) =>
      left.receivedAt - right.receivedAt ||
      compareText(left.tenantId, right.tenantId) ||
      compareText(left.id, right.id),
  );

  constructor(table: TableStore<DeliveryRow>) {
    this.#table = table;
    table.watch((before, after) => {
      if (before !== undefined) this.#rows.delete(before);
      if (after !== undefined) this.#rows.add(after);
    });
  }

  /** When the newest came in; null where there is none. */
  get newestAt(): number | null {
    for (const newest of this.#rows.descending()) return newest.receivedAt;
    return null;
  }

  /** Removes at most `limit` deliveries received before that wall-clock time, oldest first. Returns how many. */
  prune(before: number, limit: number): number {
    let removed = 0;
    for (let row = this.#rows.first(); row !== undefined && removed < limit; row = this.#rows.first()) {
      if (row.receivedAt >= before) break;
      this.#table.write(row.tenantId, row.id, undefined);
      removed += 1;
    }
    return removed;
  }

  /** Removes at most `limit` deliveries that are not among the newest `keep` of their source. Returns how many. */
  pruneCrowded(keep: number, limit: number): number {
    const counts = new Map<string, number>();
    const crowded: DeliveryRow[] = [];
    for (const row of this.#rows.descending()) {
      const source = JSON.stringify([row.tenantId, row.sourceId]);
      const count = (counts.get(source) ?? 0) + 1;
      counts.set(source, count);
      if (count > keep) crowded.push(row);
    }
    const gone = limit <= 0 ? [] : crowded.slice(-limit);
    for (const row of gone) this.#table.write(row.tenantId, row.id, undefined);
    return gone.length;
  }
}
