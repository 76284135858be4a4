import type { Clock } from "@backref/core/provider";

/** Of a process that stood still meanwhile, nobody knows what has become of the issue since. */
const longestLookMs = 2_000;
const mostLooks = 3;

/**
 * A look at what is written next. One that took longer than two seconds is repeated; of a tracker that always takes long, the
 * third counts.
 */
export async function recentLook<Found>(clock: Clock, look: () => Promise<Found>): Promise<Found> {
  for (let looks = 1; ; looks += 1) {
    const askedAt = clock.monotonic();
    const found = await look();
    if (looks === mostLooks || clock.monotonic() - askedAt <= longestLookMs) return found;
  }
}
