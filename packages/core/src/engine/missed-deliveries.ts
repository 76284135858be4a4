import { ProviderError } from "../errors/provider-error.ts";
import type { ProviderCall } from "../provider/call.ts";
import { logEvent, loggedError } from "../runtime/log-event.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { SourceSession } from "../runtime/session.ts";
import type { PollScopeRow } from "../storage/rows/source-rows.ts";
import { firstScopeOf } from "./first-scope.ts";

/**
 * Asks the tracker to send again what nobody took since a moment. Answers with how much it asked for; null where the
 * tracker has no hook of ours, or does not let us look.
 */
export async function redeliver(
  { provider, source }: SourceSession,
  call: ProviderCall,
  request: { readonly container: string | null; readonly since: number },
): Promise<number | null> {
  const endpoint = source.appScope === null ? source.endpoint : null;
  const answer = await provider.webhooks?.redeliver?.(call, { ...request, endpoint });
  return answer?.asked ?? null;
}

/**
 * What deliveries would have told and polls cannot show, such as deletions, comes with the sweep of all links, a part at a
 * time. Deliveries that failed since the last part bring it now. No failure of this holds up a poll.
 */
export async function redeliverSinceSweep(
  runtime: Runtime,
  session: SourceSession,
  row: PollScopeRow,
  sendBy: number,
): Promise<void> {
  const { source, provider } = session;
  const { lastSweptAt: since } = row;
  if (since === null || provider.webhooks?.redeliver === undefined) return;
  // An app has one hook for all containers.
  if (source.appScope !== null && (await firstScopeOf(runtime, source))?.id !== row.id) return;
  const place = { tenantId: source.tenantId, sourceId: source.id, container: row.container };
  try {
    const container = row.container === "" || source.appScope !== null ? null : row.container;
    const asked = await redeliver(session, session.call({ sendBy }), { container, since });
    if (asked !== null && asked > 0) logEvent(runtime, "redelivery-asked", { ...place, asked });
  } catch (error) {
    if (!ProviderError.isInstance(error)) throw error;
    logEvent(runtime, "redelivery-failed", { ...place, ...loggedError(error) });
  }
}
