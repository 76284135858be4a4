import type { ProviderCall } from "../call.ts";

/** Absent: credentials are entered by hand. */
export interface AuthorizationGroup<Auth, Options> {
  /** Where to send the admin's browser. `state` must come back untouched. */
  url(request: {
    readonly baseUrl: string;
    readonly options: Options;
    readonly redirectUrl: string;
    readonly state: string;
  }): string;
  /** Turns the query of the redirect into a credential. The code is used up even if the answer is lost. */
  exchange(
    call: Omit<ProviderCall<null, Options>, "auth">,
    request: { readonly query: Readonly<Record<string, string>>; readonly redirectUrl: string },
  ): Promise<Auth>;
  /**
   * Called when `expiresAt` is near or a call failed with `auth`. Core guarantees a single flight across processes
   * and stores the result before anything uses it. Throws `auth` where only a person can help.
   */
  refresh(call: ProviderCall<Auth, Options>): Promise<Auth>;
  /** When the credential ends, milliseconds since 1970 UTC; null for never. */
  expiresAt(auth: Auth): number | null;
}
