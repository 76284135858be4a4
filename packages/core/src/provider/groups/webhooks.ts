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
  /** The comment, where the payload has it whole; else null. */
  readonly comment: RemoteComment | null;
  readonly change: "changed" | "deleted" | "moved";
}

export interface WebhookEvent {
  /** The sender's id of this delivery, the same for a redelivery. */
  readonly deliveryId: string;
  /** For logs, for example `issues.closed`. */
  readonly name: string;
  /** Empty for events that concern nothing Backref keeps; they are acknowledged all the same. */
  readonly hints: readonly WebhookHint[];
}

/** Absent: changes arrive by polling only. */
export interface WebhooksGroup<Auth, Options> {
  /** Constant-time check over the raw bytes. Must not throw on malformed input: that is `false`. */
  verify(delivery: WebhookDelivery, secret: { readonly secret: string; readonly now: number }): boolean;
  /** Called after `verify` only. Throws `permanent` for a body that is not what the tracker sends. */
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
  /** For app-level endpoints: which installation a delivery belongs to. Absent: endpoints are per source. */
  appScope?(delivery: WebhookDelivery): string | null;
}
