import { BackrefError } from "../errors/index.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** What a provider call needs to stop in time. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** By the clock's `monotonic`. */
  readonly sendBy: number;
}

/** Runs remote work that is aborted once the request time limit is over. Leaves no timer behind. */
export async function withDeadline<Result>(
  runtime: Pick<Runtime, "clock" | "scheduler" | "limits">,
  work: (deadline: Deadline) => Promise<Result>,
): Promise<Result> {
  const durationMs = runtime.limits.requestTimeoutMs;
  const expiry = new AbortController();
  const finished = new AbortController();
  const timer = runtime.scheduler.sleep(durationMs, finished.signal).then(
    () =>
      expiry.abort(
        new BackrefError({
          code: "tracker-unavailable",
          message: `The tracker did not answer within ${durationMs} ms. Try again later.`,
          isRetryable: true,
        }),
      ),
    () => {},
  );
  try {
    return await work({ signal: expiry.signal, sendBy: runtime.clock.monotonic() + durationMs });
  } finally {
    finished.abort();
    await timer;
  }
}
