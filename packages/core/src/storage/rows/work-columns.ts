/**
 * Columns that make a row a work item. They change through `claim`, `mark` and `release` only,
 * except when the row is inserted. Times are by the storage's clock, milliseconds since 1970 UTC.
 */
export interface WorkColumns {
  /** Counts marks; a release that saw another number leaves the row due. */
  readonly mark: number;
  /** Null while there is nothing to do. */
  readonly dueAt: number | null;
  readonly leaseOwner: string | null;
  readonly leaseUntil: number | null;
  /** Grows with every claim; every write of the holder requires it. */
  readonly fence: number;
}

/** Work columns of a new row that is not due. */
export const idleWork: WorkColumns = { mark: 0, dueAt: null, leaseOwner: null, leaseUntil: null, fence: 0 };
