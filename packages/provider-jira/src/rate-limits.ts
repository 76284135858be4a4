import { answerTime, retryAfterMs } from "@backref/provider-kit";

/** Waiting time after a 429 that names none. */
const defaultWaitMs = 60_000;

/**
 * How long a 429 asks to wait: `Retry-After` in seconds, or `X-RateLimit-Reset`, which Jira gives as a time in ISO 8601.
 * https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
 */
export function rateLimitWaitMs(headers: Headers, nowMs: number): number {
  const asked = retryAfterMs(headers, nowMs);
  const reset = Date.parse(headers.get("x-ratelimit-reset") ?? "");
  if (asked !== null && asked > 0) return asked;
  if (!Number.isNaN(reset)) return Math.max(1_000, reset - answerTime(headers, nowMs));
  // Data Center says 0 where a token is left by now.
  return asked === null ? defaultWaitMs : 1_000;
}
