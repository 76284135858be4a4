import type { WebhooksGroup } from "@backref/core/provider";
import { type GiteaAuth, type GiteaCall, type GiteaOptions, hasStatus, request, requestAll } from "./client.ts";
import { repositoryPath } from "./keys.ts";
import { membersOf, numberOf, textOf } from "./mapping.ts";

type Redeliver = NonNullable<WebhooksGroup<GiteaAuth, GiteaOptions>["redeliver"]>;

const operation = "webhook.redeliver";

/** Attempts are told to the second. */
const secondOf = (ms: number) => Math.floor(ms / 1_000) * 1_000;

export const redeliver: Redeliver = async (call: GiteaCall, { container, endpoint, since }) => {
  try {
    const path =
      endpoint === null || container === null ? "/app/deliveries" : await deliveriesOf(call, container, endpoint);
    if (path === null) return null;
    const missed = await missedSince(call, path, secondOf(since));
    for (const id of missed) {
      await request(call, { operation, method: "POST", path: `${path}/${id}`, map: () => null });
    }
    return { asked: missed.length };
  } catch (error) {
    if (!hasStatus(error, 403, 404)) throw error;
    return null;
  }
};

async function deliveriesOf(call: GiteaCall, container: string, endpoint: string): Promise<string | null> {
  const path = `${repositoryPath(container)}/hooks`;
  const hooks = await requestAll(call, operation, path, (row) => ({
    id: numberOf(membersOf(row), "id"),
    url: textOf(membersOf(row), "url"),
  }));
  const ours = hooks.find(({ url }) => url.includes(endpoint));
  return ours === undefined ? null : `${path}/${ours.id}/deliveries`;
}

async function missedSince(call: GiteaCall, path: string, since: number): Promise<readonly number[]> {
  const attempts = await requestAll(call, operation, path, (row) => {
    const attempt = membersOf(row);
    const at = Date.parse(textOf(attempt, "delivered_at"));
    return { id: numberOf(attempt, "id"), uuid: textOf(attempt, "uuid"), at, status: numberOf(attempt, "status") };
  });
  const recent = attempts.filter(({ at }) => at >= since);
  const taken = new Set(recent.filter(({ status }) => status < 300).map(({ uuid }) => uuid));
  const missed = new Map(recent.filter(({ uuid }) => !taken.has(uuid)).map(({ uuid, id }) => [uuid, id]));
  return [...missed.values()];
}
