import type { IssueSnapshot, RemoteComment } from "../../domain/issue-snapshot.ts";
import type { ProviderCall } from "../call.ts";

/** Where a poll goes on. */
export interface ChangesRequest {
  /** Null for providers whose `pollScope` is `source`. */
  readonly container: string | null;
  /** What the page before returned, stored only after its effects were; null for the very first. */
  readonly cursor: string | null;
  /** On the first page, nothing older than this matters (tracker's clock, ms). */
  readonly startAt: number;
  readonly withComments: boolean;
}

/** What changed since a cursor, and the cursor from which to go on. */
export interface ChangesPage {
  readonly issues: readonly IssueSnapshot[];
  readonly comments: readonly {
    readonly issueItem: string;
    readonly container: string;
    readonly comment: RemoteComment;
  }[];
  /**
   * Issues that changed and are not in the container any more, or not there at all, as far as the tracker tells of them: core
   * looks for itself what became of them. @default none
   */
  readonly left?: readonly { readonly remoteId: string; readonly container: string; readonly item: string }[];
  /**
   * Opaque. Inclusive: the next page may repeat the last rows of this one. Equal to the request's cursor while nothing changed,
   * so that validators keep matching. Built from the tracker's own clock only.
   */
  readonly cursor: string;
  /** More pages wait now. */
  readonly more: boolean;
}

/** Absent: only webhooks and reads by id bring changes in. */
export interface ChangesGroup<Auth, Options> {
  /** The next page of what changed since the request's cursor. */
  list(call: ProviderCall<Auth, Options>, request: ChangesRequest): Promise<ChangesPage>;
}
