import type { TelemetryCause } from "../ports/telemetry.ts";
import { noLongerAwaited } from "../runtime/no-longer-awaited.ts";

/** Wakes a sleeping worker of this process when work has come in. Losing a ring costs time, never work. */
export interface Doorbell {
  /** @param cause why it rings, for traces @default unknown */
  ring(cause?: TelemetryCause | null): void;
  /** Aborts at the next ring. */
  signal(): AbortSignal;
  /** Why it rang since this was last asked; the newest of many. */
  takeCauses(): readonly TelemetryCause[];
}

const mostCauses = 16;

export function createDoorbell(): Doorbell {
  let controller = new AbortController();
  let causes: TelemetryCause[] = [];
  return {
    ring(cause = null) {
      if (cause !== null) causes = [...causes, cause].slice(-mostCauses);
      const ringing = controller;
      controller = new AbortController();
      ringing.abort(noLongerAwaited);
    },
    signal: () => controller.signal,
    takeCauses() {
      const taken = causes;
      causes = [];
      return taken;
    },
  };
}
