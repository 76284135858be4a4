import type { ProviderCall } from "../call.ts";

/**
 * Sign-in by redirect, and credentials that are renewed. Absent: credentials are entered by hand.
 *
 * What the tracker knows the host's application by, such as a client id and secret, is an option of the provider's factory.
 * Errors name no code, token or secret.
 */
export interface AuthorizationGroup<Auth, Options> {
  /** Where to send the admin's browser. `state` must come back untouched. Never throws, never sends, holds no secret. */
  url(request: {
    readonly baseUrl: string;
    readonly options: Options;
    readonly redirectUrl: string;
    readonly state: string;
    /** Proof key for the code exchange (RFC 7636), method `S256`; left out where the tracker does not take one. */
    readonly codeChallenge: string;
  }): string;
  /**
   * Turns the query of the redirect into a credential. The code is used up even if the answer is lost.
   * @throws ProviderError of the class `auth` for a code that the tracker does not accept
   */
  exchange(
    call: Omit<ProviderCall<null, Options>, "auth">,
    request: {
      /** Without `state`, which core has checked. */
      readonly query: Readonly<Record<string, string>>;
      readonly redirectUrl: string;
      /** What `codeChallenge` was made of. */
      readonly codeVerifier: string;
    },
  ): Promise<Auth>;
  /** True where `refresh` can renew it; false for one entered by hand, or that came without a refresh token. Never sends. */
  canRefresh(auth: Auth): boolean;
  /**
   * Called when `expiresAt` is near or a call failed with `auth`, for credentials that `canRefresh`. Core guarantees a single
   * flight across processes and stores the result before anything uses it. Answers with the whole credential, what stays
   * the same included. One request, never repeated: some trackers end everything when an old token comes twice.
   * @throws ProviderError of the class `auth` where only a person can help, `ambiguous` where the answer is lost, `retry` or
   * `wait` where the tracker certainly did not renew
   */
  refresh(call: ProviderCall<Auth, Options>): Promise<Auth>;
  /** When calls with it will be refused, milliseconds since 1970 UTC; null for never or unknown. */
  expiresAt(auth: Auth): number | null;
}
