import type { BaseUrlRules } from "../../security/base-url.ts";

export interface SourcesOptions extends BaseUrlRules {
  /**
   * Names a credential without telling anything about it, so that sources with the same one share a rate limit.
   * `KeyRing.fingerprint` is one. @default null, every source counts by itself
   */
  readonly fingerprint?: ((text: string) => string) | null;
}
