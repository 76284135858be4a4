import type { WebhooksGroup } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape, verifyHmacSha256 } from "@backref/provider-kit";
import { z } from "zod";
import type { GitHubAppCall } from "./app-call.ts";
import { appScopeOf } from "./app-webhooks.ts";
import type { GitHubCall, GitHubClient, OpenClient } from "./client.ts";
import { errors } from "./errors.ts";
import { splitContainer } from "./keys.ts";
import { listPages } from "./list-pages.ts";
import { createRedeliver } from "./redeliver.ts";
import { repositoryUrl } from "./rest-values.ts";
import { idShape } from "./shapes.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";
import { readDelivery } from "./webhook-payload.ts";

const registering: Operation = {
  name: "webhook.register",
  isWrite: true,
  explain: {
    404: {
      message:
        "The token may not manage webhooks here: it needs the permission Webhooks (write), or the scope admin:repo_hook.",
    },
  },
};
const finding: Operation = { name: "webhook.register", isWrite: false };
const unregistering: Operation = { name: "webhook.unregister", isWrite: true };

const hookShape = z.object({ id: idShape, config: z.object({ url: z.string().nullish() }).nullish() });

export function createWebhooksGroup(
  open: OpenClient,
  openAsApp: (call: GitHubAppCall) => GitHubClient,
): WebhooksGroup<GitHubAuth, GitHubOptions> {
  return {
    verify(delivery, { secret }) {
      const signature = /^sha256=([0-9a-f]{64})$/i.exec(delivery.headers.get("x-hub-signature-256") ?? "")?.[1];
      return verifyHmacSha256({ body: delivery.body, secret, signature });
    },

    read: readDelivery,
    appScopeOf,

    async register(call: GitHubCall, { container, url, secret }) {
      if (container === null) throw errors.refused(registering, "GitHub's webhooks belong to a repository: name one.");
      const client = open(call);
      try {
        return await makeHook(client, container, url, secret);
      } catch (error) {
        if (!hasStatus(error, 422)) throw error;
        // A hook of that address is there: an earlier answer was lost. Its secret cannot be read back, so it is replaced.
        const stale = await findHook(client, call.baseUrl, container, url);
        if (stale === null) throw error;
        await removeHook(client, container, stale);
        return makeHook(client, container, url, secret);
      }
    },

    async unregister(call: GitHubCall, { container, hookId }) {
      if (container === null)
        throw errors.refused(unregistering, "GitHub's webhooks belong to a repository: name one.");
      await removeHook(open(call), container, hookId);
    },

    redeliver: createRedeliver(open, openAsApp),
  };
}

async function makeHook(client: GitHubClient, container: string, url: string, secret: string) {
  const answer = await client.request(registering, "POST /repos/{owner}/{repo}/hooks", {
    ...splitContainer(container),
    name: "web",
    active: true,
    events: ["issues", "issue_comment"],
    config: { url, content_type: "json", secret, insecure_ssl: "0" },
  });
  return { hookId: answer.as((data) => parseShape(hookShape, data, "hook").id), expiresAt: null };
}

async function findHook(client: GitHubClient, baseUrl: string, container: string, url: string): Promise<string | null> {
  const first = `${repositoryUrl(baseUrl, container)}/hooks?per_page=100`;
  for await (const hooks of listPages(client, finding, first, (row) => parseShape(hookShape, row, "hook"))) {
    const found = hooks.find((hook) => hook.config?.url === url);
    if (found !== undefined) return found.id;
  }
  return null;
}

async function removeHook(client: GitHubClient, container: string, hookId: string): Promise<void> {
  const parameters = { ...splitContainer(container), hookId };
  try {
    await client.request(unregistering, "DELETE /repos/{owner}/{repo}/hooks/{hookId}", parameters);
  } catch (error) {
    if (!hasStatus(error, 404, 410)) throw error;
  }
}
