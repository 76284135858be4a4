/** A limit of a budget: at most so many units within any stretch of time of this length. */
export interface ReserveWindow {
  /** Stable; what was spent is remembered under it. */
  readonly name: string;
  readonly windowMs: number;
  /** Whole units. */
  readonly limit: number;
}

/** Somebody who wants to spend. */
export interface ReserveItem {
  /** Whole units of each window, in the order of the request's `windows`; 0 where it spends nothing. */
  readonly amounts: readonly number[];
  /** How much of every limit may be spent when it is granted, above 0 to 1: who may wait leaves something to others. */
  readonly share: number;
}

/** Requests that want to be sent, against one budget. */
export interface ReserveRequest {
  readonly tenantId: string;
  readonly budgetId: string;
  readonly windows: readonly ReserveWindow[];
  /** Served in this order. One that has to wait keeps none of the others waiting. */
  readonly items: readonly ReserveItem[];
}

/** Who may send now. */
export interface ReserveResult {
  /**
   * Per item: 0 where it was granted, which counts as spent now. Else nothing was spent for it, and after so many
   * milliseconds there is room, if nobody else takes it.
   */
  readonly waits: readonly number[];
}
