import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { DeliveryQueue, type WebhookDeliveries } from "../fake/delivery-queue.ts";
import type { JsonObject } from "../fake/json.ts";
import type { WebhookMode } from "../fake/webhook-mode.ts";
import type { TrackerEvent } from "./events.ts";
import type { HookEvent, HookRecord } from "./model.ts";
import type { View } from "./views.ts";
import { payloadOf, type WebhookTimes } from "./webhook-payloads.ts";

/** One delivery of one event to one hook. */
export interface GitLabDelivery {
  /** `Idempotency-Key` and `webhook-id`: kept when the delivery is repeated. */
  readonly id: string;
  readonly hookId: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Statuses of the answers so far, in order; 0 for an attempt without an answer. */
  readonly attempts: readonly number[];
}

/** The deliveries of a fake. */
export interface GitLabWebhooks extends WebhookDeliveries<GitLabDelivery> {
  /** @default "iso" */
  times: WebhookTimes;
  /** False for a GitLab before it had delivery ids and signatures. @default true */
  hasDeliveryIds: boolean;
}

export interface WebhookContext {
  readonly hooks: () => Iterable<HookRecord>;
  readonly view: () => View;
  readonly guid: () => string;
  readonly deliver: (request: Request) => Promise<Response>;
}

type OpenDelivery = GitLabDelivery & { readonly attempts: number[] };

export class WebhookQueue extends DeliveryQueue<OpenDelivery> implements GitLabWebhooks {
  times: WebhookTimes = "iso";
  hasDeliveryIds = true;
  readonly #context: WebhookContext;

  constructor(context: WebhookContext, mode: WebhookMode) {
    super({ deliver: context.deliver, now: () => context.view().world.now() }, mode);
    this.#context = context;
  }

  emit(event: TrackerEvent): void {
    const { event: kind, name, body } = payloadOf(this.#context.view(), event, this.times);
    this.tell(event.issue.projectId, kind, name, body);
  }

  /** Anything a hook of the project may be told, such as a push. One event has one id for all hooks. */
  tell(projectId: number, kind: HookEvent, name: string, body: JsonObject): void {
    const eventId = this.#context.guid();
    for (const hook of this.#context.hooks()) {
      if (hook.projectId === projectId && hook.events.includes(kind)) this.#enqueue(hook, name, eventId, body);
    }
  }

  #enqueue(hook: HookRecord, name: string, eventId: string, payload: JsonObject): void {
    const { view, guid } = this.#context;
    const { siteUrl, world } = view();
    const id = guid();
    const body = JSON.stringify(payload);
    const headers = {
      "content-type": "application/json",
      "user-agent": "GitLab/18.6.0",
      "x-gitlab-event": name,
      "x-gitlab-instance": new URL(siteUrl).origin,
      "x-gitlab-webhook-uuid": `hook-${hook.id}`,
      "x-gitlab-event-uuid": eventId,
      ...(hook.token !== null && { "x-gitlab-token": hook.token }),
      ...(this.hasDeliveryIds && { "idempotency-key": id, ...signatureHeaders(hook, id, body, world.now()) }),
    };
    this.enqueue({ id, hookId: hook.id, url: hook.url, headers, body, attempts: [] });
  }

  protected override requestOf({ url, headers, body }: OpenDelivery): Request {
    return new Request(url, { method: "POST", headers, body });
  }
}

/** Standard Webhooks: one signature for each secret, while they are replaced; see https://www.standardwebhooks.com */
function signatureHeaders(
  { signingTokens }: HookRecord,
  id: string,
  body: string,
  nowMs: number,
): Readonly<Record<string, string>> {
  if (signingTokens.length === 0) return {};
  const timestamp = String(Math.floor(nowMs / 1000));
  const signatures = signingTokens.map((token) => {
    const key = Buffer.from(token.replace(/^whsec_/, ""), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
