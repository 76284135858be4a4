import { answerTime, retryAfterMs } from "@backref/provider-kit";
import type { AzureDevOpsCall } from "./client.ts";

/** Waiting time after a 429 that names none. */
const defaultWaitMs = 60_000;

/**
 * How long a refusal asks to wait: `Retry-After` in seconds, or `X-RateLimit-Reset` in seconds since 1970.
 * https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits
 */
export function rateLimitWaitMs(headers: Headers, nowMs: number): number {
  const asked = retryAfterMs(headers, nowMs);
  const reset = Number(headers.get("x-ratelimit-reset") ?? Number.NaN) * 1000;
  if (asked !== null && asked > 0) return asked;
  return Number.isFinite(reset) ? Math.max(1_000, reset - answerTime(headers, nowMs)) : defaultWaitMs;
}

/**
 * Services answers late before it refuses, and then asks with `Retry-After` on successful answers to send less: this
 * remembers until when, for each credential. Forgetting it does no harm.
 */
export interface Pace {
  /** Milliseconds until the next request may go out; 0 for now. */
  waitMs(call: AzureDevOpsCall): number;
  note(call: AzureDevOpsCall, headers: Headers): void;
}

const mostKept = 500;
/** What is counted is the use of the last five minutes: asking for longer is no reason to stand still. */
const longestPauseMs = 300_000;

export function createPace(): Pace {
  const until = new Map<string, number>();
  const keyOf = ({ baseUrl, credentialId }: AzureDevOpsCall) => `${baseUrl} ${credentialId}`;
  return {
    waitMs(call) {
      const leftMs = (until.get(keyOf(call)) ?? 0) - call.clock.monotonic();
      if (leftMs <= 0) until.delete(keyOf(call));
      return Math.max(0, leftMs);
    },
    note(call, headers) {
      const waitMs = retryAfterMs(headers, call.clock.now());
      if (waitMs === null || waitMs <= 0) return;
      if (until.size >= mostKept) until.clear();
      until.set(keyOf(call), call.clock.monotonic() + Math.min(waitMs, longestPauseMs));
    },
  };
}
