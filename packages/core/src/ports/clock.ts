/** The one source of time. Nothing in Backref calls `Date.now` by itself. */
export interface Clock {
  /** Wall clock, milliseconds since 1970 UTC. Used for what people read, never to compare with a tracker's clock. */
  now(): number;
  /** Milliseconds from an arbitrary start, never going back. Used to measure durations. */
  monotonic(): number;
}

/** The clock of this process: `Date.now` and `performance.now`. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
