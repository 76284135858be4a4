import type { ActivityRow } from "@backref/core/storage";
import { SortedList } from "./sorted-list.ts";
import type { TableStore } from "./table-store.ts";

/** Activity of all tenants in commit order. */
export class ActivityLog {
  readonly #rows = new SortedList<Pick<ActivityRow, "sequence">>((left, right) => left.sequence - right.sequence);
  #lastSequence = 0;

  constructor(table: TableStore<ActivityRow>) {
    table.watch((before, after) => {
      if (before !== undefined) this.#rows.delete(before);
      if (after !== undefined) this.#rows.add(after);
    });
  }

  /** Kept when a unit starts and set back when it fails, so that sequences have no gaps. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  set lastSequence(sequence: number) {
    this.#lastSequence = sequence;
  }

  nextSequence(): number {
    this.#lastSequence += 1;
    return this.#lastSequence;
  }

  read(after: number, limit: number): readonly ActivityRow[] {
    const rows: ActivityRow[] = [];
    if (limit < 1) return rows;
    for (const row of this.#rows.ascending({ sequence: after })) {
      rows.push(row as ActivityRow);
      if (rows.length >= limit) break;
    }
    return rows;
  }
}
