import { Buffer } from "node:buffer";
import { DeliveryQueue, type WebhookDeliveries } from "../fake/delivery-queue.ts";
import type { WebhookMode } from "../fake/webhook-mode.ts";
import type { TrackerEvent } from "./events.ts";
import type { SubscriptionRecord } from "./model.ts";
import { iso } from "./time.ts";
import type { View } from "./views.ts";
import { isConcerned, messageOf, resourceOf } from "./webhook-payload.ts";

/** One delivery of one event to one subscription. */
export interface AzureDevOpsDelivery {
  /** The event's id in the body: kept when the delivery is repeated. */
  readonly id: string;
  readonly subscriptionId: string;
  readonly event: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Statuses of the answers so far, in order; 0 for an attempt without an answer. */
  readonly attempts: readonly number[];
}

/**
 * The deliveries of a fake. What fails for a moment (408, 502, 503, 504, no answer) is repeated soon; 410 ends the
 * subscription; any other failure puts it on probation: the failed event is repeated, and whatever happens meanwhile is
 * never told. Here a test says when something is repeated.
 */
export interface AzureDevOpsWebhooks extends WebhookDeliveries<AzureDevOpsDelivery> {
  /** Sends a delivery again under the same event id. On probation success makes the subscription good again. */
  redeliver(deliveryId: string): Promise<number>;
}

export interface WebhookContext {
  readonly subscriptions: Map<string, SubscriptionRecord>;
  readonly view: () => View;
  readonly guid: () => string;
  readonly deliver: (request: Request) => Promise<Response>;
  readonly nextNotification: () => number;
}

type OpenDelivery = AzureDevOpsDelivery & { readonly attempts: number[] };

const transient = new Set([0, 408, 502, 503, 504]);
const resendLimit = 8;
const probationLimit = 7;

export class WebhookQueue extends DeliveryQueue<OpenDelivery> implements AzureDevOpsWebhooks {
  readonly #context: WebhookContext;

  constructor(context: WebhookContext, mode: WebhookMode) {
    super({ deliver: context.deliver, now: () => context.view().world.now() }, mode);
    this.#context = context;
  }

  emit(event: TrackerEvent): void {
    const view = this.#context.view();
    for (const subscription of this.#context.subscriptions.values())
      if (isConcerned(view, subscription, event)) this.#enqueue(subscription, view, event);
  }

  /** An event that concerns no work item, such as `build.complete`. */
  tell(name: string, resource: object): void {
    const view = this.#context.view();
    for (const subscription of this.#context.subscriptions.values())
      if (subscription.status === "enabled") this.send(this.#prepare(subscription, view, name, resource, {}));
  }

  #enqueue(subscription: SubscriptionRecord, view: View, event: TrackerEvent): void {
    const resource = resourceOf(view, subscription, event);
    this.dispatch(this.#prepare(subscription, view, event.name, resource, messageOf(view, subscription, event)));
  }

  #prepare(
    subscription: SubscriptionRecord,
    view: View,
    event: string,
    resource: object,
    message: object,
  ): OpenDelivery {
    const { consumerInputs: inputs } = subscription;
    const id = this.#context.guid();
    const projectId = subscription.publisherInputs["projectId"];
    const body = JSON.stringify({
      subscriptionId: subscription.id,
      notificationId: this.#context.nextNotification(),
      id,
      eventType: event,
      publisherId: "tfs",
      ...message,
      resource,
      resourceVersion: subscription.resourceVersion,
      resourceContainers: {
        collection: { id: "c12d0eb8-e382-443b-9f9c-c52cba5014c2", baseUrl: `${view.url}/` },
        ...(projectId !== undefined && projectId !== "" && { project: { id: projectId, baseUrl: `${view.url}/` } }),
      },
      createdDate: iso(view.world.now()),
    });
    const headers = {
      "content-type": "application/json; charset=utf-8",
      "user-agent": "VSServices",
      ...headersOf(inputs),
    };
    const url = inputs["url"] ?? "";
    const delivery = { id, subscriptionId: subscription.id, event, url, headers, body, attempts: [] };
    this.deliveries.push(delivery);
    return delivery;
  }

  protected override requestOf({ url, headers, body }: OpenDelivery): Request {
    return new Request(url, { method: "POST", headers, body });
  }

  protected override answered({ subscriptionId, attempts }: OpenDelivery, status: number): void {
    const subscription = this.#context.subscriptions.get(subscriptionId);
    if (subscription === undefined) return;
    const set = (change: Partial<SubscriptionRecord>) =>
      this.#context.subscriptions.set(subscriptionId, { ...subscription, ...change });
    const isOnProbation = subscription.status === "onProbation";
    if (status >= 200 && status < 300) {
      if (isOnProbation) set({ status: "enabled", probationRetries: 0 });
    } else if (status === 410) set({ status: "disabledBySystem" });
    else if (isOnProbation) {
      const probationRetries = subscription.probationRetries + 1;
      set({ probationRetries, ...(probationRetries >= probationLimit && { status: "disabledBySystem" }) });
    } else if (subscription.status === "enabled" && (!transient.has(status) || attempts.length > resendLimit))
      set({ status: "onProbation", probationRetries: 0 });
  }
}

/** Basic authentication, and the headers of the subscription: one `Name: value` on each line. */
function headersOf(inputs: SubscriptionRecord["consumerInputs"]): Readonly<Record<string, string>> {
  const {
    basicAuthUsername: name = "",
    basicAuthPassword: password = "",
    httpHeaders = "",
  } = inputs as Partial<Record<"basicAuthUsername" | "basicAuthPassword" | "httpHeaders", string>>;
  const lines = httpHeaders.split(/\r?\n/).filter((line) => line.includes(":"));
  const own = lines.map((line) => {
    const at = line.indexOf(":");
    return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const;
  });
  const basic = `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
  return { ...(name !== "" || password !== "" ? { authorization: basic } : {}), ...Object.fromEntries(own) };
}
