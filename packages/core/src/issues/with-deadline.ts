import { BackrefError } from "../errors/index.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { withTimeLimit } from "../runtime/time-limit.ts";

/** What a provider call needs to stop in time. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** By the clock's `monotonic`. */
  readonly sendBy: number;
  /** Somebody waits for it. */
  readonly isUrgent: true;
}

/** Runs remote work that is aborted once the request time limit is over. Leaves no timer behind. */
export async function withDeadline<Result>(
  runtime: Pick<Runtime, "clock" | "scheduler" | "limits">,
  work: (deadline: Deadline) => Promise<Result>,
): Promise<Result> {
  const durationMs = runtime.limits.requestTimeoutMs;
  const reason = () =>
    new BackrefError({
      code: "tracker-unavailable",
      message: `The tracker did not answer within ${durationMs} ms. Try again later.`,
      isRetryable: true,
    });
  const sendBy = runtime.clock.monotonic() + durationMs;
  return withTimeLimit(runtime, { durationMs, reason }, (signal) => work({ signal, sendBy, isUrgent: true }));
}
