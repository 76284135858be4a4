import type { AccessPath, Row, Scalar, TableName, WorkTableName } from "./tables.ts";

/**
 * Must hold at the moment the unit is written, under the row's lock. Only columns with a plain value are compared.
 * A row that does not exist never matches, not even an empty `match`.
 */
export type Requirement = {
  readonly [Table in TableName]: {
    readonly table: Table;
    readonly id: string;
    readonly match: Readonly<Partial<Row<Table>>>;
  };
}[TableName];

/** Adds a row. `sequence` of an activity row is ignored: the storage gives it. */
export type InsertWrite = {
  readonly [Table in TableName]: {
    readonly type: "insert";
    readonly table: Table;
    readonly row: Row<Table>;
    /** What happens when its id or a unique key is taken: the whole unit fails, or this write is left out. @default "fail" */
    readonly ifExists?: "fail" | "skip";
  };
}[TableName];

/**
 * Changes columns of one row. A missing row fails the unit. Work columns and `sequence` are left alone; `id` and `tenantId`
 * cannot be changed (`TypeError`).
 */
export type UpdateWrite = {
  readonly [Table in TableName]: {
    readonly type: "update";
    readonly table: Table;
    readonly id: string;
    readonly set: Readonly<Partial<Row<Table>>>;
  };
}[TableName];

/** Inserts, or replaces every column of the row with the same id, its work columns and `sequence` excepted. */
export type PutWrite = {
  readonly [Table in TableName]: { readonly type: "put"; readonly table: Table; readonly row: Row<Table> };
}[TableName];

/** Removes a row; a missing one is no failure. */
export interface DeleteWrite {
  readonly type: "delete";
  readonly table: TableName;
  readonly id: string;
}

/**
 * Makes work items due: `mark` grows by one, `dueAt` becomes the earlier of its old value and now + `afterMs`.
 * Leased rows too: their holder's release will see the mark. Links that have ended (`endedAt`) are left alone.
 */
export type MarkWrite = {
  readonly [Table in WorkTableName]: {
    readonly type: "mark";
    readonly table: Table;
    readonly by: AccessPath<Table>;
    /** As in `find`, but as many as there are. A row that several keys name is marked once. */
    readonly keys: readonly (readonly Scalar[])[];
    readonly exceptId?: string;
    readonly afterMs: number;
    /** Sticky flags to raise on links. Poll scopes have neither these nor what follows, and take no notice of it. */
    readonly checkIssue?: boolean;
    readonly checkComments?: boolean;
    /** `hintVersion` of links becomes the greater of its old value and this. */
    readonly version?: number;
    /** Forget earlier failures, so that the row starts afresh: `attempts` 0, `failure` null. @default false */
    readonly reset?: boolean;
  };
}[WorkTableName];

/**
 * Ends a lease, with what was learned. Fails the unit (`stale`) unless the row is there and still has this fence.
 * If `mark` still equals `seenMark`, `dueAt` becomes now + `nextAfterMs` (null: idle) and `checkIssue` and `checkComments`
 * become what `set` says or else false; if not, `dueAt` becomes now and the two flags stay raised where they were, and are
 * raised where `set` says so. Work columns in `set` are left out.
 */
export type ReleaseWrite = {
  readonly [Table in WorkTableName]: {
    readonly type: "release";
    readonly table: Table;
    readonly id: string;
    readonly fence: number;
    readonly seenMark: number;
    readonly nextAfterMs: number | null;
    readonly set: Readonly<Partial<Row<Table>>>;
  };
}[WorkTableName];

/**
 * Makes the budget's sources wait: `blockedUntil` becomes the later of its old value and now + `forMs`, and `reason` that of
 * the later one. A budget without a row gets one, its `windows` null.
 */
export interface BlockWrite {
  readonly type: "block";
  readonly budgetId: string;
  readonly forMs: number;
  readonly reason: string;
}

/** One change of rows within a unit. */
export type Write = InsertWrite | UpdateWrite | PutWrite | DeleteWrite | MarkWrite | ReleaseWrite | BlockWrite;

/** What happens together or not at all. Requirements are checked first, then writes in order. */
export interface CommitUnit {
  /** @default nothing is required */
  readonly require?: readonly Requirement[];
  readonly write: readonly Write[];
}

/** What became of a unit: all of it, or nothing. The first thing that stood against it is told. */
export type CommitOutcome =
  | { readonly status: "committed" /** How many rows `skip` left out. */; readonly skipped: number }
  /** A requirement or fence did not hold; also when their row does not exist. */
  | { readonly status: "stale"; readonly table: TableName; readonly id: string }
  /** An id or unique key is taken; `key` is its name in `tableDefinitions`, or `id`, which goes before them. */
  | { readonly status: "taken"; readonly table: TableName; readonly key: string }
  /** A row to update does not exist. */
  | { readonly status: "missing"; readonly table: TableName; readonly id: string };
