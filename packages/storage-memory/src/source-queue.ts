import { compareText, SortedList } from "./sorted-list.ts";

/** A work item in the queue of its source. */
export interface QueueEntry {
  /** When it becomes claimable, as far as the row itself is concerned. Storage clock. */
  readonly readyAt: number;
  readonly dueAt: number;
  readonly isLeased: boolean;
  readonly id: string;
}

/** Due and later work of one source, paused and ended work left out. */
export class SourceQueue {
  readonly tenantId: string;
  readonly sourceId: string;
  /** Breaks ties between sources. */
  readonly key: string;
  /** Number of the last turn this source had; 0 before the first. */
  turn = 0;
  /** When the next row becomes claimable; Infinity if none is in sight. */
  wakeAt: number = Infinity;
  readonly #byDue = new SortedList<QueueEntry>(
    (left, right) => left.dueAt - right.dueAt || compareText(left.id, right.id),
  );
  readonly #leased = new SortedList<QueueEntry>(
    (left, right) => left.readyAt - right.readyAt || compareText(left.id, right.id),
  );

  constructor(tenantId: string, sourceId: string, key: string) {
    this.tenantId = tenantId;
    this.sourceId = sourceId;
    this.key = key;
  }

  get isEmpty(): boolean {
    return this.#byDue.size === 0 && this.#leased.size === 0;
  }

  get nextReadyAt(): number {
    return Math.min(this.#byDue.first()?.readyAt ?? Infinity, this.#leased.first()?.readyAt ?? Infinity);
  }

  add(entry: QueueEntry): void {
    (entry.isLeased ? this.#leased : this.#byDue).add(entry);
  }

  delete(entry: QueueEntry): void {
    if (!this.#leased.delete(entry)) this.#byDue.delete(entry);
  }

  /** Entries that are ready, at most `limit`, the longest due among them. */
  ready(now: number, limit: number): readonly QueueEntry[] {
    const first = this.firstReady(now);
    if (first === undefined) return [];
    const found: QueueEntry[] = [];
    for (const entry of this.#byDue.ascending()) {
      if (found.length >= limit || entry.dueAt > now) break;
      if (entry.readyAt <= now) found.push(entry);
    }
    return found;
  }

  /** The longest due entry that is ready. Expired leases are moved among the others first, each once. */
  firstReady(now: number): QueueEntry | undefined {
    for (let entry = this.#leased.first(); entry !== undefined && entry.readyAt <= now; entry = this.#leased.first()) {
      this.#leased.delete(entry);
      this.#byDue.add(entry);
    }
    for (;;) {
      const entry = this.#byDue.first();
      if (entry === undefined || entry.dueAt > now) return undefined;
      if (entry.readyAt <= now) return entry;
      // The clock was set back after the lease had expired.
      this.#byDue.delete(entry);
      this.#leased.add(entry);
    }
  }
}
