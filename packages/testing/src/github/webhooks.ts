import { createHmac } from "node:crypto";
import { DeliveryQueue, type WebhookDeliveries } from "../fake/delivery-queue.ts";
import type { JsonObject } from "../fake/json.ts";
import type { WebhookMode } from "../fake/webhook-mode.ts";
import {
  appListeners,
  appTarget,
  type HookTarget,
  type InstallationEvent,
  presentInstallationEvent,
  repositoryTarget,
} from "./app-deliveries.ts";
import { presentInstallationId } from "./app-view.ts";
import type { TrackerEvent } from "./events.ts";
import type { DeliveryAttempt, DeliveryDesk } from "./hook-deliveries.ts";
import { presentHook } from "./hook-view.ts";
import type { HookRecord, RepositoryRecord, UserRecord } from "./model.ts";
import { presentRepository } from "./repository-view.ts";
import { presentUser } from "./user-view.ts";
import type { View } from "./view.ts";
import { presentEvent } from "./webhook-payload.ts";

/** One delivery of one event to one hook. */
export interface WebhookDelivery {
  /** The GUID of `X-GitHub-Delivery`, shared by all hooks that receive the event and kept on redelivery. */
  readonly id: string;
  readonly hookId: number;
  readonly event: string;
  readonly action: string | null;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The raw body that was signed. */
  readonly body: string;
  /** Statuses of the answers so far, in order; 0 for an attempt without an answer. */
  readonly attempts: readonly number[];
}

/** The deliveries of a fake. GitHub never retries by itself, and neither does this. */
export interface Webhooks extends WebhookDeliveries<WebhookDelivery> {
  /** Sends a delivery again under the same GUID, to every hook that it went to or the one given. */
  redeliver(deliveryId: string, hookId?: number): Promise<number>;
}

/** What the delivery queue needs from the fake. */
export interface WebhookContext {
  readonly hooks: () => Iterable<HookRecord>;
  readonly view: () => View;
  readonly guid: () => string;
  readonly deliver: (request: Request) => Promise<Response>;
}

type OpenDelivery = WebhookDelivery &
  Pick<DeliveryAttempt, "installationId" | "repositoryId"> & {
    readonly hookOf: HookTarget["targetType"];
    readonly attempts: number[];
  };

/** As large as GitHub's, and apart from all other ids. */
const firstAttemptId = 9_000_000_000;

/** The queue, with the inlets the fake feeds. */
export class WebhookQueue extends DeliveryQueue<OpenDelivery> implements Webhooks, DeliveryDesk {
  readonly #context: WebhookContext;
  readonly #log: (DeliveryAttempt & { readonly delivery: OpenDelivery })[] = [];

  constructor(context: WebhookContext, mode: WebhookMode) {
    super({ deliver: context.deliver, now: () => context.view().world.now() }, mode);
    this.#context = context;
  }

  emit(event: TrackerEvent): void {
    const view = this.#context.view();
    const hooks = this.#listeners(event.repository, event.event);
    const apps = appListeners(view.world, event.repository, event.event);
    if (hooks.length === 0 && apps.length === 0) return;
    const id = this.#context.guid();
    const payload = presentEvent(view, event);
    for (const hook of hooks) this.#enqueue(repositoryTarget(hook), id, event.event, event.action, payload);
    for (const { target, installation } of apps) {
      const told = { ...payload, installation: presentInstallationId(installation) };
      this.#enqueue(target, id, event.event, event.action, told);
    }
  }

  emitInstallation(event: InstallationEvent): void {
    const target = appTarget(event.app);
    if (target === null) return;
    const payload = presentInstallationEvent(this.#context.view(), event);
    this.#enqueue(target, this.#context.guid(), event.event, event.action, payload);
  }

  ping(hook: HookRecord, repository: RepositoryRecord, sender: UserRecord): void {
    const view = this.#context.view();
    this.#enqueue(repositoryTarget(hook), this.#context.guid(), "ping", null, {
      zen: "Keep it logically awesome.",
      hook_id: hook.id,
      hook: presentHook(view, repository, hook),
      repository: presentRepository(view, repository),
      sender: presentUser(view, sender),
    });
  }

  override async redeliver(deliveryId: string, hookId?: number): Promise<number> {
    const again = this.deliveries.filter(
      (delivery) => delivery.id === deliveryId && (hookId === undefined || delivery.hookId === hookId),
    );
    if (again.length === 0) throw new RangeError(`There is no delivery ${deliveryId}`);
    const statuses = await Promise.all(again.map((delivery) => this.send(delivery)));
    return Math.max(...statuses);
  }

  attempts(hook: Parameters<DeliveryDesk["attempts"]>[0]): readonly DeliveryAttempt[] {
    const isOfHook = ({ hookId, hookOf }: OpenDelivery): boolean => hookId === hook.id && hookOf === hook.of;
    return this.#log.filter(({ delivery }) => isOfHook(delivery)).reverse();
  }

  repeat({ id }: DeliveryAttempt): void {
    const delivery = this.#log.find((attempt) => attempt.id === id)?.delivery;
    if (delivery !== undefined) this.dispatch(delivery);
  }

  #listeners(repository: RepositoryRecord, event: string): HookRecord[] {
    const listens = (hook: HookRecord): boolean => hook.events.includes(event) || hook.events.includes("*");
    return [...this.#context.hooks()].filter(
      (hook) => hook.active && hook.repositoryId === repository.id && listens(hook),
    );
  }

  #enqueue(hook: HookTarget, id: string, event: string, action: string | null, payload: JsonObject): void {
    const json = JSON.stringify(payload);
    const isJson = hook.contentType === "json";
    const body = isJson ? json : new URLSearchParams({ payload: json }).toString();
    const headers = {
      "content-type": isJson ? "application/json" : "application/x-www-form-urlencoded",
      "user-agent": "GitHub-Hookshot/backref",
      "x-github-event": event,
      "x-github-delivery": id,
      "x-github-hook-id": String(hook.id),
      "x-github-hook-installation-target-id": String(hook.targetId),
      "x-github-hook-installation-target-type": hook.targetType,
      ...(hook.secret === null ? {} : signatures(hook.secret, body)),
    };
    const { installation, repository } = payload;
    const about = { installationId: idOf(installation), repositoryId: idOf(repository), hookOf: hook.targetType };
    this.enqueue({ id, hookId: hook.id, event, action, url: hook.url, headers, body, attempts: [], ...about });
  }

  protected override requestOf({ url, headers, body }: OpenDelivery): Request {
    return new Request(url, { method: "POST", headers, body });
  }

  protected override answered(delivery: OpenDelivery, status: number, at: number): void {
    const { attempts, installationId, repositoryId } = delivery;
    const id = firstAttemptId + this.#log.length;
    this.#log.push({ id, delivery, at, status, isRedelivery: attempts.length > 1, installationId, repositoryId });
  }
}

function idOf(value: unknown): number | null {
  const { id } = (value ?? {}) as { readonly id?: unknown };
  return typeof id === "number" ? id : null;
}

function signatures(secret: string, body: string): Record<string, string> {
  const sign = (algorithm: string): string => createHmac(algorithm, secret).update(body).digest("hex");
  return { "x-hub-signature": `sha1=${sign("sha1")}`, "x-hub-signature-256": `sha256=${sign("sha256")}` };
}
