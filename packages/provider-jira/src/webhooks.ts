import type { WebhooksGroup } from "@backref/core/provider";
import { type Operation, parseShape, verifyHmacSha256 } from "@backref/provider-kit";
import { z } from "zod";
import { registerAsAdmin, unregisterAsAdmin } from "./admin-webhooks.ts";
import type { JiraCall, JiraClient, OpenClient } from "./client.ts";
import { errors } from "./errors.ts";
import { quote } from "./jql.ts";
import { verifyJwt } from "./jwt.ts";
import { idShape, timeShape } from "./shapes.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";
import { readDelivery } from "./webhook-payload.ts";

const registering: Operation = { name: "webhook.register", isWrite: true };
const renewing: Operation = { name: "webhook.renew", isWrite: true };
const listing: Operation = { name: "webhook.renew", isWrite: false };
const unregistering: Operation = { name: "webhook.unregister", isWrite: true };

/** Dynamic webhooks end after 30 days: https://developer.atlassian.com/cloud/jira/platform/webhooks/ */
const lifeMs = 30 * 24 * 60 * 60 * 1000;

const events: readonly string[] = [
  "jira:issue_created",
  "jira:issue_updated",
  "jira:issue_deleted",
  "comment_created",
  "comment_updated",
  "comment_deleted",
];

const registeredShape = z.object({
  webhookRegistrationResult: z.array(
    z.object({ createdWebhookId: idShape.nullish(), errors: z.array(z.string()).nullish() }),
  ),
});
const listedShape = z.object({ values: z.array(z.object({ id: idShape })), isLast: z.boolean().nullish() });
const renewedShape = z.object({ expirationDate: timeShape });

/** @param clientSecret of the app, which signs what its dynamic webhooks send; null without a sign-in */
export function createWebhooksGroup(
  open: OpenClient,
  clientSecret: string | null,
): WebhooksGroup<JiraAuth, JiraOptions> {
  return {
    /** An administrator's webhook is signed over the body; an app's carries a token. */
    verify(delivery, { secret, now }) {
      const signature = /^sha256=([0-9a-f]{64})$/i.exec(delivery.headers.get("x-hub-signature") ?? "")?.[1];
      if (signature !== undefined) return verifyHmacSha256({ body: delivery.body, secret, signature });
      const token = /^(?:Bearer|JWT) (\S+)$/i.exec(delivery.headers.get("authorization") ?? "")?.[1];
      return token !== undefined && clientSecret !== null && verifyJwt(token, clientSecret, now);
    },

    read: readDelivery,

    async register(call: JiraCall, { container, url, secret }) {
      if (container === null) throw errors.refused(registering, "Jira's webhooks are made for a project: name one.");
      const client = open(call);
      const jqlFilter = `project = ${quote(container)}`;
      if (call.auth.type !== "oauth") {
        const hookId = await registerAsAdmin(client, { url, secret, events, jqlFilter });
        return { hookId, expiresAt: null };
      }
      const answer = await client.request(registering, "POST", "/webhook", {
        body: { url, webhooks: [{ events, jqlFilter }] },
      });
      const [made] = answer.as((data) => parseShape(registeredShape, data, "answer")).webhookRegistrationResult;
      if (made?.createdWebhookId == null) {
        throw errors.refused(
          registering,
          `Jira made no webhook: ${(made?.errors ?? []).join("; ") || "it does not say why"}.`,
        );
      }
      return { hookId: made.createdWebhookId, expiresAt: call.clock.now() + lifeMs };
    },

    async renew(call: JiraCall, { hookId }) {
      if (call.auth.type !== "oauth") return { expiresAt: null };
      const client = open(call);
      if (!(await isRegistered(client, hookId))) {
        throw errors.build(listing, { failure: "gone", message: "Jira does not know this webhook any more." });
      }
      const body = { webhookIds: [Number(hookId)] };
      const answer = await client.request(renewing, "PUT", "/webhook/refresh", { body });
      return { expiresAt: answer.as((data) => parseShape(renewedShape, data, "answer").expirationDate) };
    },

    async unregister(call: JiraCall, { hookId }) {
      const client = open(call);
      if (call.auth.type !== "oauth") return unregisterAsAdmin(client, hookId);
      await client.request(unregistering, "DELETE", "/webhook", { body: { webhookIds: [Number(hookId)] } });
    },
  };
}

/** Jira passes over an id that it does not know and answers as if it had renewed it: the application's own are listed. */
async function isRegistered(client: JiraClient, hookId: string): Promise<boolean> {
  for (let startAt = 0; ; ) {
    const answer = await client.request(listing, "GET", "/webhook", { query: { startAt } });
    const { values, isLast } = answer.as((data) => parseShape(listedShape, data, "answer"));
    if (values.some(({ id }) => id === hookId)) return true;
    if (isLast !== false || values.length === 0) return false;
    startAt += values.length;
  }
}
