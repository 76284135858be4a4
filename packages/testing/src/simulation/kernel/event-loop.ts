/** Virtual time: a heap of things that happen at a moment, one after the other, with all promises settled in between. */
export interface EventLoop {
  /** Milliseconds since 1970 UTC; not whole. */
  now(): number;
  at(time: number, run: () => void): ScheduledEvent;
  after(delayMs: number, run: () => void): ScheduledEvent;
  /** Runs everything up to a moment, or until `isOver` says so. */
  runUntil(time: number, isOver?: () => boolean): Promise<void>;
  /** Events that have happened. */
  readonly count: number;
  /** Stands for all events so far, in order: equal for equal runs. */
  readonly hash: number;
}

export interface ScheduledEvent {
  cancel(): void;
}

interface Entry {
  readonly time: number;
  readonly order: number;
  run: (() => void) | null;
}

// Taken before anything can replace it.
const { setImmediate: nextTurn } = globalThis;

/** A real turn asks the kernel for input, which is dear; it is needed only for rejections that nobody handles to be told. */
const eventsPerTurn = 32;

/**
 * Calls back when all promises are settled. Node empties the queue of promises before it looks at the next ticks, so a
 * tick that was asked for from a promise comes after all of them; the second round is for ticks of streams and the like.
 */
function whenSettled(run: () => void): void {
  queueMicrotask(() => process.nextTick(() => queueMicrotask(() => process.nextTick(run))));
}

const comesFirst = (a: Entry, b: Entry) => a.time < b.time || (a.time === b.time && a.order < b.order);

function createHeap() {
  const entries: Entry[] = [];
  const swap = (a: number, b: number) => {
    const [left, right] = [entries[a], entries[b]];
    if (left === undefined || right === undefined) return;
    entries[a] = right;
    entries[b] = left;
  };
  const isBefore = (a: number, b: number) => {
    const [left, right] = [entries[a], entries[b]];
    return left !== undefined && right !== undefined && comesFirst(left, right);
  };
  return {
    first: () => entries[0],
    push(entry: Entry) {
      let at = entries.push(entry) - 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!isBefore(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    },
    pop() {
      const first = entries[0];
      const last = entries.pop();
      if (last === undefined || entries.length === 0) return first;
      entries[0] = last;
      for (let at = 0; ; ) {
        const left = 2 * at + 1;
        const smaller = isBefore(left + 1, left) ? left + 1 : left;
        if (!isBefore(smaller, at)) return first;
        swap(smaller, at);
        at = smaller;
      }
    },
  };
}

export function createEventLoop(startAt: number): EventLoop {
  const heap = createHeap();
  let now = startAt;
  let order = 0;
  let count = 0;
  let hash = 0;

  const at: EventLoop["at"] = (time, run) => {
    order += 1;
    const entry: Entry = { time: Math.max(time, now), order, run };
    heap.push(entry);
    return {
      cancel() {
        entry.run = null;
      },
    };
  };

  return {
    now: () => now,
    at,
    after: (delayMs, run) => at(now + Math.max(0, delayMs), run),
    runUntil: (time, isOver) =>
      new Promise((resolve, reject) => {
        const step = () => {
          try {
            let entry = heap.first();
            while (entry !== undefined && entry.run === null) {
              heap.pop();
              entry = heap.first();
            }
            if (entry === undefined || entry.time > time || isOver?.() === true) {
              if (isOver?.() !== true) now = Math.max(now, time);
              resolve();
              return;
            }
            heap.pop();
            now = entry.time;
            count += 1;
            hash = Math.imul(hash ^ Math.floor(now * 1_000), 0x01000193) ^ entry.order;
            entry.run?.();
            if (count % eventsPerTurn === 0) nextTurn(step);
            else whenSettled(step);
          } catch (error) {
            reject(error);
          }
        };
        nextTurn(step);
      }),
    get count() {
      return count;
    },
    get hash() {
      return hash >>> 0;
    },
  };
}
