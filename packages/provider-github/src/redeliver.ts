import type { WebhooksGroup } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { type GitHubAppCall, isAppCall } from "./app-call.ts";
import type { GitHubCall, GitHubClient, OpenClient } from "./client.ts";
import { listPages } from "./list-pages.ts";
import { repositoryUrl } from "./rest-values.ts";
import { idShape, timeShape } from "./shapes.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";

type Redeliver = NonNullable<WebhooksGroup<GitHubAuth, GitHubOptions>["redeliver"]>;

/** No write that could be in doubt: asked twice, a delivery comes twice, under the same id. */
const operation: Operation = { name: "webhook.redeliver", isWrite: false };

/** Events that hints come of, or that tell of lost access. */
const wanted = new Set(["issues", "issue_comment", "installation", "installation_repositories"]);
const mostPages = 10;
/** A write counts five times towards the limits of a minute. */
const mostAsked = 50;

const hookShape = z.object({
  id: idShape,
  active: z.boolean().nullish(),
  config: z.object({ url: z.string().nullish() }).nullish(),
});
const attemptShape = z.object({
  id: idShape,
  guid: z.string(),
  delivered_at: timeShape,
  status_code: z.number().nullish(),
  event: z.string(),
  installation_id: idShape.nullish(),
});

type Attempt = z.infer<typeof attemptShape>;

/** Where deliveries are listed, and by whom. */
interface DeliveryList {
  readonly client: GitHubClient;
  /** Without the query; attempts are asked for below it. */
  readonly path: string;
  readonly isOurs: (attempt: Attempt) => boolean;
}

/** GitHub never delivers again by itself, but keeps for three days what it could not deliver, and sends it when asked. */
export function createRedeliver(open: OpenClient, openAsApp: (call: GitHubAppCall) => GitHubClient): Redeliver {
  return async (call: GitHubCall, { container, endpoint, since }) => {
    try {
      const lists =
        endpoint !== null && container !== null
          ? await hooksOf(open(call), `${repositoryUrl(call.baseUrl, container)}/hooks`, endpoint)
          : isAppCall(call)
            ? [ofApp(call, openAsApp(call))]
            : [];
      if (lists.length === 0) return null;
      let asked = 0;
      for (const list of lists) asked += await askAgain(list, await missedSince(list, since), mostAsked - asked);
      return { asked };
    } catch (error) {
      // Who may not see hooks, is told that there are none.
      if (hasStatus(error, 403, 404)) return null;
      throw error;
    }
  };
}

/** Hooks that were made for the endpoint, by whomever: its id stands in their URL. */
async function hooksOf(client: GitHubClient, path: string, endpoint: string): Promise<readonly DeliveryList[]> {
  const lists: DeliveryList[] = [];
  const read = (row: unknown) => parseShape(hookShape, row, "hook");
  for await (const hooks of listPages(client, operation, `${path}?per_page=100`, read)) {
    for (const { id, active, config } of hooks) {
      if (active === false || config?.url?.includes(endpoint) !== true) continue;
      lists.push({ client, path: `${path}/${id}/deliveries`, isOurs: () => true });
    }
  }
  return lists;
}

function ofApp(call: GitHubAppCall, client: GitHubClient): DeliveryList {
  const { installationId } = call.auth;
  const isOurs = ({ installation_id: id }: Attempt) => id === installationId;
  return { client, path: `${call.baseUrl}/app/hook/deliveries`, isOurs };
}

/** An attempt of each delivery that was never taken, oldest first. */
async function missedSince({ client, path, isOurs }: DeliveryList, moment: number): Promise<readonly string[]> {
  // GitHub tells times to the second.
  const since = Math.floor(moment / 1_000) * 1_000;
  const missed = new Map<string, string>();
  const taken = new Set<string>();
  const read = (row: unknown) => parseShape(attemptShape, row, "delivery");
  let pages = 0;
  for await (const attempts of listPages(client, operation, `${path}?per_page=100`, read)) {
    pages += 1;
    const recent = attempts.filter((attempt) => attempt.delivered_at >= since);
    for (const attempt of recent.filter(isOurs)) {
      const { id, guid, event, status_code: status } = attempt;
      if (status != null && status >= 200 && status < 300) taken.add(guid);
      else if (wanted.has(event)) missed.set(guid, id);
    }
    // Newest first: what follows is older still.
    if (recent.length < attempts.length || pages === mostPages) break;
  }
  return [...missed].flatMap(([guid, id]) => (taken.has(guid) ? [] : [id])).reverse();
}

async function askAgain({ client, path }: DeliveryList, ids: readonly string[], most: number): Promise<number> {
  let asked = 0;
  for (const id of ids.slice(0, most)) {
    try {
      await client.request(operation, `POST ${path}/${id}/attempts`);
      asked += 1;
    } catch (error) {
      // GitHub does not keep it any more, or the token may look and nothing else.
      if (!hasStatus(error, 400, 404, 422)) throw error;
    }
  }
  return asked;
}
