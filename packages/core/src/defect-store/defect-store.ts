import type { SyncField } from "../domain/fields.ts";
import type { StorageScope } from "../storage/storage.ts";

/** A defect as its store sees it at one moment. What `apply` was given reads back as it was given, or was refused. */
export interface DefectSnapshot {
  /** Opaque, up to 255 characters, never given to another defect. */
  readonly id: string;
  readonly projectId: string;
  /**
   * Changes with every change of the defect's fields or comments, whoever makes it, in the transaction that makes it; no
   * former one ever comes back. Stands still otherwise. Opaque: compared for equality only.
   */
  readonly revision: string;
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  readonly status: string;
  readonly priority: string | null;
  /** Id of a user of the host; null for nobody. Absent where the store keeps none: then no assignee travels. */
  readonly assignee?: string | null;
  /** When a field last changed, milliseconds since 1970 UTC. Absent where the store does not know; needed for `latest`. */
  readonly changedAt?: Readonly<Partial<Record<SyncField, number>>>;
  /** The link whose apply last changed a field; absent for a person's change. Lets the loop breaker work across links. */
  readonly changedBy?: Readonly<Partial<Record<SyncField, string>>>;
}

/** A comment of a defect, as the host keeps it. Times are milliseconds since 1970 UTC by the host's clock. */
export interface DefectComment {
  readonly id: string;
  readonly defectId: string;
  /** Markdown. */
  readonly body: string;
  /** Internal comments never leave the host. */
  readonly visibility: "public" | "internal";
  readonly authorName: string;
  /** The author's id as a user of the host; absent or null where that is not known. */
  readonly authorId?: string | null;
  /** `tracker` for comments that came in through `apply`. */
  readonly origin: "host" | "tracker";
  readonly createdAt: number;
  readonly updatedAt: number;
  /**
   * Deleted comments stay listed until their links know, some days at least: one that merely is not listed any more counts as
   * one that nobody deleted. Null while it lives.
   */
  readonly deletedAt: number | null;
}

/** Comments that people of the host wrote are edited like any other: somebody has edited them at the tracker. */
export type DefectCommentChange =
  /**
   * `key` makes it idempotent: a second add with the same key adds nothing and answers the same id, also where the comment
   * was edited or deleted since. The comment is public and its origin `tracker`.
   */
  | {
      readonly kind: "add";
      readonly key: string;
      readonly body: string;
      readonly authorName: string;
      /** The host's user whose account wrote it; null where nobody has said whose it is. */
      readonly authorId: string | null;
      readonly createdAt: number;
    }
  /** A comment that is deleted, or is not there any more, is passed over. */
  | { readonly kind: "edit"; readonly commentId: string; readonly body: string }
  /** As above. */
  | { readonly kind: "delete"; readonly commentId: string };

/** What a sync link brings in. All of it is applied, or none. */
export interface DefectChange {
  readonly defectId: string;
  /** The revision the change was computed from. */
  readonly expectedRevision: string;
  /** Fields that are not named stay as they are. Null for priority and assignee only: none. */
  readonly set: Readonly<Partial<Record<SyncField, string | null>>>;
  readonly comments: readonly DefectCommentChange[];
  /** Where it comes from, for the host's own history. */
  readonly cause: {
    readonly linkId: string;
    readonly sourceId: string;
    readonly issueKey: string;
    readonly issueUrl: string;
  };
}

/** What became of a change. Everything of it was applied, or nothing. */
export type DefectApplyOutcome =
  | {
      readonly status: "applied";
      readonly revision: string;
      /** Id of each added comment by its `key`. */
      readonly commentIds: Readonly<Record<string, string>>;
    }
  /** The defect has another revision by now; Backref reads again and merges again. */
  | { readonly status: "stale" }
  /** The defect does not exist any more; its links are detached. */
  | { readonly status: "gone" }
  /**
   * The host does not accept a value, and nothing of the change was applied. The link says so and stops sending that value
   * in. For what will never be accepted, such as a word or a length that its column cannot hold: what is thrown comes again.
   */
  | { readonly status: "refused"; readonly field: SyncField | "comments"; readonly reason: string };

/**
 * The only way by which the engine and the services reach defects, their comments and revisions. Backref's own tables
 * are its first implementation; a host with defects of its own gives another as `createBackref({ defectStore })`.
 * Methods may throw anything while the store is unreachable: the work is tried again later.
 */
export interface DefectStore {
  /**
   * Missing defects are absent from the answer, whatever their ids look like: people may have typed them. Order does not
   * matter. With `scope.transaction` it reads inside that transaction, which is how a push finds a defect that was made there;
   * without, only what is committed.
   */
  read(scope: StorageScope, ids: readonly string[]): Promise<readonly DefectSnapshot[]>;
  /** All comments of the defects, also deleted ones whose deletion is recent, oldest first per defect. */
  readComments(scope: StorageScope, defectIds: readonly string[]): Promise<readonly DefectComment[]>;
  /**
   * Applies each change if its defect still has the expected revision, atomically per change and independently of the others.
   * One outcome per change, in order. The revision is compared in the step that writes, so that no change of a person's in
   * between is lost. Repeating an applied change is harmless: the revision has moved, so it is `stale`. Never inside a host's
   * transaction.
   */
  apply(scope: StorageScope, changes: readonly DefectChange[]): Promise<readonly DefectApplyOutcome[]>;
  /**
   * Ids of defects that changed since a cursor, oldest change first, for healing lost notices of `defects.changed`: the
   * notice is lost where a process dies after its commit and before it. Asked once per poll of each source. The cursor is
   * opaque and stored with the source; null asks from the beginning. It moves with every change, past a full page too; while
   * it stays, ids are taken for repetitions, which are harmless. Where nothing changed it stays, or no ids come.
   * Fewer ids than `limit` say that there are no more. Changes of comments and deletions of defects are changes. One that is
   * committed late, by a transaction that began earlier than others that are told already, has to be told as well.
   * Absent: a lost notice is healed by the slow sweep, or by the next change.
   */
  changesSince?(request: {
    readonly tenantId: string;
    readonly cursor: string | null;
    readonly limit: number;
  }): Promise<{ readonly ids: readonly string[]; readonly cursor: string }>;
}
