import type { LinearCall } from "./client.ts";
import { lookedTooLongAgo, type Operation } from "./errors.ts";

/**
 * Core looks at an issue right before it changes it, since Linear takes a change whatever happened meanwhile. Whatever has to be
 * read or repeated in between makes that time longer; more than this is left to the next look, which finds the team read.
 */
const longestWorkMs = 1_000;

/**
 * Answers with a check that throws `retry` once an update that began now has taken too long to write anything.
 * @param onLate told before it throws
 */
export function requireRecentLook(call: LinearCall, operation: Operation, onLate: () => void): () => void {
  const startedAt = call.clock.monotonic();
  return () => {
    const workMs = call.clock.monotonic() - startedAt;
    if (workMs <= longestWorkMs) return;
    onLate();
    throw lookedTooLongAgo(operation, workMs);
  };
}
