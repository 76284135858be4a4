import { type Explanation, hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { JiraClient } from "./client.ts";
import type { Deployment } from "./site.ts";

const byHand: Explanation = {
  failure: "forbidden",
  message:
    "Only an administrator of Jira may make webhooks. Have one make it under System, WebHooks, with the endpoint's address and secret.",
};
const explain = { 401: byHand, 403: byHand, 404: byHand };
const registering: Operation = { name: "webhook.register", isWrite: true, explain };
const unregistering: Operation = { name: "webhook.unregister", isWrite: true };

/** Outside the versioned API. Cloud: https://developer.atlassian.com/cloud/jira/platform/webhooks/ */
const paths: Readonly<Record<Deployment, string>> = {
  cloud: "/rest/webhooks/1.0/webhook",
  "data-center": "/rest/jira-webhook/1.0/webhooks",
};

export interface AdminWebhook {
  readonly url: string;
  readonly secret: string;
  readonly events: readonly string[];
  readonly jqlFilter: string;
}

const madeShape = z.object({ self: z.string().nullish(), id: z.union([z.string(), z.number()]).nullish() });

/** Makes a webhook as an administrator; answers with its id. It does not end, and signs what it sends. */
export async function registerAsAdmin(
  client: JiraClient,
  { url, secret, events, jqlFilter }: AdminWebhook,
): Promise<string> {
  const filters = { "issue-related-events-section": jqlFilter };
  const shared = { name: "Backref", url, events };
  const body =
    client.deployment === "cloud"
      ? { ...shared, secret, filters, excludeBody: false, enabled: true }
      : {
          ...shared,
          active: true,
          configuration: { FILTERS: JSON.stringify(filters), EXCLUDE_BODY: "false", SECRET: secret },
        };
  const answer = await client.request(registering, "POST", paths[client.deployment], { body });
  const { id, self } = answer.as((data) => parseShape(madeShape, data, "webhook"));
  return String(id ?? self?.split("/").at(-1) ?? "");
}

export async function unregisterAsAdmin(client: JiraClient, hookId: string): Promise<void> {
  try {
    await client.request(unregistering, "DELETE", `${paths[client.deployment]}/${encodeURIComponent(hookId)}`);
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
}
