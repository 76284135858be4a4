import { answerTime, retryAfterMs } from "@backref/provider-kit";

const usualWaitMs = 60_000;
const shortestWaitMs = 1_000;
/** Linear's windows last an hour. A longer wait comes of a clock that is wrong. */
const longestWaitMs = 3_600_000;

const windows = ["requests", "complexity", "endpoint-requests"];

/** How long to wait after `RATELIMITED`: until the window that is used up begins anew, told in milliseconds since 1970. */
export function waitMsOf(headers: Headers, nowMs: number): number {
  const named = retryAfterMs(headers, nowMs);
  if (named !== null) return bounded(named);
  const resets = windows.flatMap((name) => {
    const left = headers.get(`x-ratelimit-${name}-remaining`);
    const reset = Number(headers.get(`x-ratelimit-${name}-reset`) ?? Number.NaN);
    return left !== null && Number(left) <= 0 && !Number.isNaN(reset) ? [reset] : [];
  });
  if (resets.length === 0) return usualWaitMs;
  return bounded(Math.max(...resets) - answerTime(headers, nowMs));
}

function bounded(waitMs: number): number {
  return Math.min(Math.max(shortestWaitMs, waitMs), longestWaitMs);
}
