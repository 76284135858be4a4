import { ProviderError } from "../errors/provider-error.ts";
import { StorageError } from "../errors/storage-error.ts";
import type { SourceSession } from "../runtime/session.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";

/**
 * What a failure comes down to. A credential that was refused may have been replaced or renewed while it was in use, which
 * says nothing about the source and nothing about the link: then there is no failure, and the work is taken up again with
 * the new one. Where it cannot be renewed now, that is the failure.
 */
export async function failureBehind(
  session: SourceSession,
  error: unknown,
): Promise<{ readonly error: unknown } | { readonly renewed: SourceRow }> {
  if (!ProviderError.isInstance(error) || error.failure !== "auth") return { error };
  try {
    const renewed = await session.renewAfterRefusal();
    return renewed === null ? { error } : { renewed };
  } catch (second) {
    if (StorageError.isInstance(second)) throw second;
    return { error: second };
  }
}
