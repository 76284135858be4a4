/** A refusal, and nothing of the request was acted on. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One answer for everything that a stranger must not tell apart: an endpoint that does not exist, one without a readable
 * secret, and a signature that does not fit.
 */
export const notGenuine: Refusal = {
  status: 401,
  message:
    "There is no such endpoint, or the signature does not fit its secret. Compare both with what is set at the tracker.",
};

export function busy(status: 429 | 503, message: string, retryAfterMs: number): Refusal {
  return { status, message, headers: { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) } };
}
