import type { RemotePerson } from "../../domain/issue-snapshot.ts";
import type { ProviderCall } from "../call.ts";

/** What a connection test found, in words a person can act on. */
export interface ConnectionReport {
  /** Nothing is missing that the source needs now. */
  readonly ok: boolean;
  /** Null where the credential is not accepted. */
  readonly account: RemotePerson | null;
  /** What the tracker says the credential may do; empty where it does not say. */
  readonly scopes: readonly string[];
  /** When the credential ends, milliseconds since 1970 UTC; null where unknown or never. */
  readonly expiresAt: number | null;
  readonly containers: readonly ContainerReport[];
  /**
   * What is missing and how to supply it, most important first. Empty where all is well. With `ok`, what will be missing
   * soon, such as a token that is about to end.
   */
  readonly problems: readonly string[];
}

/** What the credential can do in one container. */
export interface ContainerReport {
  readonly container: string;
  readonly reachable: boolean;
  /** Issues can be created and changed there; null where only a write would tell. */
  readonly writable: boolean | null;
}

/** Absent: the source is believed as configured, and a create in doubt cannot be told from a copy. */
export interface ConnectGroup<Auth, Options> {
  /** Who the credential belongs to. @throws ProviderError of the class `auth` where it is refused */
  account(call: ProviderCall<Auth, Options>): Promise<RemotePerson>;
  /** Never throws for a refused credential or a missing permission: that is what it reports. */
  test(
    call: ProviderCall<Auth, Options>,
    request: { readonly containers: readonly string[] },
  ): Promise<ConnectionReport>;
  /** True if the container answers this credential now. Tells a hidden issue from a lost container. */
  probe(call: ProviderCall<Auth, Options>, request: { readonly container: string }): Promise<boolean>;
}
