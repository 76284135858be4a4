import type { IssueSnapshot, RemoteComment } from "../../domain/issue-snapshot.ts";
import type { ProviderCall } from "../call.ts";

/** A delivery exactly as it arrived. */
export interface WebhookDelivery {
  readonly headers: Headers;
  /** Raw bytes; signatures are over these and nothing else. */
  readonly body: Uint8Array;
}

/** Where to look, never what is true. */
export interface WebhookHint {
  readonly aspect: "issue" | "comments";
  readonly container: string | null;
  /** At least one of `remoteId` and `item` is given. */
  readonly remoteId: string | null;
  readonly item: string | null;
  /** The whole issue, where the payload has every synced field; else null. */
  readonly issue: IssueSnapshot | null;
  /**
   * Of hints with the aspect `issue`: the version that the issue got by what is told, as snapshots have it, where the payload
   * names it and `issue` does not. A delivery that is no newer than what was seen last asks for no look. Leave it out rather
   * than round it up. @default null
   */
  readonly version?: number | null;
  /** The comment, where the payload has it whole; else null. */
  readonly comment: RemoteComment | null;
  readonly change: "changed" | "deleted" | "moved";
}

/** What a verified delivery says. */
export interface WebhookEvent {
  /** The sender's id of this delivery, the same for a redelivery. */
  readonly deliveryId: string;
  /** For logs, for example `issues.closed`. */
  readonly name: string;
  /** Empty for events that concern nothing Backref keeps; they are acknowledged all the same. */
  readonly hints: readonly WebhookHint[];
  /**
   * What the credential reaches may have become less (`lost`: an installation suspended or removed, a repository taken out
   * of it) or more (`regained`). A hint like the others: core looks for itself. Absent: the event is about something else.
   */
  readonly access?: "lost" | "regained";
  /**
   * For app-level endpoints: which installation the delivery belongs to. Unique over all sites of the tracker, and out of
   * what the signature covers. Absent: it belongs to none.
   */
  readonly appScope?: string;
}

/** Absent: changes arrive by polling only. */
export interface WebhooksGroup<Auth, Options> {
  /** Constant-time check over the raw bytes. Must not throw on malformed input: that is `false`. */
  verify(delivery: WebhookDelivery, secret: { readonly secret: string; readonly now: number }): boolean;
  /** What a delivery says. Called after `verify` only. @throws ProviderError of the class `permanent` for a body that is not what the tracker sends */
  read(delivery: WebhookDelivery): WebhookEvent;
  /** Creates the hook at the tracker. Absent: an admin does it by hand. */
  register?(
    call: ProviderCall<Auth, Options>,
    request: { readonly container: string | null; readonly url: string; readonly secret: string },
  ): Promise<{ readonly hookId: string; readonly expiresAt: number | null }>;
  /** Extends a hook that expires. Absent: hooks do not expire. */
  renew?(
    call: ProviderCall<Auth, Options>,
    request: { readonly container: string | null; readonly hookId: string },
  ): Promise<{ readonly expiresAt: number | null }>;
  /** A hook that is already gone is a success. */
  unregister?(
    call: ProviderCall<Auth, Options>,
    request: { readonly container: string | null; readonly hookId: string },
  ): Promise<void>;
  /**
   * Asks the tracker to send again what it could not deliver since a moment: to hooks of the container whose URL has the
   * endpoint in it, or, without an endpoint, to the app that the credential belongs to, as far as it concerns that
   * installation. Null where the credential may not look, or there is no such hook. Sent twice is harmless: deliveries
   * keep their id. Absent: the tracker repeats by itself, or does not keep what it could not deliver.
   */
  redeliver?(
    call: ProviderCall<Auth, Options>,
    request: {
      readonly container: string | null;
      readonly endpoint: string | null;
      /** Milliseconds since 1970 UTC. */
      readonly since: number;
    },
  ): Promise<{ readonly asked: number } | null>;
  /**
   * Which installation a credential belongs to, as `WebhookEvent.appScope` names it; null for one that is no app's. It is
   * stored in clear, so there is no secret in it. Never throws, never sends. Anybody can enter any installation:
   * `connect.account` has to fail for a credential that is not good for this one, since deliveries go to sources whose
   * account was confirmed. Absent: endpoints are per source.
   */
  appScopeOf?(auth: Auth, site: { readonly baseUrl: string }): string | null;
}
