import { ProviderError } from "../errors/provider-error.ts";
import type { Provider } from "../provider/provider.ts";

/** The operation of requests that core itself held back. */
const operation = "send";

/** A request that never left: the tracker knows nothing of it, and nothing was learned about the tracker. */
export function unsent(
  provider: Pick<Provider, "id">,
  why: { readonly failure: "retry" | "wait"; readonly retryAfterMs?: number; readonly message: string },
): ProviderError {
  return new ProviderError({ ...why, providerId: provider.id, operation });
}

export function isUnsent(error: unknown): boolean {
  return ProviderError.isInstance(error) && error.operation === operation;
}
