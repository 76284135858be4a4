import { BackrefError, type BackrefErrorOptions } from "./backref-error.ts";
import type { BackrefErrorCode } from "./error-codes.ts";

const marker = Symbol.for("backref.provider-error");

/**
 * What a failed request means for the work behind it, decided once per provider.
 *
 * - `retry`: certainly not applied, worth trying again (connection refused, 5xx on a read).
 * - `wait`: certainly not applied, the tracker names a time (429, rate 403).
 * - `ambiguous`: sent, but nobody knows whether it was applied (timeout, reset, 5xx on a write).
 * - `permanent`: the tracker refuses the content (400, 422); the same request will fail again.
 * - `auth`: the credential is no longer accepted (401); concerns the whole source.
 * - `forbidden`: the credential may not do this (403); concerns this item or container.
 * - `gone`: the item is deleted, moved or hidden (404, 410, 301).
 */
export type FailureClass = "retry" | "wait" | "ambiguous" | "permanent" | "auth" | "forbidden" | "gone";

const codeOfClass: Readonly<Record<FailureClass, BackrefErrorCode>> = {
  retry: "tracker-unavailable",
  wait: "tracker-rate-limited",
  ambiguous: "tracker-ambiguous",
  permanent: "tracker-rejected",
  auth: "tracker-unauthorized",
  forbidden: "tracker-forbidden",
  gone: "tracker-gone",
};

/** What a `ProviderError` is made of. Whether it is retryable follows from `failure`. */
export interface ProviderErrorOptions extends Omit<BackrefErrorOptions, "code" | "isRetryable"> {
  readonly failure: FailureClass;
  readonly providerId: string;
  readonly operation: string;
  /** @default the code that belongs to the failure class */
  readonly code?: BackrefErrorCode;
  /** What the tracker named, from now. More than a day counts as a day: no tracker means that, and nothing else would end it. */
  readonly retryAfterMs?: number | undefined;
}

const longestWaitMs = 24 * 60 * 60 * 1000;

/** The only thing a provider's methods may throw. */
export class ProviderError extends BackrefError {
  override readonly name: string = "ProviderError";
  /** What it means for the work behind the request. */
  readonly failure: FailureClass;

  constructor(options: ProviderErrorOptions) {
    super({
      ...options,
      retryAfterMs: options.retryAfterMs === undefined ? undefined : Math.min(options.retryAfterMs, longestWaitMs),
      code: options.code ?? codeOfClass[options.failure],
      isRetryable: options.failure === "retry" || options.failure === "wait",
    });
    this.failure = options.failure;
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for provider errors of any installed copy of Backref. */
  static override isInstance(value: unknown): value is ProviderError {
    return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[marker] === true;
  }
}
