import type { WebhooksGroup } from "@backref/core/provider";
import { type Explanation, hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitLabCall, GitLabClient, OpenClient } from "./client.ts";
import { errors, projectRenamed } from "./errors.ts";
import { projectAddress } from "./keys.ts";
import { listPages } from "./list-pages.ts";
import { idShape } from "./shapes.ts";
import { isSecret, signingTokenOf, verifySignatures } from "./signatures.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";
import { readDelivery } from "./webhook-payload.ts";

const byHand: Explanation = {
  message:
    "Webhooks are made by maintainers of the project: give the token's account that role, or make one by hand with the endpoint's address and secret.",
};
const explain = { 403: byHand, 404: byHand };
const registering: Operation = { name: "webhook.register", isWrite: true };
const finding: Operation = { name: "webhook.register", isWrite: false, explain };
const unregistering: Operation = { name: "webhook.unregister", isWrite: true };

const hookShape = z.object({ id: idShape, url: z.string() });

export function createWebhooksGroup(open: OpenClient): WebhooksGroup<GitLabAuth, GitLabOptions> {
  return {
    /** By its signatures; a GitLab, or a hook, without them sends the secret itself in a header. */
    verify(delivery, { secret, now }) {
      if (delivery.headers.has("webhook-signature")) return verifySignatures(delivery, secret, now);
      return isSecret(delivery.headers.get("x-gitlab-token"), secret);
    },

    read: readDelivery,

    async register(call: GitLabCall, { container, url, secret }) {
      if (container === null) throw errors.refused(registering, "GitLab's webhooks belong to a project: name one.");
      const client = open(call);
      const path = `${projectAddress(container)}/hooks`;
      // One of that address may be there of an earlier answer that was lost. Its secret cannot be read back.
      const known = await findHook(client, path, url);
      const making = { ...registering, explain: { ...explain, 405: projectRenamed(container) } };
      const signingToken = signingTokenOf(secret);
      const body = {
        url,
        push_events: false,
        issues_events: true,
        confidential_issues_events: true,
        note_events: true,
        confidential_note_events: true,
        enable_ssl_verification: true,
        token: secret,
        ...(signingToken !== null && { signing_token: signingToken }),
      };
      const answer =
        known === null
          ? await client.request(making, "POST", path, { body })
          : await client.request(making, "PUT", `${path}/${known}`, { body });
      return { hookId: answer.as((data) => parseShape(hookShape, data, "hook").id), expiresAt: null };
    },

    async unregister(call: GitLabCall, { container, hookId }) {
      if (container === null) throw errors.refused(unregistering, "GitLab's webhooks belong to a project: name one.");
      const path = `${projectAddress(container)}/hooks/${encodeURIComponent(hookId)}`;
      try {
        await open(call).request(unregistering, "DELETE", path);
      } catch (error) {
        if (!hasStatus(error, 404)) throw error;
      }
    },
  };
}

async function findHook(client: GitLabClient, path: string, url: string): Promise<string | null> {
  for await (const hooks of listPages(client, finding, path, {}, (row) => parseShape(hookShape, row, "hook"))) {
    const found = hooks.find((hook) => hook.url === url);
    if (found !== undefined) return found.id;
  }
  return null;
}
