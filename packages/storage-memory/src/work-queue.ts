import type { DueOverview, Tables, WorkTableName } from "@backref/core/storage";
import { compareText, SortedList } from "./sorted-list.ts";
import type { SourceGate } from "./source-gate.ts";
import { type QueueEntry, SourceQueue } from "./source-queue.ts";
import { rowKey } from "./table-index.ts";
import type { TableStore } from "./table-store.ts";

/** Counts the rows that claims looked at, for tests. */
export interface QueueProbe {
  examined: number;
}

/**
 * The due index of one table. A source sleeps until its next row is ready and the source itself can run; those that
 * are awake take turns. So a claim touches only sources and rows it can serve, however many others there are.
 */
export class WorkQueue<Table extends WorkTableName> {
  readonly #table: TableStore<Tables[Table]>;
  readonly #gate: SourceGate;
  readonly #probe: QueueProbe | undefined;
  readonly #queues = new Map<string, SourceQueue>();
  readonly #entries = new Map<string, QueueEntry>();
  readonly #asleep = new SortedList<SourceQueue>(
    (left, right) => left.wakeAt - right.wakeAt || compareText(left.key, right.key),
  );
  readonly #awake = new SortedList<SourceQueue>(
    (left, right) => left.turn - right.turn || compareText(left.key, right.key),
  );
  #turns = 0;

  constructor(table: TableStore<Tables[Table]>, gate: SourceGate, probe?: QueueProbe) {
    this.#table = table;
    this.#gate = gate;
    this.#probe = probe;
    table.watch((before, after) => this.#rowChanged(before, after));
    gate.listen((tenantId, sourceId) => this.#settle(this.#queues.get(rowKey(tenantId, sourceId))));
  }

  /**
   * Hands ready rows to `lease` one by one, the least recently served source first, then the next. `lease` must make
   * the row not ready, by writing it to the table.
   */
  take(
    request: { readonly now: number; readonly limit: number; readonly limitPerSource: number },
    lease: (row: Tables[Table]) => void,
  ): void {
    const takenBySource = new Map<SourceQueue, number>();
    if (request.limitPerSource < 1) return;
    this.#wake(request.now);
    for (let taken = 0; taken < request.limit; ) {
      const queue = this.#awake.first();
      if (queue === undefined) return;
      this.#awake.delete(queue);
      const entry = queue.wakeAt <= request.now ? queue.firstReady(request.now) : undefined;
      if (entry === undefined) {
        this.#settle(queue);
        continue;
      }
      if (this.#probe !== undefined) this.#probe.examined += 1;
      this.#turns += 1;
      queue.turn = this.#turns;
      taken += 1;
      const takenHere = (takenBySource.get(queue) ?? 0) + 1;
      takenBySource.set(queue, takenHere);
      lease(this.#table.get(queue.tenantId, entry.id) as Tables[Table]);
      if (takenHere < request.limitPerSource && queue.wakeAt <= request.now) {
        this.#asleep.delete(queue);
        this.#awake.add(queue);
      }
    }
  }

  /** When the next row becomes claimable, storage clock; Infinity if none is in sight. */
  get nextAt(): number {
    return Math.min(this.#asleep.first()?.wakeAt ?? Infinity, this.#awake.first()?.wakeAt ?? Infinity);
  }

  /** Rows that could be claimed now, counted to at most `limit`, and for how long the first of them has been due. */
  due(now: number, limit: number): DueOverview {
    let count = 0;
    let oldestAt = Infinity;
    for (const queue of this.#queues.values()) {
      if (this.#gate.opensAt(queue.tenantId, queue.sourceId) > now) continue;
      const ready = queue.ready(now, Math.max(1, limit - count));
      count += ready.length;
      oldestAt = Math.min(oldestAt, ready[0]?.dueAt ?? Infinity);
    }
    return { count: Math.min(count, limit), oldestForMs: oldestAt === Infinity ? null : now - oldestAt };
  }

  #wake(now: number): void {
    for (let queue = this.#asleep.first(); queue !== undefined && queue.wakeAt <= now; queue = this.#asleep.first()) {
      this.#asleep.delete(queue);
      this.#awake.add(queue);
    }
  }

  #rowChanged(before: Tables[Table] | undefined, after: Tables[Table] | undefined): void {
    const row = after ?? before;
    if (row === undefined) return;
    const key = rowKey(row.tenantId, row.id);
    const old = this.#entries.get(key);
    if (before !== undefined && old !== undefined) {
      const queue = this.#queues.get(rowKey(before.tenantId, before.sourceId));
      queue?.delete(old);
      this.#entries.delete(key);
      if (after === undefined || after.sourceId !== before.sourceId) this.#settle(queue);
    }
    if (after === undefined) return;
    const entry = entryOf(after);
    if (entry !== undefined) {
      this.#entries.set(key, entry);
      this.#queueOf(after).add(entry);
    }
    this.#settle(this.#queues.get(rowKey(after.tenantId, after.sourceId)));
  }

  #queueOf(row: Tables[Table]): SourceQueue {
    const key = rowKey(row.tenantId, row.sourceId);
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = new SourceQueue(row.tenantId, row.sourceId, key);
      this.#queues.set(key, queue);
    }
    return queue;
  }

  /** Finds the source's place again after a change of its rows, of itself or of its budget. */
  #settle(queue: SourceQueue | undefined): void {
    if (queue === undefined) return;
    if (!this.#asleep.delete(queue)) this.#awake.delete(queue);
    const opensAt = this.#gate.opensAt(queue.tenantId, queue.sourceId);
    queue.wakeAt = Math.max(queue.nextReadyAt, opensAt);
    if (queue.wakeAt < Infinity) this.#asleep.add(queue);
    else if (queue.isEmpty && opensAt === Infinity) this.#queues.delete(queue.key);
  }
}

function entryOf(row: Tables[WorkTableName]): QueueEntry | undefined {
  if (row.dueAt === null) return undefined;
  if ("endedAt" in row && (row.endedAt !== null || row.pausedAt !== null)) return undefined;
  return {
    id: row.id,
    dueAt: row.dueAt,
    readyAt: Math.max(row.dueAt, row.leaseUntil ?? row.dueAt),
    isLeased: row.leaseUntil !== null,
  };
}
