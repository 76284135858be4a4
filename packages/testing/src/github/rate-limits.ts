import { ApiFailure } from "./failure.ts";
import { toWholeSecond } from "./time.ts";

/** Limits as GitHub documents them; a missing one of `pointsPerMinute` and `concurrent` is not enforced. */
export interface RateLimitSettings {
  /** REST requests, and separately GraphQL points, per account and hour. @default 5000 */
  readonly primaryPerHour?: number;
  /** Searches, per account and minute. @default 30 */
  readonly searchesPerMinute?: number;
  /** Requests that create issues, comments or labels, per minute. @default 80 */
  readonly contentPerMinute?: number;
  /** The same per hour. @default 500 */
  readonly contentPerHour?: number;
  /** REST points per minute: a read costs 1, a write 5. */
  readonly pointsPerMinute?: number;
  /** Requests at the same time. */
  readonly concurrent?: number;
}

/** Each has a primary limit of its own. */
export type RateResource = "core" | "graphql" | "search";

/** A primary limit as GitHub reports it; `reset` is in epoch seconds. */
export interface RateState {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  readonly reset: number;
}

/** What accounts have used so far, as plain JSON. */
export interface RateLimitsState {
  /** `used` is null where the account was left nothing. */
  readonly windows: readonly { readonly key: string; readonly used: number | null; readonly resetAt: number }[];
  readonly content: readonly { readonly key: string; readonly times: readonly number[] }[];
  readonly points: readonly {
    readonly key: string;
    readonly spent: readonly { readonly at: number; readonly cost: number }[];
  }[];
}

interface Window {
  used: number;
  resetAt: number;
}

const hour = 3_600_000;
const minute = 60_000;

/** Counts every account's requests and, where asked to, refuses those beyond GitHub's limits. */
export class RateLimits {
  readonly #now: () => number;
  readonly #settings: RateLimitSettings;
  readonly #enforced: boolean;
  readonly #windows = new Map<string, Window>();
  readonly #content = new Map<string, number[]>();
  readonly #points = new Map<string, { at: number; cost: number }[]>();
  readonly #running = new Map<string, number>();

  constructor(now: () => number, enforced: boolean, settings: RateLimitSettings = {}) {
    this.#now = now;
    this.#enforced = enforced;
    this.#settings = settings;
  }

  /** The primary limit of an account; without one (`anonymous`) it is 60 an hour. */
  state(account: string | null, resource: RateResource): RateState {
    const window = this.#window(account, resource);
    const limit = this.#limit(account, resource);
    const remaining = Math.max(0, limit - window.used);
    return { limit, used: Math.min(window.used, limit), remaining, reset: Math.ceil(window.resetAt / 1000) };
  }

  /** Throws what GitHub answers when the account has no request left. */
  checkPrimary(account: string | null, resource: RateResource): void {
    const window = this.#window(account, resource);
    if (window.used < this.#limit(account, resource)) return;
    if (this.#enforced || window.used === Number.POSITIVE_INFINITY) throw primaryExceeded(account);
  }

  /** Throws GitHub's secondary-limit answer, or counts the request towards those limits. */
  checkSecondary(account: string | null, request: { readonly isWrite: boolean; readonly isContent: boolean }): void {
    if (!this.#enforced) return;
    const key = account ?? "";
    const now = this.#now();
    if ((this.#running.get(key) ?? 0) > (this.#settings.concurrent ?? Number.POSITIVE_INFINITY))
      throw secondaryExceeded(60);
    const points = (this.#points.get(key) ?? []).filter((entry) => entry.at > now - minute);
    const cost = request.isWrite ? 5 : 1;
    const spent = points.reduce((sum, entry) => sum + entry.cost, cost);
    if (spent > (this.#settings.pointsPerMinute ?? Number.POSITIVE_INFINITY))
      throw secondaryExceeded(secondsUntil((points[0]?.at ?? now) + minute, now));
    this.#points.set(key, [...points, { at: now, cost }]);
    if (request.isContent) this.#checkContent(key, now);
  }

  /** Counts a request that was answered; a 304 is never counted. */
  spend(account: string | null, resource: RateResource, points = 1): void {
    this.#window(account, resource).used += points;
  }

  /** Leaves the account nothing until `resetSeconds` from now, whether limits are enforced or not. */
  exhaust(account: string | null, resource: RateResource, resetSeconds: number): void {
    const window = this.#window(account, resource);
    window.used = Number.POSITIVE_INFINITY;
    window.resetAt = this.#now() + resetSeconds * 1000;
  }

  save(): RateLimitsState {
    return {
      windows: [...this.#windows].map(([key, { used, resetAt }]) => ({
        key,
        used: used === Number.POSITIVE_INFINITY ? null : used,
        resetAt,
      })),
      content: [...this.#content].map(([key, times]) => ({ key, times: [...times] })),
      points: [...this.#points].map(([key, spent]) => ({ key, spent: [...spent] })),
    };
  }

  restore(state: RateLimitsState): void {
    for (const { key, used, resetAt } of state.windows)
      this.#windows.set(key, { used: used ?? Number.POSITIVE_INFINITY, resetAt });
    for (const { key, times } of state.content) this.#content.set(key, [...times]);
    for (const { key, spent } of state.points) this.#points.set(key, [...spent]);
  }

  /** Counts a running request; call the answer when it has ended. */
  begin(account: string | null): () => void {
    const key = account ?? "";
    this.#running.set(key, (this.#running.get(key) ?? 0) + 1);
    return () => this.#running.set(key, (this.#running.get(key) ?? 1) - 1);
  }

  #checkContent(key: string, now: number): void {
    const times = (this.#content.get(key) ?? []).filter((at) => at > now - hour);
    const lastMinute = times.filter((at) => at > now - minute);
    if (lastMinute.length >= (this.#settings.contentPerMinute ?? 80))
      throw secondaryExceeded(secondsUntil((lastMinute[0] ?? now) + minute, now));
    if (times.length >= (this.#settings.contentPerHour ?? 500))
      throw secondaryExceeded(secondsUntil((times[0] ?? now) + hour, now));
    this.#content.set(key, [...times, now]);
  }

  #limit(account: string | null, resource: RateResource): number {
    if (resource === "search") return account === null ? 10 : (this.#settings.searchesPerMinute ?? 30);
    return account === null ? 60 : (this.#settings.primaryPerHour ?? 5000);
  }

  #window(account: string | null, resource: RateResource): Window {
    const key = `${resource} ${account ?? ""}`;
    const now = this.#now();
    const known = this.#windows.get(key);
    if (known !== undefined && known.resetAt > now) return known;
    const fresh = { used: 0, resetAt: toWholeSecond(now) + (resource === "search" ? minute : hour) };
    this.#windows.set(key, fresh);
    return fresh;
  }
}

/** 403 with nothing remaining; the exchange adds the `x-ratelimit-*` headers. */
export function primaryExceeded(account: string | null, headers: Record<string, string> = {}): ApiFailure {
  const message = `API rate limit exceeded for ${account === null ? "127.0.0.1" : `user ${account}`}.`;
  return new ApiFailure(403, message, { headers: { "x-ratelimit-remaining": "0", ...headers } });
}

/** 403 with `retry-after`. */
export function secondaryExceeded(retryAfterSeconds: number): ApiFailure {
  const message =
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. " +
    "For more on scraping GitHub and how it may affect your rights, please review our Terms of Service.";
  return new ApiFailure(403, message, { headers: { "retry-after": String(retryAfterSeconds) } });
}

function secondsUntil(at: number, now: number): number {
  return Math.max(1, Math.ceil((at - now) / 1000));
}
