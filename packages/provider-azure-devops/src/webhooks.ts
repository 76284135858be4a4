import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import type { WebhookDelivery, WebhooksGroup } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { AzureDevOpsCall, AzureDevOpsClient, OpenClient } from "./client.ts";
import { readProject } from "./containers.ts";
import { errors } from "./errors.ts";
import { segment } from "./site.ts";
import type { AzureDevOpsAuth, AzureDevOpsOptions } from "./types.ts";
import { readDelivery } from "./webhook-payload.ts";

const registering: Operation = {
  name: "webhook.register",
  isWrite: true,
  explain: {
    403: {
      message:
        "Only an account with the permission Edit subscriptions may make service hooks. Have an administrator of the project make them, with the endpoint's address and secret.",
    },
  },
};
const unregistering: Operation = { name: "webhook.unregister", isWrite: true };

/** Each is a subscription of its own. */
const events = [
  "workitem.created",
  "workitem.updated",
  "workitem.commented",
  "workitem.deleted",
  "workitem.restored",
] as const;

/** Whoever sends the secret in a header of its own, as one of the subscription's headers. */
const secretHeader = "x-backref-secret";
const userName = "backref";

const madeShape = z.object({ id: z.string() });

export function createWebhooksGroup(open: OpenClient): WebhooksGroup<AzureDevOpsAuth, AzureDevOpsOptions> {
  return {
    /** Nothing is signed: the secret itself comes along, as the password of Basic authentication or in a header. */
    verify({ headers }: WebhookDelivery, { secret }) {
      const told = [passwordOf(headers.get("authorization")), headers.get(secretHeader)];
      const given = told.filter((value) => value !== null);
      return secret !== "" && given.length > 0 && given.every((value) => isSame(value, secret));
    },

    read: readDelivery,

    async register(call: AzureDevOpsCall, { container, url, secret }) {
      if (container === null) throw errors.refused(registering, "Service hooks belong to a project here: name one.");
      const client = open(call);
      const { id: projectId } = await readProject(client, { ...registering, isWrite: false }, container);
      const made: string[] = [];
      try {
        for (const eventType of events) made.push(await subscribe(client, { eventType, projectId, url, secret }));
      } catch (error) {
        // Half of them would tell half of what happens.
        await removeAll(client, made).catch(() => {});
        throw error;
      }
      return { hookId: made.join(","), expiresAt: null };
    },

    async unregister(call: AzureDevOpsCall, { hookId }) {
      await removeAll(open(call), hookId.split(",").filter(Boolean));
    },
  };
}

async function subscribe(
  client: AzureDevOpsClient,
  wanted: { readonly eventType: string; readonly projectId: string; readonly url: string; readonly secret: string },
): Promise<string> {
  const { eventType, projectId, url, secret } = wanted;
  const body = {
    publisherId: "tfs",
    eventType,
    resourceVersion: "1.0",
    consumerId: "webHooks",
    consumerActionId: "httpRequest",
    publisherInputs: { projectId },
    consumerInputs: {
      url,
      basicAuthUsername: userName,
      basicAuthPassword: secret,
      resourceDetailsToSend: "all",
      messagesToSend: "none",
      detailedMessagesToSend: "none",
    },
  };
  const answer = await client.request(registering, "POST", "/_apis/hooks/subscriptions", { body });
  return answer.as((data) => parseShape(madeShape, data, "subscription").id);
}

async function removeAll(client: AzureDevOpsClient, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    try {
      await client.request(unregistering, "DELETE", `/_apis/hooks/subscriptions/${segment(id)}`);
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
    }
  }
}

/** The password, whatever the name before it; null for any other header. What is no Basic authentication is wrong. */
function passwordOf(authorization: string | null): string | null {
  if (authorization === null) return null;
  const [, encoded = ""] = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(authorization) ?? [];
  const text = Buffer.from(encoded, "base64").toString("utf8");
  // Decoders are lenient: only the one way to write it counts.
  const isPlain = Buffer.from(text, "utf8").toString("base64") === encoded;
  return isPlain && text.includes(":") ? text.slice(text.indexOf(":") + 1) : "";
}

/** Takes as long for a secret that is nearly right as for any other. */
function isSame(given: string, secret: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text, "utf8").digest();
  return timingSafeEqual(digest(given), digest(secret));
}
