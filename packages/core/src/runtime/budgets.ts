import type { Clock, Scheduler } from "../ports/index.ts";
import type { ReserveRequest, ReserveWindow } from "../storage/reserve.ts";
import type { Storage } from "../storage/storage.ts";
import { noLongerAwaited } from "./no-longer-awaited.ts";

/** One request that wants to leave. */
export interface Spending {
  readonly tenantId: string;
  readonly budgetId: string;
  readonly windows: readonly ReserveWindow[];
  /** Units of each window. */
  readonly amounts: readonly number[];
  /** Somebody waits for it: it goes before the others, and may spend what they have to leave. */
  readonly isUrgent: boolean;
  /** Longest it waits for room before it is told to come back later. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/** `until`: it may leave before this, by the clock's `monotonic`. `waitMs`: there is no room for so long. */
export type Grant = { readonly until: number } | { readonly waitMs: number };

/** What all processes may send together, kept in the storage. */
export interface Budgets {
  /** Rejects with the signal's reason, and with what the storage throws. */
  spend(spending: Spending): Promise<Grant>;
}

/**
 * A grant is good for this long. Windows are kept as much longer, so that requests that leave late and requests that leave at
 * once never meet within a window.
 */
export const grantMs = 2_000;

/** Work that nobody waits for leaves the rest to work that somebody waits for. */
const patientShare = 0.9;

const mostAsked = 100;

interface Waiter {
  readonly spending: Spending;
  readonly giveUpAt: number;
  /** There is no room before, by the clock's `monotonic`. */
  notBefore: number;
  settle(grant: Grant): void;
  fail(error: unknown): void;
}

type BudgetsRuntime = { readonly storage: Storage; readonly clock: Clock; readonly scheduler: Scheduler };

/** All who wait for one budget in this process: they ask together, so that a burst costs few calls of the storage. */
class Lane {
  readonly #runtime: BudgetsRuntime;
  readonly #waiting = new Set<Waiter>();
  readonly #onIdle: () => void;
  #isServing = false;
  #arrival = new AbortController();

  constructor(runtime: BudgetsRuntime, onIdle: () => void) {
    this.#runtime = runtime;
    this.#onIdle = onIdle;
  }

  wait(spending: Spending): Promise<Grant> {
    const { signal } = spending;
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const now = this.#runtime.clock.monotonic();
      const leave = () => {
        this.#waiting.delete(waiter);
        signal.removeEventListener("abort", onAbort);
      };
      const onAbort = () => waiter.fail(signal.reason);
      const waiter: Waiter = {
        spending,
        giveUpAt: now + spending.patienceMs,
        notBefore: now,
        settle(grant) {
          leave();
          resolve(grant);
        },
        fail(error) {
          leave();
          reject(error);
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiting.add(waiter);
      this.#arrival.abort(noLongerAwaited);
      if (!this.#isServing) void this.#serve();
    });
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    // Those who come in the same turn ask together.
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      this.#arrival = new AbortController();
      const now = this.#runtime.clock.monotonic();
      const ready = [...this.#waiting].filter((waiter) => waiter.notBefore <= now);
      if (ready.length > 0) await this.#ask(ready);
      else await this.#sleep(Math.min(...[...this.#waiting].map((waiter) => waiter.notBefore)) - now);
    }
    this.#isServing = false;
    this.#onIdle();
  }

  /** Ends early when somebody comes. */
  async #sleep(durationMs: number): Promise<void> {
    try {
      await this.#runtime.scheduler.sleep(durationMs, this.#arrival.signal);
    } catch (error) {
      if (!this.#arrival.signal.aborted) for (const waiter of this.#waiting) waiter.fail(error);
    }
  }

  async #ask(ready: readonly Waiter[]): Promise<void> {
    const { clock, storage } = this.#runtime;
    const urgency = (waiter: Waiter) => (waiter.spending.isUrgent ? 0 : 1);
    const asking = ready.toSorted((one, other) => urgency(one) - urgency(other)).slice(0, mostAsked);
    const askedAt = clock.monotonic();
    try {
      const { waits } = await storage.system.reserve(requestOf(asking.map(({ spending }) => spending)));
      const now = clock.monotonic();
      for (const [place, waiter] of asking.entries()) {
        const waitMs = waits[place] ?? 0;
        if (!this.#waiting.has(waiter)) continue;
        if (waitMs > 0 && now + waitMs > waiter.giveUpAt) waiter.settle({ waitMs });
        else if (waitMs > 0) waiter.notBefore = now + waitMs;
        // A grant that took so long to arrive is spent for nothing, and asked for again.
        else if (now < askedAt + grantMs) waiter.settle({ until: askedAt + grantMs });
      }
    } catch (error) {
      for (const waiter of asking) waiter.fail(error);
    }
  }
}

/** Sources of one budget have one site, so what one of them says of its windows holds for all. */
function requestOf(spendings: readonly Spending[]): ReserveRequest {
  const [first] = spendings;
  if (first === undefined) throw new TypeError("Nobody asks.");
  const { tenantId, budgetId, windows } = first;
  return {
    tenantId,
    budgetId,
    windows: windows.map(({ name, windowMs, limit }) => ({ name, windowMs: windowMs + grantMs, limit })),
    items: spendings.map(({ amounts, isUrgent }) => ({ amounts, share: isUrgent ? 1 : patientShare })),
  };
}

export function createBudgets(runtime: BudgetsRuntime): Budgets {
  const lanes = new Map<string, Lane>();
  return {
    spend(spending) {
      const key = JSON.stringify([spending.tenantId, spending.budgetId]);
      const lane = lanes.get(key) ?? new Lane(runtime, () => lanes.delete(key));
      lanes.set(key, lane);
      return lane.wait(spending);
    },
  };
}
