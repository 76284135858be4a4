import { changeHealth } from "../engine/source-health.ts";
import type { WebhookEvent } from "../provider/groups/webhooks.ts";
import type { Provider } from "../provider/provider.ts";
import { logEvent } from "../runtime/log-event.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { providerFor } from "../runtime/source-provider.ts";
import { wakeUp } from "../runtime/wake-up.ts";
import type { Write } from "../storage/commit.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import { storeDelivery } from "./store-delivery.ts";

/**
 * Hands an app's delivery to every source of its installation, whosoever they are: each stores it for itself, once. One
 * that fails keeps nobody else from it; the sender is then asked to try again, and the others know it already.
 */
export async function fanOut(
  runtime: Runtime,
  provider: Provider,
  appScope: string,
  event: WebhookEvent,
): Promise<"stored" | "known" | "ignored"> {
  const found = await runtime.storage.system.sourcesByAppScope({ providerId: provider.id, appScope });
  // Anybody can enter any installation. That the credential is good for it is proven by the account it gave away.
  const sources = found.filter(
    (source) => source.accountId !== null && providerFor(runtime, source).webhooks !== undefined,
  );
  if (sources.length === 0) {
    logEvent(runtime, "delivery-unconcerned", { provider: provider.id, deliveryId: event.deliveryId });
    return "ignored";
  }
  const results = await Promise.allSettled(sources.map((source) => hand(runtime, source, event)));
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return results.some((result) => result.status === "fulfilled" && result.value === "stored") ? "stored" : "known";
}

async function hand(runtime: Runtime, source: SourceRow, event: WebhookEvent): Promise<"stored" | "known"> {
  const isRefused = source.health === "reconnect-required";
  // Before the delivery is stored: a process that dies in between is asked again.
  if (isRefused && event.access === "regained") {
    await changeHealth(runtime, source, "ok", "The tracker tells that access is given again.");
  }
  // What a credential may not read any more is not told to its source either. It looks at everything when it is back.
  const told = isRefused ? { ...event, hints: [] } : event;
  return storeDelivery(runtime, source, providerFor(runtime, source), told, marksOf(source, event));
}

/** Looks decide what became of the access: a poll meets its loss, and links that were refused are tried again. */
function marksOf(source: SourceRow, { access }: WebhookEvent): readonly Write[] {
  if (access === undefined) return [];
  if (access === "regained") return wakeUp(source.id);
  return [{ type: "mark", table: "pollScope", by: "source", keys: [[source.id]], afterMs: 0 }];
}
