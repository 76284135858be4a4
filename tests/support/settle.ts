import type { Backref } from "@backref/core";

export interface SettleOptions {
  /** What is due later than this belongs to another poll. @default 5000 */
  readonly horizonMs?: number;
  /** For one pass. @default 1000 */
  readonly maxMs?: number;
}

/**
 * Works until nothing is due soon, and lets virtual time pass meanwhile.
 * @throws Error if there is no end after 50 passes
 */
export async function settle(
  { sync }: Pick<Backref, "sync">,
  time: { readonly now: () => number; readonly advance: (durationMs: number) => void | Promise<void> },
  { horizonMs = 5_000, maxMs = 1_000 }: SettleOptions = {},
): Promise<void> {
  for (let pass = 0; pass < 50; pass += 1) {
    const { nextDueAt } = await sync.run({ maxMs });
    if (nextDueAt === null || nextDueAt - time.now() > horizonMs) return;
    await time.advance(Math.max(nextDueAt - time.now(), 1));
  }
  throw new Error("The world did not settle in 50 passes.");
}
