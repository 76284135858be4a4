/** Promises that outlive the call that started them. `close` waits for them; nothing floats. */
export interface Background {
  /** @param waitUntil a serverless host's way to keep the process alive */
  track(task: Promise<unknown>, waitUntil?: (task: Promise<unknown>) => void): void;
  settled(): Promise<void>;
}

export function createBackground(onError: (error: unknown) => void): Background {
  const running = new Set<Promise<void>>();
  return {
    track(task, waitUntil) {
      const guarded = task.then(
        () => {},
        (error: unknown) => onError(error),
      );
      running.add(guarded);
      void guarded.then(() => running.delete(guarded));
      waitUntil?.(guarded);
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
