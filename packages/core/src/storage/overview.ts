/** Work that could be claimed now. */
export interface DueOverview {
  /** Rows, counted to at most the request's limit. */
  readonly count: number;
  /** How long the one that is due longest has been so, by the storage's clock; null where there is none. */
  readonly oldestForMs: number | null;
}

/** A look at everything, over all tenants. Each number is counted to at most the request's `limit`. */
export interface StorageOverview {
  /** The version of the tables and the one this code works with; null for a storage without versions. */
  readonly schema: { readonly version: number; readonly expected: number } | null;
  /** Whose data this is; null where nobody has said so. */
  readonly installationId: string | null;
  /** Sources, each counted once: not enabled ones as `disabled`, whatever their health, the others by it. */
  readonly sources: {
    readonly ok: number;
    readonly degraded: number;
    readonly reconnectRequired: number;
    readonly disabled: number;
  };
  /** Enabled sources whose changes wait for a yes (`heldSince`), beside how they are counted above. */
  readonly heldSources: number;
  /** Active links that are not well, each counted once, under the first that fits. */
  readonly links: {
    /** With a failure that has no `retryAt`: nothing is tried again by itself. */
    readonly stopped: number;
    /** With any other failure. */
    readonly retrying: number;
    /** With frozen fields. */
    readonly frozen: number;
    /** With refused values. */
    readonly refused: number;
  };
  readonly due: { readonly link: DueOverview; readonly pollScope: DueOverview };
  /** When the newest delivery came in, wall clock; null where none is remembered. */
  readonly lastDeliveryAt: number | null;
}
