/** The one source of waiting. The engine sets no timers of its own. */
export interface Scheduler {
  /**
   * Resolves after `durationMs`. Rejects with the signal's reason as soon as `signal` aborts.
   * A pending sleep keeps the process alive: somebody waits for it, or a worker is at work until it is stopped.
   */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** Timers count in 31 bits; what is longer would end at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The timers of this process. */
export const systemScheduler: Scheduler = {
  sleep(durationMs, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const wait = (leftMs: number): NodeJS.Timeout =>
        setTimeout(
          () => {
            if (leftMs > longestTimerMs) {
              timer = wait(leftMs - longestTimerMs);
              return;
            }
            signal?.removeEventListener("abort", onAbort);
            resolve();
          },
          Math.min(leftMs, longestTimerMs),
        );
      let timer = wait(durationMs);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  },
};
