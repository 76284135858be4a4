import type { IssueSite } from "../provider.ts";

/** A limit that a tracker documents, for one credential. */
export interface RateLimit {
  /** Stable, for example `creations`; what was spent is remembered under it. */
  readonly name: string;
  /** Any stretch of time of this length counts. */
  readonly windowMs: number;
  /** Whole units. */
  readonly limit: number;
  /** What it limits, in words that fit "80 … within 60 s", for example `content creations`. */
  readonly unit: string;
}

/** Absent: core waits only where the tracker refuses. */
export interface RateLimitsGroup<Options> {
  /** The limits of a site; empty where it has none. */
  limits(site: IssueSite<Options>): readonly RateLimit[];
  /** What one request takes out of the limits, by their names; what is missing costs nothing. */
  cost(request: { readonly method: string; readonly url: string }): Readonly<Record<string, number>>;
}
