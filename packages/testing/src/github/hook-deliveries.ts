import type { JsonObject } from "../fake/json.ts";
import { notFound } from "./failure.ts";
import { enterHook } from "./hook-operations.ts";
import type { RestAnswer, RestCall, RestOperation } from "./rest-call.ts";
import { toIsoSeconds } from "./time.ts";
import type { WebhookDelivery } from "./webhooks.ts";

/** One attempt to deliver, as GitHub lists them. */
export interface DeliveryAttempt {
  readonly id: number;
  readonly delivery: WebhookDelivery;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The receiver's; 0 where there was no answer. */
  readonly status: number;
  readonly isRedelivery: boolean;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
}

/** Where attempts are looked up and asked for again. */
export interface DeliveryDesk {
  /** Newest first. */
  attempts(hook: { readonly id: number; readonly of: "repository" | "integration" }): readonly DeliveryAttempt[];
  repeat(attempt: DeliveryAttempt): void;
}

const ofRepository = "/repos/{owner}/{repo}/hooks/{hook_id}/deliveries";
const ofApp = "/app/hook/deliveries";
const keptMs = 3 * 24 * 3_600_000;

/** What became of the deliveries of a repository's hook, and of an app's. */
export function deliveryOperations(desk: DeliveryDesk): readonly RestOperation[] {
  const inRepository = (call: RestCall, level: "read" | "write") =>
    desk.attempts({ id: enterHook(call, level).id, of: "repository" });
  const inApp = ({ app }: RestCall) => {
    if (app?.hook == null) throw notFound();
    return desk.attempts({ id: app.hook.id, of: "integration" });
  };
  const again = (call: RestCall, attempts: readonly DeliveryAttempt[]): RestAnswer => {
    const asked = attempts.find(({ id }) => id === Number(call.params.delivery_id));
    if (asked === undefined || call.world.now() - asked.at > keptMs) throw notFound();
    desk.repeat(asked);
    return { status: 202, body: {} };
  };
  const attemptsPath = "/{delivery_id}/attempts";
  return [
    { method: "GET", template: ofRepository, handle: (call) => list(call, inRepository(call, "read")) },
    {
      method: "POST",
      template: `${ofRepository}${attemptsPath}`,
      handle: (call) => again(call, inRepository(call, "write")),
    },
    { method: "GET", template: ofApp, handle: (call) => list(call, inApp(call)) },
    { method: "POST", template: `${ofApp}${attemptsPath}`, handle: (call) => again(call, inApp(call)) },
  ];
}

/** Pages go by cursor, not by number. */
function list({ world, query, view, params }: RestCall, attempts: readonly DeliveryAttempt[]): RestAnswer {
  const kept = attempts.filter(({ at }) => world.now() - at <= keptMs).filter(isWanted(query.get("status")));
  const cursor = query.get("cursor");
  const from = cursor === null ? 0 : kept.findIndex(({ id }) => `v1_${id}` === cursor);
  const size = Math.min(Number(query.get("per_page") ?? 30), 100);
  const shown = from < 0 ? [] : kept.slice(from, from + size);
  const next = from < 0 ? undefined : kept[from + size];
  const path =
    params.hook_id === undefined ? ofApp : `/repos/${params.owner}/${params.repo}/hooks/${params.hook_id}/deliveries`;
  const link = `<${view.apiUrl}${path}?per_page=${size}&cursor=v1_${next?.id}>; rel="next"`;
  return { status: 200, body: shown.map(present), headers: next === undefined ? {} : { link } };
}

function isWanted(status: string | null): (attempt: DeliveryAttempt) => boolean {
  if (status === "success") return (attempt) => codeOf(attempt) < 400;
  return status === "failure" ? (attempt) => codeOf(attempt) >= 400 : () => true;
}

/** GitHub writes 502 where it could not connect. */
function codeOf({ status }: DeliveryAttempt): number {
  return status === 0 ? 502 : status;
}

function present(attempt: DeliveryAttempt): JsonObject {
  const { id, delivery, at, isRedelivery, installationId, repositoryId } = attempt;
  const code = codeOf(attempt);
  return {
    id,
    guid: delivery.id,
    delivered_at: toIsoSeconds(at),
    redelivery: isRedelivery,
    duration: 0.05,
    status: code < 300 ? "OK" : attempt.status === 0 ? "failed to connect" : `Invalid HTTP Response: ${code}`,
    status_code: code,
    event: delivery.event,
    action: delivery.action,
    installation_id: installationId,
    repository_id: repositoryId,
    throttled_at: null,
  };
}
