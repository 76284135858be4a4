import assert from "node:assert/strict";
import type { ProviderCall } from "@backref/core/provider";
import { able, type ProviderContext } from "./context.ts";
import { groupOf } from "./define-rules.ts";
import type { RedeliveryDriver } from "./provider-tracker.ts";

/** The part of the driver that lets deliveries be missed. */
export function redeliveryDriver(context: ProviderContext): RedeliveryDriver {
  const { redelivery: driver } = able(context, "webhooks");
  assert.ok(
    driver !== undefined,
    "the tracker's driver lacks `webhooks.redelivery`, which `webhooks.redeliver` calls for",
  );
  return driver;
}

/** Asks for what was missed, of the hook under test unless told otherwise. */
export async function redelivery(
  context: ProviderContext,
  call: ProviderCall,
  request: { readonly since: number; readonly container?: string; readonly endpoint?: string },
): Promise<{ readonly asked: number } | null> {
  const { container, endpoint } = redeliveryDriver(context);
  const { redeliver } = groupOf(context, "webhooks");
  assert.ok(redeliver !== undefined, "the provider has no `webhooks.redeliver`");
  return redeliver(call, { container, endpoint, ...request });
}
