import type { Explanation } from "@backref/provider-kit";
import type { FailedAnswer } from "./errors.ts";

/** How the requests of a call prove whose they are. */
export interface Authorization {
  /** Value of the header `Authorization`. Throws `ProviderError`s only. */
  header(): Promise<string>;
  /**
   * Told of a 401, which was not applied, whatever it was sent with. True if `header` has something better by now and the
   * request may be sent once more.
   */
  renew(refusedHeader: string, answer: FailedAnswer): boolean;
  /** What a failed answer means for this kind of credential; null where the general words say enough. */
  explain(answer: FailedAnswer): Explanation | null;
}

/** Personal access tokens and those of OAuth apps: they are good, or they are not. */
export function tokenAuthorization(token: string): Authorization {
  return { header: async () => bearer(token), renew: () => false, explain: () => null };
}

export function bearer(token: string): string {
  return `Bearer ${token}`;
}
