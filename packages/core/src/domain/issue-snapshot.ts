import type { JsonValue } from "./json.ts";
import type { StatusCategory } from "./vocabulary.ts";

/** Where an issue is, in a provider's own words. Parsed from keys and URLs; says nothing about existence. */
export interface IssueLocation {
  /** Null where the text names none, such as `#12`. */
  readonly container: string | null;
  /** What distinguishes the issue inside its container, for example `12`. */
  readonly item: string;
}

/** An issue's key and address, for comparing and for people. */
export interface FormattedIssue {
  /** Equal for equal issues of one source, whatever way they were typed. Lower-cased where the tracker ignores case. */
  readonly canonicalKey: string;
  /** What people read, for example `acme/web#12`. */
  readonly displayKey: string;
  readonly url: string;
}

/** How core addresses an issue it knows. */
export interface IssueAddress {
  /** Immutable id; null while the issue was never read. */
  readonly remoteId: string | null;
  readonly container: string;
  readonly item: string;
  /** What the provider handed over with the last snapshot; null before that. */
  readonly raw: JsonValue;
}

/** An account at the tracker. */
export interface RemotePerson {
  readonly id: string;
  /** Name that people type, for example a login; null where the tracker has none. */
  readonly login: string | null;
  readonly displayName: string;
  /** Address of a picture of them; absent or null where the tracker tells none. */
  readonly avatarUrl?: string | null;
}

/** A state of an issue in the tracker's words, and what it means. */
export interface RemoteState {
  /** Stable within the source, for example `closed` or a status id. */
  readonly id: string;
  readonly name: string;
  readonly category: StatusCategory;
  /** Why it is closed, where the tracker says. */
  readonly reason: string | null;
}

/** One issue as the tracker described it in one answer. */
export interface IssueSnapshot {
  readonly remoteId: string;
  readonly container: string;
  readonly item: string;
  readonly title: string;
  /** Markdown, complete, with whatever blocks people or Backref put into it. Empty string for none. */
  readonly body: string;
  readonly state: RemoteState;
  /** The tracker's own priority (id where it has one, else name); null where it has none or keeps it in labels. */
  readonly priority: string | null;
  readonly labels: readonly string[];
  readonly type: string | null;
  readonly assignees: readonly RemotePerson[];
  readonly author: RemotePerson | null;
  /** Tracker's clock, milliseconds since 1970 UTC. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Grows with every change of this issue, in the tracker's own unit (a revision, or `updatedAt`). */
  readonly version: number;
  /** As many as the tracker's list of comments shows. Null where the answer did not say. */
  readonly commentCount: number | null;
  /** Opaque: core stores it and hands it back in `IssueAddress.raw`. At most 8 KB. */
  readonly raw: JsonValue;
}

/** Who can read a comment. `unknown` is treated like `internal`: it never leaves. */
export type CommentVisibility = "public" | "internal" | "unknown";

/** A comment as the tracker has it. Times are milliseconds since 1970 UTC by the tracker's clock. */
export interface RemoteComment {
  readonly remoteId: string;
  /** Markdown, complete. */
  readonly body: string;
  readonly author: RemotePerson | null;
  readonly visibility: CommentVisibility;
  readonly url: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Grows with every edit. */
  readonly version: number;
}

/** A field that the tracker did not take, although it took the rest. */
export interface FieldWarning {
  readonly field: "title" | "body" | "state" | "priority" | "labels" | "type" | "assignees" | "fields";
  /** In words, and what to do about it. */
  readonly message: string;
}
