import type { JsonObject, JsonValue } from "../domain/json.ts";

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

/** What was spent at nearly the same time: first and last moment by the storage's clock, and units. */
type Spent = readonly [firstAt: number, lastAt: number, units: number];

/** A window's entries stand for a hundredth of its length each, so that a row stays small however much is spent. */
const entriesPerWindow = 100;

const isSpent = (value: JsonValue): value is [number, number, number] =>
  Array.isArray(value) && value.length === 3 && value.every((part) => typeof part === "number");

function entriesOf(windows: JsonValue, { name, windowMs }: ReserveWindow, now: number): readonly Spent[] {
  const isObject = typeof windows === "object" && windows !== null && !Array.isArray(windows);
  const stored = isObject ? (windows as JsonObject)[name] : undefined;
  return Array.isArray(stored) ? stored.filter(isSpent).filter(([, lastAt]) => lastAt + windowMs > now) : [];
}

const sum = (entries: readonly Spent[]) => entries.reduce((total, [, , units]) => total + units, 0);

/** Milliseconds until `amount` fits; 0 if it does now. An amount above the limit fits an empty window. */
function waitMs(entries: readonly Spent[], window: ReserveWindow, amount: number, share: number, now: number): number {
  if (amount === 0) return 0;
  const limit = Math.max(Math.floor(window.limit * share), amount);
  let excess = sum(entries) + amount - limit;
  for (const [, lastAt, units] of entries) {
    if (excess <= 0) return 0;
    excess -= units;
    if (excess <= 0) return Math.max(1, lastAt + window.windowMs - now);
  }
  return 0;
}

function withSpent(entries: readonly Spent[], window: ReserveWindow, amount: number, now: number): readonly Spent[] {
  if (amount === 0) return entries;
  const last = entries.at(-1);
  // An entry is given back when its last unit is, so nothing is ever counted for too short a time.
  if (last !== undefined && now - last[0] < window.windowMs / entriesPerWindow) {
    return [...entries.slice(0, -1), [last[0], Math.max(now, last[1]), last[2] + amount]];
  }
  return [...entries, [now, now, amount]];
}

/**
 * What `system.reserve` does, for storages that compute in JavaScript: the answer, and the new content of the budget's
 * `windows`. The storage sees to it that nobody else changes the row in between.
 * @param windows as the row has it; null where there is no row
 * @param now the storage's clock, read after the row was locked
 */
export function reserveUnits(
  windows: JsonValue,
  request: Pick<ReserveRequest, "windows" | "items">,
  now: number,
): ReserveResult & { readonly windows: JsonValue } {
  const entries = request.windows.map((window) => entriesOf(windows, window, now));
  const waits = request.items.map(({ amounts, share }) => {
    const wait = Math.max(
      0,
      ...request.windows.map((window, place) => waitMs(entries[place] ?? [], window, amounts[place] ?? 0, share, now)),
    );
    if (wait > 0) return wait;
    request.windows.forEach((window, place) => {
      entries[place] = withSpent(entries[place] ?? [], window, amounts[place] ?? 0, now);
    });
    return 0;
  });
  return {
    waits,
    windows: Object.fromEntries(
      request.windows.map(({ name }, place) => [name, (entries[place] ?? []).map((one) => [...one])]),
    ),
  };
}
