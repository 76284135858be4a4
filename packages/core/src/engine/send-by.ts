import type { Runtime } from "../runtime/runtime.ts";

/** A request must have left the house this long before the lease ends. */
export const leaseReserveMs: number = 5_000;

/**
 * Until when the holder of a lease may send, by the clock's `monotonic`.
 * @param claimedAt the same clock, from before the claim was asked for
 */
export function sendByOf(runtime: Pick<Runtime, "limits">, claimedAt: number): number {
  return claimedAt + runtime.limits.leaseMs - leaseReserveMs;
}
