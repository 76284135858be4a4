import { failureBehind } from "../engine/refused-credential.ts";
import { blockBudget, changeHealth } from "../engine/source-health.ts";
import { ProviderError } from "../errors/index.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { openSession, type SourceSession } from "../runtime/session.ts";
import { providerFor } from "../runtime/source-provider.ts";
import { isUnsent, unsent } from "../runtime/unsent.ts";
import { redactSecrets } from "../security/redact.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";

/** Waited where the tracker asks to wait without saying how long. */
const unknownWaitMs = 60_000;

export interface AskOptions {
  /** Whether all else that shares the credential waits, too, where the tracker asks to. @default true */
  readonly sharesWaits?: boolean;
}

/**
 * Asks a source's tracker something that a person waits for. Where the credential was refused because it had been replaced
 * or renewed in the meantime, it asks once more with the new one. What a failure says about the whole source is kept, so
 * that nobody runs into it again. Throws what `openSession` and the provider do, and a `ProviderError` of the class `wait`,
 * without asking, while the tracker wants to be left alone.
 */
export async function askTracker<Answer>(
  runtime: Runtime,
  source: SourceRow,
  ask: (session: SourceSession) => Promise<Answer>,
  { sharesWaits = true }: AskOptions = {},
): Promise<Answer> {
  let asked = source;
  try {
    for (;;) {
      await refuseWhileWaiting(runtime, asked);
      const session = await openSession(runtime, asked);
      asked = session.source;
      try {
        return await ask(session);
      } catch (error) {
        const behind = await failureBehind(session, error);
        if ("error" in behind) throw behind.error;
        asked = behind.renewed;
      }
    }
  } catch (error) {
    await learnFrom(runtime, asked, error, sharesWaits);
    throw error;
  }
}

async function refuseWhileWaiting(runtime: Runtime, source: SourceRow): Promise<void> {
  const { tenantId, budgetId } = source;
  const [budget] = await runtime.storage.find({ tenantId }, { table: "budget", by: "id", keys: [[budgetId]] });
  const retryAfterMs = (budget?.blockedUntil ?? 0) - runtime.clock.now();
  if (budget === undefined || retryAfterMs <= 0) return;
  throw unsent(providerFor(runtime, source), { failure: "wait", retryAfterMs, message: budget.reason });
}

/** Keeps what a failure says about the whole source. */
export async function learnFrom(
  runtime: Runtime,
  source: SourceRow,
  error: unknown,
  sharesWaits: boolean = true,
): Promise<void> {
  if (!ProviderError.isInstance(error)) return;
  if (error.failure === "auth") await changeHealth(runtime, source, "reconnect-required", error.message);
  if (error.failure === "wait" && sharesWaits && !isUnsent(error)) {
    await blockBudget(runtime, source, error.retryAfterMs ?? unknownWaitMs, redactSecrets(error.message));
  }
}
