import type { CommitOutcome, CommitUnit } from "./commit.ts";
import type { StorageOverview } from "./overview.ts";
import type { ReserveRequest, ReserveResult } from "./reserve.ts";
import type { ActivityRow } from "./rows/feed-rows.ts";
import type { SourceRow } from "./rows/source-rows.ts";
import type { AccessPath, Row, Scalar, TableName, WorkTableName } from "./tables.ts";

/** An open transaction of the host's, by shape: a `pg` client, or a wrapper around an ORM's transaction. */
export interface HostTransaction {
  /**
   * One statement of SQL with `$1`, `$2`, … for its values.
   * @returns its rows as objects by column, and how many it changed; null where the driver does not say
   */
  query(
    text: string,
    values: readonly unknown[],
  ): Promise<{ readonly rows: readonly unknown[]; readonly rowCount: number | null }>;
}

/** Every call on a tenant's data begins with this. */
export interface StorageScope {
  readonly tenantId: string;
  /** Read and write inside the host's transaction. A storage that cannot throws `transaction-unsupported`. */
  readonly transaction?: HostTransaction;
}

/** Rows of a table, by one of its access paths. */
export interface FindQuery<Table extends TableName> {
  readonly table: Table;
  readonly by: AccessPath<Table>;
  /** Values for the path's columns, in order; a row is found if it equals any of them. Null finds null. At most 1,000. */
  readonly keys: readonly (readonly Scalar[])[];
  /** @default no limit */
  readonly limit?: number;
  /** Only rows that come after the one with this id, in the order of the answer. It may be gone; activity never is. */
  readonly after?: string;
  /** @default false */
  readonly newestFirst?: boolean;
}

/** Due rows that a worker wants to hold. */
export interface ClaimRequest<Table extends WorkTableName> {
  readonly table: Table;
  /** Who claims: unique per worker, for people who look at the rows. */
  readonly owner: string;
  readonly leaseMs: number;
  /** Most rows in all. */
  readonly limit: number;
  /** Most rows of one source. */
  readonly limitPerSource: number;
  /** Only these rows, due or not. All else holds: nobody has them, neither ended nor paused, their source can run. */
  readonly only?: { readonly tenantId: string; readonly ids: readonly string[] };
}

/** Rows that the worker holds now. */
export interface ClaimResult<Table extends WorkTableName> {
  readonly rows: readonly Row<Table>[];
  /** The storage's clock at the claim, milliseconds since 1970 UTC. All durations of the work count from here. */
  readonly now: number;
}

/** The few calls that span tenants. Their rows carry the tenant. */
export interface StorageSystem {
  /**
   * Leases due rows: `dueAt` reached, no lease or an expired one, not ended, not paused, and the source can run: it is
   * enabled, its health is not `reconnect-required`, and its budget is not blocked. Each gets `fence + 1` and keeps its
   * `dueAt`, which counts again when the lease runs out. Sources take turns, within a claim and from one claim to the next,
   * so that one with much due work delays no other; within a source, longest due first. Rows locked by others are skipped,
   * but a claim is not empty while there is a row for it that nobody holds.
   */
  claim<Table extends WorkTableName>(request: ClaimRequest<Table>): Promise<ClaimResult<Table>>;
  /**
   * Milliseconds until a row becomes claimable, the end of a blocked budget included; 0 if one is now; null if none is in
   * sight without somebody changing something.
   */
  nextDueInMs(table: WorkTableName): Promise<number | null>;
  /** The source with this webhook endpoint, of whatever tenant; null for none. */
  sourceByEndpoint(endpoint: string): Promise<SourceRow | null>;
  /** Sources of an app's installation, of whatever tenants. */
  sourcesByAppScope(request: { readonly providerId: string; readonly appScope: string }): Promise<readonly SourceRow[]>;
  /** Committed activity with a greater sequence, in order. Never passes over a row that commits later. */
  readActivity(request: { readonly after: number; readonly limit: number }): Promise<readonly ActivityRow[]>;
  /** Leases a durable consumer. Null while a lease runs, also one of the same owner's. A new consumer starts at sequence 0. */
  claimConsumer(request: {
    readonly name: string;
    readonly owner: string;
    readonly leaseMs: number;
  }): Promise<{ readonly cursor: number; readonly fence: number } | null>;
  /**
   * Moves the cursor and gives the lease back or extends it. False if the fence is not that of the newest claim, or nobody
   * ever claimed.
   */
  commitConsumer(request: {
    readonly name: string;
    readonly fence: number;
    readonly cursor: number;
    /** Null gives it back. */
    readonly leaseMs: number | null;
  }): Promise<boolean>;
  /**
   * Whose data this is. Remembers the id where none is remembered yet, or with `takeOver`, and answers the one that is
   * remembered now.
   */
  installation(request: { readonly id: string; readonly takeOver: boolean }): Promise<string>;
  /**
   * Spends from a budget what its windows have room for, by the storage's clock: in no stretch of a window's length is
   * more granted than its limit, whoever asks and however many at once. Makes the budget's row where there is none, and
   * changes nothing of it but `windows`, whose content is the storage's own.
   */
  reserve(request: ReserveRequest): Promise<ReserveResult>;
  /**
   * How everything is, over all tenants, for health checks and gauges: cheap, however much there is.
   * @param request.limit where counting ends
   */
  overview(request: { readonly limit: number }): Promise<StorageOverview>;
  /**
   * Removes deliveries received before this (wall clock), oldest first, then of every source all but its newest so many. At
   * most `limit` together. Returns how many.
   */
  prune(request: {
    readonly deliveriesBefore: number;
    /** @default as many as there are */
    readonly deliveriesPerSource?: number;
    readonly limit: number;
  }): Promise<number>;
}

/**
 * The storage contract. Every method is atomic and linearisable by itself; there are no interactive transactions.
 * What belongs together is one `CommitUnit`. Rows go in and come out as plain data that nobody mutates.
 *
 * Numbers in columns are whole: times in milliseconds, versions, counters. JSON columns may hold any number.
 * Text may hold any Unicode but NUL, which is refused with a `BackrefError` of code `invalid-input`; a call that is refused
 * changes nothing at all. Trouble of the storage itself is a `StorageError`, misuse of the contract a `TypeError`.
 */
export interface Storage {
  readonly specVersion: 1;
  /** Rows by an access path of `tableDefinitions`, ordered by id (activity: by sequence). Missing ones are simply absent. */
  find<Table extends TableName>(scope: StorageScope, query: FindQuery<Table>): Promise<readonly Row<Table>[]>;
  /**
   * Applies units in order and answers one outcome per unit. A unit that does not commit changes nothing and does not
   * keep the others from committing; inside a host's transaction it is the host who commits.
   */
  commit(scope: StorageScope, units: readonly CommitUnit[]): Promise<readonly CommitOutcome[]>;
  readonly system: StorageSystem;
  /** Brings the schema to this version. Nothing to do is fine. Safe to call from several processes at once. */
  migrate(): Promise<void>;
  /** Closes only what the storage itself opened. Idempotent; later calls of other methods throw `closed`. */
  close(): Promise<void>;
}
