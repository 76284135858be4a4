import type { IssueSnapshot } from "../../domain/issue-snapshot.ts";

/** A relation that a tenant added, or a built-in one it changed. Unique: name. */
export interface RelationRow {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
  readonly inverseName: string;
  readonly kind: "general" | "defect";
  readonly enabled: boolean;
  /** Null for all projects. */
  readonly projects: readonly string[] | null;
}

/** Our copy of a remote item. Unique: source and remote id where known; source and canonical key. */
export interface IssueRow {
  readonly tenantId: string;
  readonly id: string;
  readonly sourceId: string;
  readonly remoteId: string | null;
  readonly canonicalKey: string;
  readonly formerKeys: readonly string[];
  readonly container: string;
  readonly item: string;
  readonly displayKey: string;
  readonly url: string;
  readonly state: "live" | "deleted" | "moved" | "no-access";
  /** Null while never read. */
  readonly snapshot: IssueSnapshot | null;
  /** The snapshot's version; 0 while never read. A write that would lower it is a stale read. */
  readonly version: number;
  /** Our wall clock; null while never read. */
  readonly fetchedAt: number | null;
}

/** Test object, relation, issue. Unique: all three. */
export interface ReferenceRow {
  readonly tenantId: string;
  readonly id: string;
  readonly objectType: string;
  readonly objectId: string;
  readonly projectId: string;
  readonly relationId: string;
  readonly issueId: string;
  readonly sourceId: string;
  readonly createdBy: string | null;
  readonly createdAt: number;
}
