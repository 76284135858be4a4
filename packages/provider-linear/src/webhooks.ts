import type { WebhookDelivery, WebhooksGroup } from "@backref/core/provider";
import { parseShape, verifyHmacSha256 } from "@backref/provider-kit";
import { z } from "zod";
import { appScopeOf } from "./app-scope.ts";
import type { LinearCall, OpenClient } from "./client.ts";
import { webhookCreateDocument, webhookDeleteDocument } from "./documents.ts";
import { errors, isGone, type Operation } from "./errors.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";
import { readDelivery } from "./webhook-payload.ts";

const registering: Operation = { name: "webhook.register", isWrite: true };
const unregistering: Operation = { name: "webhook.unregister", isWrite: true };

/** A delivery is sent again after a minute at the earliest, with a time of its own. */
const longestSkewMs = 60_000;

const createdShape = z.object({ webhookCreate: z.object({ webhook: z.object({ id: z.string() }) }) });

export function createWebhooksGroup(open: OpenClient): WebhooksGroup<LinearAuth, LinearOptions> {
  return {
    verify(delivery, { secret, now }) {
      const signature = delivery.headers.get("linear-signature");
      if (signature === null || !/^[0-9a-f]{64}$/i.test(signature)) return false;
      if (!verifyHmacSha256({ body: delivery.body, secret, signature })) return false;
      const sentAt = sentAtOf(delivery);
      return sentAt !== null && Math.abs(now - sentAt) <= longestSkewMs;
    },

    read: readDelivery,
    appScopeOf,

    async register(call: LinearCall, { container, url, secret }) {
      if (container === null) throw errors.refused(registering, "Linear's webhooks belong to a team here: name one.");
      const input = { url, secret, teamId: container, resourceTypes: ["Issue", "Comment"], label: "Backref" };
      return open(call).ask(registering, webhookCreateDocument, { input }, (data) => ({
        hookId: parseShape(createdShape, data, "data").webhookCreate.webhook.id,
        expiresAt: null,
      }));
    },

    async unregister(call: LinearCall, { hookId }) {
      try {
        await open(call).ask(unregistering, webhookDeleteDocument, { id: hookId }, () => {});
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
  };
}

/** The time that the signature covers; headers are not signed. */
function sentAtOf({ body }: WebhookDelivery): number | null {
  try {
    const { webhookTimestamp } = JSON.parse(new TextDecoder().decode(body)) as { readonly webhookTimestamp?: unknown };
    return typeof webhookTimestamp === "number" ? webhookTimestamp : null;
  } catch {
    return null;
  }
}
