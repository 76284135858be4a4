import { answerTime, retryAfterMs } from "@backref/provider-kit";

/** GitLab's limits of single actions tell no time; they count by the minute. */
const defaultWaitMs = 60_000;
const shortestWaitMs = 1_000;

/**
 * How long a 429 asks to wait: `Retry-After`, or `RateLimit-Reset` in seconds since 1970.
 * https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/
 */
export function rateLimitWaitMs(headers: Headers, nowMs: number): number {
  const asked = retryAfterMs(headers, nowMs);
  if (asked !== null) return Math.max(shortestWaitMs, asked);
  const reset = Number(headers.get("ratelimit-reset") ?? Number.NaN);
  if (Number.isNaN(reset) || reset <= 0) return defaultWaitMs;
  return Math.max(shortestWaitMs, reset * 1000 - answerTime(headers, nowMs));
}
