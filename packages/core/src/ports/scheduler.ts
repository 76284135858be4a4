/** The one source of waiting. The engine sets no timers of its own. */
export interface Scheduler {
  /**
   * Resolves after `durationMs`. Rejects with the signal's reason as soon as `signal` aborts.
   * A pending sleep keeps the process alive: somebody waits for it, or a worker is at work until it is stopped.
   */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

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
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, durationMs);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  },
};
