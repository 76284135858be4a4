import type { IssueAddress, IssueSnapshot } from "../../domain/issue-snapshot.ts";
import type { ProviderCall } from "../call.ts";

/** What became of one issue that was asked for. */
export type ReadOutcome =
  | { readonly kind: "live"; readonly issue: IssueSnapshot }
  /** It exists under another id or container now; `to` is null where the tracker does not say where. */
  | { readonly kind: "moved"; readonly to: IssueAddress | null }
  /** The tracker says that it was deleted. */
  | { readonly kind: "deleted" }
  /**
   * Not found or not visible: trackers do not tell these apart. `reason` ends a sentence about the issue, where the tracker
   * said more than that, for example "it is a pull request, not an issue".
   */
  | { readonly kind: "no-access"; readonly reason?: string };

/** Absent: references show key and URL only, and nothing can be synced. */
export interface ReadGroup<Auth, Options> {
  /**
   * Reads up to `readBatchSize` issues with one request where the tracker can. One outcome per address, in order.
   * An address that cannot be read never fails the others. Issues already known are addressed by `remoteId`.
   */
  issues(
    call: ProviderCall<Auth, Options>,
    request: { readonly issues: readonly IssueAddress[] },
  ): Promise<readonly ReadOutcome[]>;
}
