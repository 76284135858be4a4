import type { RemotePerson } from "../domain/issue-snapshot.ts";
import type { StatusCategory } from "../domain/vocabulary.ts";

/** `gone` in three shades: the tracker said so, it said where to, or it does not let this account see the issue. */
export type IssueState = "live" | "deleted" | "moved" | "no-access";

/**
 * What is known of an issue beside its place: everything, nothing yet because it was never read, or nothing for this actor,
 * who may see the reference but not the source.
 */
export type IssueDetails = "known" | "unread" | "hidden";

/** Our cached copy of a remote issue, as hosts see it. Without details, what follows `details` is null or empty. */
export interface Issue {
  readonly id: string;
  readonly sourceId: string;
  readonly container: string;
  /** What people read, for example `acme/web#12`. */
  readonly key: string;
  /** Keys it had before it moved; they still resolve. */
  readonly formerKeys: readonly string[];
  readonly url: string;
  /** What became of it at the tracker. Its status there is `status`. */
  readonly state: IssueState;
  readonly details: IssueDetails;
  readonly title: string | null;
  readonly status: { readonly name: string; readonly category: StatusCategory; readonly reason: string | null } | null;
  /** The first of `assignees`. */
  readonly assignee: RemotePerson | null;
  readonly assignees: readonly RemotePerson[];
  /** The tracker's own priority; null where it has none, or labels stand for it. */
  readonly priority: string | null;
  readonly labels: readonly string[];
  /** The tracker's type of issue, for example `Bug`; null where it has none. */
  readonly type: string | null;
  /** When the tracker last answered for it, milliseconds since 1970 UTC; null while never. */
  readonly fetchedAt: number | null;
  /** Milliseconds since `fetchedAt`; null while never read. */
  readonly ageMs: number | null;
}
