import type { BaseUrlRules } from "../../security/base-url.ts";
import type { KeyRing } from "../../security/key-ring.ts";

export interface SourcesOptions extends BaseUrlRules {
  /**
   * Names a credential without telling anything about it, so that sources with the same one share a rate limit.
   * `KeyRing.fingerprint` is one. @default null, every source counts by itself
   */
  readonly fingerprint?: ((text: string) => string) | null;
  /** Seals sign-ins on their way to the tracker and back. @default null, nobody can sign in */
  readonly keyRing?: KeyRing | null;
}
