import { toResponse } from "../fake/response.ts";
import type { Route } from "./router.ts";

/** How many requests are answered before one is refused. */
export interface RateLimitSettings {
  /** Writes to one issue within two seconds. @default 20 */
  readonly writesPerIssue?: number;
  /** Requests of one kind to one endpoint within a second. @default 100 */
  readonly perEndpoint?: number;
}

interface Hit {
  readonly at: number;
  readonly key: string;
}

const issueWindowMs = 2_000;
const burstWindowMs = 1_000;

/** Jira's three limits. They are only enforced where a test asks for it; faults refuse in their words. */
export class RateLimits {
  readonly #now: () => number;
  readonly #enforced: boolean;
  readonly #settings: Required<RateLimitSettings>;
  #hits: Hit[] = [];

  constructor(now: () => number, enforced: boolean, settings: RateLimitSettings = {}) {
    this.#now = now;
    this.#enforced = enforced;
    this.#settings = { writesPerIssue: 20, perEndpoint: 100, ...settings };
  }

  /** The refusal of a request that is one too many; null for one that may pass. */
  admit(method: string, route: Route | null): Response | null {
    if (!this.#enforced || route === null) return null;
    const now = this.#now();
    this.#hits = this.#hits.filter(({ at }) => now - at < issueWindowMs);
    const endpoint = `${method} ${route.operation.template}`;
    const issue = method === "GET" ? null : (route.params.issueIdOrKey ?? null);
    const count = (key: string, windowMs: number) =>
      this.#hits.filter((hit) => hit.key === key && now - hit.at < windowMs).length;
    if (count(endpoint, burstWindowMs) >= this.#settings.perEndpoint) return this.burstExceeded(1);
    if (issue !== null && count(issue, issueWindowMs) >= this.#settings.writesPerIssue) {
      return this.#refusal("jira-per-issue-on-write", { "retry-after": "2" });
    }
    this.#hits.push({ at: now, key: endpoint }, ...(issue === null ? [] : [{ at: now, key: issue }]));
    return null;
  }

  headers(): Readonly<Record<string, string>> {
    return { "x-ratelimit-limit": String(this.#settings.perEndpoint), "x-ratelimit-remaining": "99" };
  }

  burstExceeded(retryAfterSeconds: number): Response {
    return this.#refusal("jira-burst-based", { "retry-after": String(retryAfterSeconds) });
  }

  /** The points of an app are used up until the top of the hour: the time is told in ISO 8601, and there alone. */
  quotaExceeded(resetSeconds: number): Response {
    const reset = new Date(this.#now() + resetSeconds * 1000).toISOString();
    return this.#refusal("jira-quota-tenant-based", { "x-ratelimit-reset": reset });
  }

  #refusal(reason: string, headers: Readonly<Record<string, string>>): Response {
    const shared = {
      date: new Date(this.#now()).toUTCString(),
      "ratelimit-reason": reason,
      "x-ratelimit-remaining": "0",
    };
    return toResponse(429, { ...shared, ...headers }, { errorMessages: ["Rate limit exceeded."], errors: {} });
  }
}
