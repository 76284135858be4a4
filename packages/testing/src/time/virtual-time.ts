import type { Clock, Scheduler } from "@backref/core/provider";

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

/** A clock and a scheduler that stand still until they are told to move. */
export interface VirtualTime {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Milliseconds since 1970 UTC, right now. */
  now(): number;
  /** Moves time and wakes sleepers in order, letting what they start run in between. */
  advance(durationMs: number): Promise<void>;
  /**
   * Moves time along until some work has ended, and gives what came of it: 50 ms of virtual time for each real millisecond, so
   * that work which also waits for something real (a database, a socket) is neither overtaken nor left waiting for ever.
   */
  during<Result>(work: Promise<Result>): Promise<Result>;
  /** How many sleeps are pending. */
  readonly sleeping: number;
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Time for tests: hand its `clock` and `scheduler` to `createBackref`, and move it with `advance`.
 * @param startAt milliseconds since 1970 UTC @default 2026-11-21T09:00:00Z
 * @example
 * ```ts
 * import { createVirtualTime } from "@backref/testing";
 *
 * const time = createVirtualTime();
 * const before = time.now();
 * await time.advance(60_000);
 * console.log(time.now() - before); // 60000
 * ```
 */
export function createVirtualTime(startAt: number = Date.UTC(2026, 10, 21, 9)): VirtualTime {
  let now = startAt;
  let order = 0;
  let sleepers: Sleeper[] = [];

  const sleep = (durationMs: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const sleeper: Sleeper = {
        at: now + Math.max(0, durationMs),
        order: order++,
        wake: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        sleepers = sleepers.filter((entry) => entry !== sleeper);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      sleepers.push(sleeper);
    });

  const advance = async (durationMs: number) => {
    const end = now + durationMs;
    await settle();
    for (;;) {
      const next = sleepers.filter((sleeper) => sleeper.at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined) break;
      sleepers = sleepers.filter((sleeper) => sleeper !== next);
      now = Math.max(now, next.at);
      next.wake();
      await settle();
    }
    now = end;
    await settle();
  };

  return {
    clock: { now: () => now, monotonic: () => now - startAt },
    scheduler: { sleep },
    now: () => now,
    get sleeping() {
      return sleepers.length;
    },
    advance,
    async during(work) {
      let isDone = false;
      const done = work.finally(() => {
        isDone = true;
      });
      done.catch(() => {});
      while (!isDone) {
        await advance(50);
        if (!isDone) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return done;
    },
  };
}
