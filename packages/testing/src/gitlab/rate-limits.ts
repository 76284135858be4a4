import type { Route } from "./router.ts";

/** How many requests are answered before one is refused. */
export interface RateLimitSettings {
  /** Requests of one account within a minute. @default 2000 */
  readonly requests?: number;
  /** New issues within a minute. @default 300 */
  readonly issues?: number;
  /** New notes within a minute. @default 300 */
  readonly notes?: number;
}

const windowMs = 60_000;

/** GitLab's limits: that of all requests tells its headers, those of single actions tell nothing. Enforced where a test asks. */
export class RateLimits {
  readonly #now: () => number;
  readonly #enforced: boolean;
  readonly #settings: Required<RateLimitSettings>;
  #hits: { readonly at: number; readonly key: string }[] = [];

  constructor(now: () => number, enforced: boolean, settings: RateLimitSettings = {}) {
    this.#now = now;
    this.#enforced = enforced;
    this.#settings = { requests: 2_000, issues: 300, notes: 300, ...settings };
  }

  /** The refusal of a request that is one too many; null for one that may pass. */
  admit(method: string, route: Route | null): Response | null {
    if (!this.#enforced) return null;
    const now = this.#now();
    this.#hits = this.#hits.filter(({ at }) => now - at < windowMs);
    const template = route?.operation.template ?? "";
    const action =
      method !== "POST" ? null : template.endsWith("/notes") ? "notes" : template.endsWith("/issues") ? "issues" : null;
    const count = (key: string) => this.#hits.filter((hit) => hit.key === key).length;
    if (count("requests") >= this.#settings.requests) return this.throttled(60);
    if (action !== null && count(action) >= this.#settings[action]) return this.withoutHeaders();
    this.#hits.push({ at: now, key: "requests" }, ...(action === null ? [] : [{ at: now, key: action }]));
    return null;
  }

  headers(): Readonly<Record<string, string>> {
    const used = this.#hits.filter(({ key }) => key === "requests").length;
    return {
      "ratelimit-limit": String(this.#settings.requests),
      "ratelimit-observed": String(used),
      "ratelimit-remaining": String(Math.max(0, this.#settings.requests - used)),
      "ratelimit-name": "throttle_authenticated_api",
    };
  }

  /** Plain text, with the time. */
  throttled(seconds: number): Response {
    const at = this.#now();
    return new Response("Retry later\n", {
      status: 429,
      headers: {
        "content-type": "text/plain",
        date: new Date(at).toUTCString(),
        "retry-after": String(seconds),
        ...this.headers(),
        "ratelimit-remaining": "0",
        "ratelimit-reset": String(Math.ceil(at / 1000) + seconds),
      },
    });
  }

  /** A limit of the application's own: no header says anything. */
  withoutHeaders(): Response {
    const body = { message: { error: "This endpoint has been requested too many times. Try again later." } };
    return new Response(JSON.stringify(body), { status: 429, headers: { "content-type": "application/json" } });
  }
}
