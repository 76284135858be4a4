import { BackrefError } from "../errors/backref-error.ts";
import { messageOf } from "../errors/message-of.ts";
import { ProviderError } from "../errors/provider-error.ts";
import { randomFraction } from "../ports/random.ts";
import { cleanText } from "../runtime/clean-text.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { isUnsent } from "../runtime/unsent.ts";
import type { LinkFailure } from "../storage/rows/link-rows.ts";

const firstRetryMs = 1_000;
const longestRetryMs = 900_000;

/** Full jitter: anywhere between nothing and the doubling limit, so that workers do not come back together. */
export function backoffMs(runtime: Pick<Runtime, "random">, attempts: number): number {
  const limit = Math.min(firstRetryMs * 2 ** Math.min(attempts, 20), longestRetryMs);
  return Math.ceil(limit * (0.1 + 0.9 * randomFraction(runtime.random)));
}

/** What a failure means for the link that met it. */
export interface FailureVerdict {
  readonly failure: LinkFailure;
  readonly attempts: number;
  /** Null: nothing is tried until something changes or someone asks. */
  readonly nextAfterMs: number | null;
  /** The source as a whole is affected: it waits, or it needs new credentials. */
  readonly source: "none" | "wait" | "reconnect" | "probe";
}

/**
 * @param now storage clock
 * @param hasIssue the work was about an issue that is known, or that an earlier attempt may have made
 */
export function judgeFailure(
  runtime: Runtime,
  error: unknown,
  attempts: number,
  now: number,
  hasIssue = false,
): FailureVerdict {
  const known = BackrefError.isInstance(error) ? error : null;
  // A storage that was away while the credential was read says nothing about the link.
  const passing = known?.isRetryable === true ? "retry" : "permanent";
  const kind = ProviderError.isInstance(error) ? error.failure : known === null ? "internal" : passing;
  const describe = (retryAt: number | null): LinkFailure => ({
    failure: known?.code === "mapping-invalid" || known?.code === "target-missing" ? "mapping" : kind,
    code: known?.code ?? "internal",
    // It may quote the tracker, and it is going to be stored.
    message: cleanText(known?.message ?? `Unexpected: ${messageOf(error)}`),
    field: known?.field ?? null,
    at: runtime.clock.now(),
    retryAt,
  });
  const later = (): FailureVerdict => {
    const next = attempts + 1;
    if (next >= runtime.limits.maxAttempts) {
      return { failure: describe(null), attempts: next, nextAfterMs: null, source: "none" };
    }
    const nextAfterMs = backoffMs(runtime, next);
    return { failure: describe(Math.ceil(now + nextAfterMs)), attempts: next, nextAfterMs, source: "none" };
  };
  if (known?.code === "credentials-missing") {
    return { failure: { ...describe(null), failure: "auth" }, attempts, nextAfterMs: 0, source: "reconnect" };
  }
  // A host that comes back with the provider finds its links waiting.
  if (known?.code === "provider-unknown") return later();
  switch (kind) {
    case "retry":
    case "ambiguous":
    case "internal":
      return isUnsent(error) ? { ...later(), attempts, nextAfterMs: 0 } : later();
    case "wait": {
      const waitMs = Math.ceil(known?.retryAfterMs ?? 60_000);
      // What our own budget held back was never sent: only this request waits, others may cost less.
      const source = isUnsent(error) ? "none" : "wait";
      return { failure: describe(Math.ceil(now + waitMs)), attempts, nextAfterMs: waitMs, source };
    }
    case "auth":
      return { failure: describe(null), attempts, nextAfterMs: 0, source: "reconnect" };
    case "forbidden":
      return { failure: describe(null), attempts, nextAfterMs: null, source: "probe" };
    case "gone":
      // A read tells what became of an issue; without one there is only a place that does not exist.
      return hasIssue ? later() : { failure: describe(null), attempts, nextAfterMs: null, source: "none" };
    case "permanent":
      return { failure: describe(null), attempts, nextAfterMs: null, source: "none" };
  }
}
