import type { Runtime } from "../runtime/runtime.ts";
import { busy, type Refusal } from "./refusal.ts";

/** How much one sender may ask of this process. Senders do not share: none can crowd out another. */
export interface IntakeGate {
  /** Runs work unless too much of the same key is running already. */
  atOnce<Result>(key: string, work: () => Promise<Result>): Promise<Result | Refusal>;
  /** Counts a genuine delivery; a refusal where its key had too many within a minute. */
  count(key: string): Refusal | null;
}

const minuteMs = 60_000;
const mostRemembered = 10_000;

export function createIntakeGate({ clock, limits }: Pick<Runtime, "clock" | "limits">): IntakeGate {
  const running = new Map<string, number>();
  /** When a key's allowance is full again: later than now by what was used of it. */
  const fullAt = new Map<string, number>();
  const { webhooksAtOnce, webhooksPerMinute } = limits;
  return {
    async atOnce(key, work) {
      const count = running.get(key) ?? 0;
      if (count >= webhooksAtOnce) {
        return busy(503, "Too many deliveries at once (limits.webhooksAtOnce). Send it again.", 1_000);
      }
      running.set(key, count + 1);
      try {
        return await work();
      } finally {
        const left = (running.get(key) ?? 1) - 1;
        if (left === 0) running.delete(key);
        else running.set(key, left);
      }
    },
    count(key) {
      const now = clock.monotonic();
      const next = Math.max(now, fullAt.get(key) ?? now) + minuteMs / webhooksPerMinute;
      if (next - now > minuteMs) {
        const message = "Too many deliveries in a minute (limits.webhooksPerMinute). Send it again.";
        return busy(429, message, next - now - minuteMs);
      }
      if (!fullAt.has(key) && fullAt.size >= mostRemembered) forget(fullAt, now);
      fullAt.set(key, next);
      return null;
    },
  };
}

/** Allowances that are full need no remembering. Where none is, all are: memory has an end, and this limit is no lock. */
function forget(fullAt: Map<string, number>, now: number): void {
  for (const [key, at] of fullAt) if (at <= now) fullAt.delete(key);
  if (fullAt.size >= mostRemembered) fullAt.clear();
}
