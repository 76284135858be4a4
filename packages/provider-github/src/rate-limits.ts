import { answerTime, retryAfterMs } from "@backref/provider-kit";

/** GitHub asks for at least a minute where it names no time. */
const secondaryWaitMs = 60_000;
const shortestWaitMs = 1_000;
/** GitHub's windows are no longer. A longer wait comes of a clock that is wrong here, or of a proxy. */
const longestWaitMs = 3_600_000;

/** Also of a primary limit: not every answer that tells of one has its headers. */
const limitWords = /secondary rate limit|abuse detection|API rate limit (?:already )?exceeded/i;

/** How long GitHub asks to wait; null where the answer is no rate limit. */
export function rateLimitWaitMs(answer: {
  readonly status: number;
  readonly headers: Headers;
  readonly message: string;
  readonly nowMs: number;
}): number | null {
  if (answer.status !== 403 && answer.status !== 429) return null;
  const isLimit = answer.status === 429 || limitWords.test(answer.message);
  return namedWaitMs(answer.headers, answer.nowMs) ?? (isLimit ? secondaryWaitMs : null);
}

/** For answers whose content says that a limit was hit, such as GraphQL's `RATE_LIMIT`. */
export function graphqlWaitMs(headers: Headers, nowMs: number): number {
  return namedWaitMs(headers, nowMs) ?? secondaryWaitMs;
}

export function isRateLimitText(message: string): boolean {
  return limitWords.test(message);
}

/** `Retry-After` first, then the reset of an exhausted window, told in seconds since 1970. */
function namedWaitMs(headers: Headers, nowMs: number): number | null {
  const afterMs = retryAfterMs(headers, nowMs);
  if (afterMs !== null) return bounded(afterMs);
  const reset = Number(headers.get("x-ratelimit-reset") ?? Number.NaN);
  if (headers.get("x-ratelimit-remaining") !== "0" || Number.isNaN(reset)) return null;
  return bounded(reset * 1000 - answerTime(headers, nowMs));
}

function bounded(waitMs: number): number {
  return Math.min(Math.max(shortestWaitMs, waitMs), longestWaitMs);
}
