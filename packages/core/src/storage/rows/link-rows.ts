import type { FieldValue, SyncField } from "../../domain/fields.ts";
import type { JsonObject, JsonValue } from "../../domain/json.ts";
import type { FailureClass } from "../../errors/provider-error.ts";
import type { WorkColumns } from "./work-columns.ts";

/** What both sides last agreed on, always moved as a pair: `toRemote(local)` stands for `remote`. */
export interface BasePair {
  readonly local: FieldValue;
  readonly remote: FieldValue;
  /** They do not stand for each other under the mapping they were agreed on: the tracker's value is missing or unmapped. */
  readonly isApart?: true;
  /** What the tracker gave the new issue by itself, as its create's answer showed it: nobody wrote that. */
  readonly given?: FieldValue;
}

/** A create whose fate is not known. Times are by the storage's clock. */
export interface CreateIntent {
  readonly at: number;
  readonly lookedAt: number | null;
  readonly looks: number;
  readonly container: string;
  readonly accountId: string | null;
  readonly mappingVersion: number;
  readonly sent: Readonly<Partial<Record<SyncField, BasePair>>>;
  readonly probe: JsonValue;
}

/** A write whose fate is not known. */
export interface JournalEntry {
  readonly direction: "out" | "in";
  readonly field: SyncField;
  /** One element of a set, with what was done to it; absent for plain values. */
  readonly element?: { readonly value: string; readonly operation: "add" | "remove" };
  readonly local: FieldValue;
  readonly value: FieldValue;
  readonly before: FieldValue;
  /** The same value was sent again since, so a read that shows it does not tell whether this write has arrived. */
  readonly repeated?: true;
  /** Version of the issue the write was based on. */
  readonly ifVersion: number;
  /** Of a value that comes in: the defect's revision that it was computed from. */
  readonly revision?: string;
  /** And when the field had changed last; absent where the host does not say. */
  readonly changedAt?: number | null;
  /** Of a value that came in over one of the host's own: what has to be recorded once it is known to have arrived. */
  readonly conflict?: {
    readonly base: FieldValue;
    readonly local: FieldValue;
    readonly remote: FieldValue;
    readonly winner: "local" | "remote" | "none";
  };
  /** Storage clock. */
  readonly at: number;
}

/** A value one side did not take. Not sent again until value, mapping or credential change, or someone retries. */
export interface RefusedField {
  readonly field: SyncField | "comments";
  /** `out`: the tracker did not take the local value. `in`: the host did not take the remote one. */
  readonly direction: "out" | "in";
  readonly value: FieldValue;
  readonly reason: string;
  readonly mappingVersion: number;
  readonly credentialVersion: number;
}

/** Why the newest attempt failed. */
export interface LinkFailure {
  readonly failure: FailureClass | "mapping" | "internal";
  readonly code: string;
  readonly message: string;
  readonly field: string | null;
  readonly at: number;
  /** Storage clock; null where it is not tried again by itself. */
  readonly retryAt: number | null;
}

/** A file of the host's that goes to the issue, or is linked from it. */
export interface LinkAttachment {
  readonly id: string;
  /** The host's own word for the file. */
  readonly reference: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** `upload`: the file is sent. `link`: an address of the host's stands in the issue. */
  readonly by: "upload" | "link";
  readonly state: "waiting" | "sent" | "refused";
  /** Why it was refused, in words. */
  readonly reason: string | null;
  /** The tracker's id of the file; null until sent, and for links. */
  readonly remoteId: string | null;
  readonly url: string | null;
  /** An upload whose fate is not known: when it was sent, storage clock. */
  readonly intentAt: number | null;
  /** Looks for an upload whose fate is not known. */
  readonly looks: number;
  readonly attempts: number;
}

/** One defect and one issue that are kept in step. Unique while not ended: defect and source; issue. Always unique: token. */
export interface LinkRow extends WorkColumns {
  readonly tenantId: string;
  readonly id: string;
  readonly defectId: string;
  readonly projectId: string;
  readonly sourceId: string;
  readonly targetId: string | null;
  /** Null until the issue exists and is known. */
  readonly issueId: string | null;
  readonly token: string;
  /** Counts deliberate new beginnings for one defect and source. */
  readonly generation: number;
  /** `1` while the link lives, null once it is detached: part of the unique keys. */
  readonly active: 1 | null;
  readonly endedAt: number | null;
  readonly pausedAt: number | null;
  readonly mappingVersion: number;
  /** The issue has to be read in the next pass. Set by marks, cleared by a release that saw the same mark. */
  readonly checkIssue: boolean;
  readonly checkComments: boolean;
  readonly attempts: number;
  readonly failure: LinkFailure | null;
  /** Version and content digest of the newest snapshot acted on. */
  readonly seenVersion: number;
  readonly seenDigest: string | null;
  /** Newest version that a hint spoke of: a snapshot below it is older than what asked for the look. */
  readonly hintVersion: number;
  /** Other content under the version already seen, waiting for a second read. */
  readonly unconfirmed: { readonly digest: string; readonly at: number } | null;
  readonly base: Readonly<Partial<Record<SyncField, BasePair>>>;
  readonly intent: CreateIntent | null;
  readonly journal: readonly JournalEntry[];
  readonly refused: readonly RefusedField[];
  readonly frozen: readonly SyncField[];
  /** Unmapped or missing remote values already reported, per field. */
  readonly reported: Readonly<Partial<Record<SyncField, string>>>;
  /** Engine-made alternations per field; the loop breaker freezes a field that has too many in a short time. */
  readonly alternations: Readonly<Partial<Record<SyncField, { readonly count: number; readonly at: number }>>>;
  /** What was given for the new issue, over the target's defaults. Of no use once the issue exists. */
  readonly fields: JsonObject;
  /** In the order in which they were given; as many as `limits.attachmentCount` at most. */
  readonly attachments: readonly LinkAttachment[];
  /** The source's `guardEpoch` when changes of the issue began to wait for a yes; null while none do. */
  readonly heldEpoch: number | null;
  readonly createdBy: string | null;
  readonly createdAt: number;
  readonly syncedAt: number | null;
}

/**
 * A host comment and its remote twin; of a tracker's comment that is not for everybody, the id alone. Unique: link and remote
 * id; link and comment; token.
 */
export interface CommentLinkRow {
  readonly tenantId: string;
  readonly id: string;
  readonly linkId: string;
  readonly commentId: string | null;
  readonly remoteId: string | null;
  readonly token: string;
  readonly origin: "host" | "tracker";
  /** Canonical bodies both sides last agreed on; null before that. */
  readonly base: { readonly local: string; readonly remote: string } | null;
  readonly seenVersion: number;
  /** A create whose fate is not known: when it was sent, storage clock. */
  readonly intentAt: number | null;
  /** Edits of ours whose fate is not known: canonical text at the tracker, and when they were sent, storage clock. */
  readonly sent: readonly { readonly value: string; readonly at: number }[];
  /** Since when lists do not show it, storage clock; one list alone may be stale. Null while it is there. */
  readonly missingSince: number | null;
  /** Other text under the version already seen, waiting for a second list; null for none. */
  readonly unconfirmed: { readonly value: string; readonly at: number } | null;
  /** Deleted on one side; never made again. */
  readonly deletedAt: number | null;
  /** Why the tracker did not take it; null where it did. */
  readonly refused: string | null;
}

/** Nothing is overwritten without one of these. */
export interface ConflictRow {
  readonly tenantId: string;
  readonly id: string;
  readonly linkId: string;
  readonly defectId: string;
  readonly field: string;
  readonly base: FieldValue;
  readonly local: FieldValue;
  readonly remote: FieldValue;
  readonly winner: "local" | "remote" | "none";
  readonly at: number;
}
