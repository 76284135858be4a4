import { silentTelemetry, type Telemetry, type TelemetrySpan } from "../ports/telemetry.ts";

function quietly<Result>(task: () => Result, otherwise: Result): Result {
  try {
    return task();
  } catch {
    // Work that cannot be measured must still be done.
    return otherwise;
  }
}

function guardedSpan(span: TelemetrySpan): TelemetrySpan {
  return {
    set: (attributes) => quietly(() => span.set(attributes), undefined),
    fail: (errorType) => quietly(() => span.fail(errorType), undefined),
  };
}

/** A telemetry whose failures harm nobody: whatever it does, work is done once, and answers what it answers. */
export function guardedTelemetry(telemetry: Telemetry): Telemetry {
  return {
    span<Result>(...[request, work]: Parameters<typeof telemetry.span<Result>>): Promise<Result> {
      const begun: Promise<Result>[] = [];
      const once = (span: TelemetrySpan) => {
        const [running = work(guardedSpan(span))] = begun;
        begun[0] = running;
        return running;
      };
      const told = quietly<Promise<unknown> | null>(() => telemetry.span(request, once), null);
      // What the adapter makes of the result is nobody's matter.
      if (told instanceof Promise) told.catch(() => {});
      return begun[0] ?? silentTelemetry.span(request, once);
    },
    current: () => quietly(() => telemetry.current(), null),
    measure: (metric, value, attributes) => quietly(() => telemetry.measure(metric, value, attributes), undefined),
  };
}
