import { silentTelemetry } from "../ports/telemetry.ts";
import { logEvent, loggedError } from "../runtime/log-event.ts";
import type { Runtime } from "../runtime/runtime.ts";

const intervalMs = 15_000;
const countedTo = 1_000;

/** Measures how much work is due and for how long: at most every 15 seconds, and not at all where nobody measures. */
export function createWorkMeasure(runtime: Runtime, workerId: string): () => Promise<void> {
  const { telemetry, clock, storage } = runtime;
  let measuredAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (telemetry === silentTelemetry || clock.monotonic() - measuredAt < intervalMs) return;
    measuredAt = clock.monotonic();
    try {
      const { due } = await storage.system.overview({ limit: countedTo });
      for (const [kind, { count, oldestForMs }] of [
        ["link", due.link] as const,
        ["poll-scope", due.pollScope] as const,
      ]) {
        telemetry.measure("backref.work.due", count, { "backref.work.kind": kind });
        telemetry.measure("backref.work.oldest_due_age", (oldestForMs ?? 0) / 1_000, { "backref.work.kind": kind });
      }
    } catch (error) {
      // What a pass has done stays done, whether or not somebody could measure what is left.
      logEvent(runtime, "measuring-failed", { workerId, ...loggedError(error) });
    }
  };
}
