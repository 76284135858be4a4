/** Wakes a sleeping worker of this process when work has come in. Losing a ring costs time, never work. */
export interface Doorbell {
  ring(): void;
  /** Aborts at the next ring. */
  signal(): AbortSignal;
}

export function createDoorbell(): Doorbell {
  let controller = new AbortController();
  return {
    ring() {
      const ringing = controller;
      controller = new AbortController();
      ringing.abort();
    },
    signal: () => controller.signal,
  };
}
