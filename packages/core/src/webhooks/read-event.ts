import { BackrefError } from "../errors/backref-error.ts";
import type { WebhookDelivery, WebhookEvent, WebhooksGroup } from "../provider/groups/webhooks.ts";
import { logEvent, loggedError } from "../runtime/log-event.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { hasUsableIds, longestRemoteId } from "../runtime/usable-ids.ts";
import type { Refusal } from "./refusal.ts";

function idProblem(id: unknown): string | null {
  if (typeof id === "string" && id.length > 0 && id.length <= longestRemoteId) return null;
  return `The delivery's id is not 1 to ${longestRemoteId} characters long.`;
}

/** What a genuine delivery says; a refusal (400) where it is not what the tracker sends, whatever the provider made of it. */
export function readEvent(
  runtime: Pick<Runtime, "logger">,
  webhooks: WebhooksGroup<unknown, unknown>,
  delivery: WebhookDelivery,
): WebhookEvent | Refusal {
  let event: WebhookEvent;
  try {
    event = webhooks.read(delivery);
  } catch (error) {
    if (BackrefError.isInstance(error)) return { status: 400, message: error.message };
    logEvent(runtime, "delivery-unread", loggedError(error));
    return { status: 400, message: "The delivery could not be read." };
  }
  const problem = idProblem(event.deliveryId);
  if (problem !== null) return { status: 400, message: problem };
  const hints = event.hints.filter((hint) => hasUsableIds(hint) && hasUsableIds(hint.issue ?? {}));
  return { ...event, hints, name: event.name.slice(0, longestRemoteId) };
}
