import type { BackrefErrorCode, FailureClass } from "@backref/core/provider";
import { causesOf } from "./causes.ts";
import { retryAfterMs } from "./retry-after.ts";
import { findTransportFailure, type TransportFailure } from "./transport-failure.ts";

/** What is known about a request that did not succeed. */
export interface FailureFacts {
  /** It may have changed something. A query sent by POST is no write. */
  readonly isWrite: boolean;
  /** Status of the answer; absent where none came. */
  readonly status?: number | undefined;
  /** Headers of the answer; absent where none came. */
  readonly headers?: Headers | undefined;
  /** What was thrown, where no usable answer came. */
  readonly error?: unknown;
  /** Wall clock; used where the answer has no `Date`. */
  readonly nowMs: number;
}

/** What a failed request means. */
export interface FailureVerdict {
  readonly failure: FailureClass;
  /** Set where the class's own code would say too little. */
  readonly code?: BackrefErrorCode;
  /** How long the tracker asks to wait, from now; absent where it does not say. */
  readonly retryAfterMs?: number;
}

/** Waiting time after a 429 that names none. */
const defaultWaitMs = 60_000;

/**
 * What a failed request means for the work behind it. Trackers' own signs (a rate limit told by 403, an error inside a
 * 200) come first, in the provider; this is the rest, the same for all.
 *
 * A write without a definite answer is always `ambiguous`, also with 503 and `Retry-After`: a proxy says that for a
 * backend that was done already.
 */
export function classifyFailure(facts: FailureFacts): FailureVerdict {
  return facts.status === undefined ? classifyThrown(facts) : classifyStatus(facts, facts.status);
}

function classifyStatus(facts: FailureFacts, status: number): FailureVerdict {
  const waitMs = facts.headers === undefined ? null : retryAfterMs(facts.headers, facts.nowMs);
  if (status === 429) return { failure: "wait", retryAfterMs: waitMs ?? defaultWaitMs };
  if (status >= 500 || status === 408) {
    if (facts.isWrite) return { failure: "ambiguous" };
    return waitMs === null ? { failure: "retry" } : { failure: "wait", retryAfterMs: waitMs };
  }
  switch (status) {
    case 401:
      return { failure: "auth" };
    case 402:
    case 403:
    case 407:
    case 423:
      return { failure: "forbidden" };
    case 301:
    case 404:
    case 410:
    case 412:
    case 451:
      return { failure: "gone" };
    case 409:
    case 425:
      return { failure: "retry" };
  }
  if (status >= 400) return { failure: "permanent" };
  return unexpected(facts.isWrite, "permanent");
}

function classifyThrown(facts: FailureFacts): FailureVerdict {
  const failure = findTransportFailure(facts.error);
  if (failure !== null) return classifyTransport(failure, facts.isWrite);
  if (isBeforeSending(facts.error)) return { failure: "retry" };
  return { failure: facts.isWrite ? "ambiguous" : "retry" };
}

function classifyTransport(failure: TransportFailure, isWrite: boolean): FailureVerdict {
  switch (failure.kind) {
    case "not-sent":
      return { failure: "retry" };
    case "timeout":
      return { failure: isWrite ? "ambiguous" : "retry" };
    case "too-large":
      return unexpected(isWrite, "permanent");
    case "not-json":
      // Almost always a sign-in page. A write is doubted instead; the read that settles the doubt meets the page too.
      return unexpected(isWrite, "auth");
    case "redirect":
      // 302 and 303 lead reads to sign-in pages and follow writes that were done; the others mean "it lives elsewhere".
      if (failure.status === 303) return unexpected(isWrite, "auth");
      if (failure.status === 302 && !isWrite) return unexpected(false, "auth");
      return { failure: "gone" };
  }
}

function unexpected(isWrite: boolean, onRead: FailureClass): FailureVerdict {
  return { failure: isWrite ? "ambiguous" : onRead, code: "tracker-unexpected" };
}

/** Error codes of Node and undici that are raised before the first byte of a request leaves. */
const codesBeforeSending = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "ERR_INVALID_URL",
]);

/** True if the request certainly never left: name not resolved, connection refused, certificate not accepted. */
function isBeforeSending(error: unknown): boolean {
  const codes = [...causesOf(error)]
    .map((cause) => (typeof cause === "object" ? (cause as { code?: unknown }).code : undefined))
    .filter((code) => typeof code === "string");
  return codes.length > 0 && codes.every((code) => codesBeforeSending.has(code));
}
