import { ProviderError } from "@backref/core/provider";

/** Deeper chains are cut: a cause may point back at its own error. */
const maxDepth = 16;

/** The error itself, its cause, that one's cause, and the members of aggregate errors; outermost first. */
export function* causesOf(error: unknown, depth = 0): Generator<unknown, void> {
  if (error === undefined || error === null || depth > maxDepth) return;
  yield error;
  if (typeof error !== "object") return;
  const { cause, errors } = error as { cause?: unknown; errors?: unknown };
  yield* causesOf(cause, depth + 1);
  if (error instanceof AggregateError && Array.isArray(errors)) {
    for (const member of errors) yield* causesOf(member, depth + 1);
  }
}

/**
 * The `ProviderError` an error is or was caused by; null for none. Clients wrap what their fetch throws, and a
 * failure that is classified already must not be classified again.
 */
export function findProviderError(error: unknown): ProviderError | null {
  for (const cause of causesOf(error)) {
    if (ProviderError.isInstance(cause)) return cause;
  }
  return null;
}
