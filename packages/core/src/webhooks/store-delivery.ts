import { routeHints } from "../engine/route-hints.ts";
import type { WebhookEvent } from "../provider/groups/webhooks.ts";
import type { Provider } from "../provider/provider.ts";
import { logEvent } from "../runtime/log-event.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { CommitUnit, Write } from "../storage/commit.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";

/**
 * Stores a delivery and everything it makes due, in one unit. A second time it changes nothing.
 * @param extra marks that go with it
 */
export function storeDelivery(
  runtime: Runtime,
  source: SourceRow,
  provider: Provider,
  event: WebhookEvent,
  extra: readonly Write[] = [],
): Promise<"stored" | "known"> {
  const { tenantId, id: sourceId } = source;
  const { deliveryId } = event;
  const attributes = {
    "backref.tenant.id": tenantId,
    "backref.source.id": sourceId,
    "backref.provider": provider.id,
    "backref.delivery.id": deliveryId,
  };
  return runtime.telemetry.span({ name: "backref.delivery", attributes }, async (span) => {
    const outcome = await store(runtime, source, provider, event, extra);
    span.set({ "backref.outcome": outcome });
    logEvent(runtime, "delivery-taken", { tenantId, sourceId, provider: provider.id, deliveryId, outcome });
    return outcome;
  });
}

async function store(
  runtime: Runtime,
  source: SourceRow,
  provider: Provider,
  event: WebhookEvent,
  extra: readonly Write[],
): Promise<"stored" | "known"> {
  const { marks, cacheUnits, routed } = await routeHints(runtime, source, provider, event.hints);
  const unrouted = event.hints.find((_hint, index) => routed[index] === false);
  const unit: CommitUnit = {
    write: [
      {
        type: "insert",
        table: "delivery",
        row: {
          tenantId: source.tenantId,
          id: runtime.ids.id(),
          sourceId: source.id,
          endpoint: source.endpoint,
          deliveryId: event.deliveryId,
          name: event.name,
          receivedAt: runtime.clock.now(),
          routed: unrouted === undefined,
          remoteId: unrouted?.remoteId ?? null,
        },
      },
      ...marks,
      ...extra,
    ],
  };
  const [outcome] = await runtime.storage.commit({ tenantId: source.tenantId }, [unit, ...cacheUnits]);
  return outcome?.status === "committed" ? "stored" : "known";
}
