import { toResponse } from "../fake/response.ts";

/** From when on requests are slowed down and refused. */
export interface RateLimitSettings {
  /** Requests of one account within five minutes before it is asked to slow down. @default 200 */
  readonly delayAfter?: number;
  /** Requests of one account within five minutes before it is refused. @default 400 */
  readonly blockAfter?: number;
}

const windowMs = 300_000;

/**
 * The limit of work units in five minutes, each request counted as one. It is only enforced where a test asks for it;
 * faults refuse in its words.
 */
export class RateLimits {
  readonly #now: () => number;
  readonly #enforced: boolean;
  readonly #settings: Required<RateLimitSettings>;
  readonly #hits = new Map<string, number[]>();

  constructor(now: () => number, enforced: boolean, settings: RateLimitSettings = {}) {
    this.#now = now;
    this.#enforced = enforced;
    this.#settings = { delayAfter: 200, blockAfter: 400, ...settings };
  }

  /** Counts a request: the refusal of one too many, or null with what its answer says of the limit. */
  admit(account: string): { readonly refusal: Response | null; readonly headers: Readonly<Record<string, string>> } {
    if (!this.#enforced) return { refusal: null, headers: {} };
    const now = this.#now();
    const hits = (this.#hits.get(account) ?? []).filter((at) => now - at < windowMs);
    this.#hits.set(account, hits);
    const { delayAfter, blockAfter } = this.#settings;
    const waitMs = Math.max(0, (hits[0] ?? now) + windowMs - now);
    const seconds = Math.ceil(waitMs / 1000);
    if (hits.length >= blockAfter) return { refusal: this.blocked(seconds), headers: {} };
    hits.push(now);
    if (hits.length <= delayAfter) return { refusal: null, headers: {} };
    return { refusal: null, headers: this.#headers(seconds, delayAfter - hits.length) };
  }

  /** The answer was given all the same, and asks to wait before the next request. */
  slowDown(retryAfterSeconds: number): Readonly<Record<string, string>> {
    return this.#headers(retryAfterSeconds, 0);
  }

  blocked(retryAfterSeconds: number): Response {
    const message = `TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource 'Concurrency' in namespace 'User'.`;
    const body = {
      $id: "1",
      innerException: null,
      message,
      typeKey: "RequestBlockedException",
      errorCode: 0,
      eventId: 3000,
    };
    return toResponse(429, this.#headers(retryAfterSeconds, 0), body);
  }

  #headers(retryAfterSeconds: number, remaining: number): Readonly<Record<string, string>> {
    const reset = Math.ceil(this.#now() / 1000) + retryAfterSeconds;
    return {
      "retry-after": String(retryAfterSeconds),
      "x-ratelimit-resource": "Concurrency",
      "x-ratelimit-delay": "1.0",
      "x-ratelimit-limit": String(this.#settings.delayAfter),
      "x-ratelimit-remaining": String(Math.max(0, remaining)),
      "x-ratelimit-reset": String(reset),
    };
  }
}
