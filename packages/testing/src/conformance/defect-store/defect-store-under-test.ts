import type { DefectStore, HostTransaction, SyncField } from "@backref/core";

/** Which defect of which tenant. */
export interface DefectPlace {
  readonly tenantId: string;
  readonly defectId: string;
}

/** Fields as people of the host set them; those that are not named stay as they are. */
export type DefectEdit = Readonly<Partial<Record<SyncField, string | null>>>;

/** What people do with comments in the host. */
export interface HostComments {
  /** Answers with the comment's id. */
  add(
    place: DefectPlace,
    comment: { readonly body: string; readonly visibility: "public" | "internal" },
  ): Promise<string>;
  /** A person changes what a comment says. */
  edit(place: DefectPlace, commentId: string, body: string): Promise<void>;
  /** Absent where people cannot. */
  delete?(place: DefectPlace, commentId: string): Promise<void>;
}

/** What people do inside a transaction of the host's that is still open. */
export interface OpenTransaction {
  /** As the host hands it to `backref.as(actor, { transaction })`. */
  readonly transaction: HostTransaction;
  /** Answers with the defect's id. */
  createDefect(tenantId: string, draft: DefectDraft): Promise<string>;
  /** Changes fields; nobody outside sees it before the commit. */
  editDefect(place: DefectPlace, edit: DefectEdit): Promise<void>;
}

/** Transactions of the host's, for a store whose changes can be part of them. */
export interface HostTransactions {
  /** Runs the work in a transaction of the host's: committed when the work is done, rolled back where it throws. */
  run<Result>(work: (open: OpenTransaction) => Promise<Result>): Promise<Result>;
  /** Whether others get through while one is open. Not so with a single connection, such as PGlite's. */
  readonly atOnce: boolean;
}

/** A defect that a person of the host creates. */
export interface DefectDraft {
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  readonly status: string;
  readonly priority: string | null;
}

/**
 * People at work in the host, past the store, through the host's own code where there is some. Everything is committed
 * when it answers. A member that is missing skips the rules that need it.
 */
export interface DefectHost {
  /** Answers with the defect's id, in a project of the host's choice. */
  createDefect(tenantId: string, draft: DefectDraft): Promise<string>;
  /** Changes fields of a defect. */
  editDefect(place: DefectPlace, edit: DefectEdit): Promise<void>;
  /** Absent where defects are never deleted. */
  deleteDefect?(place: DefectPlace): Promise<void>;
  /** Absent where defects have no comments. */
  readonly comments?: HostComments;
  /** Absent where the host has no transactions that Backref could join. */
  readonly transactions?: HostTransactions;
}

/** A host's store with its people, empty and used by nobody else. Made afresh for every rule. */
export interface DefectStoreUnderTest {
  readonly store: DefectStore;
  readonly host: DefectHost;
  /** Two tenants; one where the host has no more. @default ["tenant-1", "tenant-2"] */
  readonly tenantIds?: readonly [string, string] | readonly [string];
  /** Two statuses that the host knows. @default ["open", "closed"] */
  readonly statuses?: readonly [string, string];
  /** Two priorities that the host knows. @default ["critical", "minor"] */
  readonly priorities?: readonly [string, string];
  /** A value that the host refuses. @default none: the rules about refusals are skipped */
  readonly refusedValue?: { readonly field: SyncField; readonly value: string };
  /** @default true */
  readonly hasInternalComments?: boolean;
  /** Removes what was made for the rule. */
  readonly dispose?: () => Promise<void>;
}
