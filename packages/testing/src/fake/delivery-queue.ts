import type { WebhookMode } from "./webhook-mode.ts";

/** The deliveries of a fake. It repeats none by itself: a test says when, as the tracker would. */
export interface WebhookDeliveries<Delivery> {
  mode: WebhookMode;
  /** Deliveries not sent yet, oldest first (manual mode). */
  readonly pending: readonly Delivery[];
  /** Every delivery ever made, sent or not. */
  readonly deliveries: readonly Delivery[];
  /** Sends the pending delivery at `index`; calling it out of order reorders. Answers with the status, 0 for none. */
  deliver(index?: number): Promise<number>;
  /** Takes the pending delivery at `index` away unsent. */
  drop(index?: number): Delivery;
  /** Sends a delivery again under the same id. Answers with the status, 0 for none. */
  redeliver(deliveryId: string): Promise<number>;
  /** Sends what is pending and waits until nothing is outstanding, including what that causes. */
  flush(): Promise<void>;
}

/** What a queue has to know of a delivery. */
export interface QueuedDelivery {
  /** Kept when the delivery is repeated. */
  readonly id: string;
  /** Statuses of the answers so far, in order; 0 for an attempt without an answer. */
  readonly attempts: number[];
}

export interface DeliveryWay {
  readonly deliver: (request: Request) => Promise<Response>;
  /** The tracker's time, milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** What waits, what was sent, and sending it. A fake makes the deliveries and says how one becomes a request. */
export abstract class DeliveryQueue<Delivery extends QueuedDelivery> implements WebhookDeliveries<Delivery> {
  mode: WebhookMode;
  readonly pending: Delivery[] = [];
  readonly deliveries: Delivery[] = [];
  readonly #way: DeliveryWay;
  readonly #outstanding = new Set<Promise<number>>();

  constructor(way: DeliveryWay, mode: WebhookMode) {
    this.#way = way;
    this.mode = mode;
  }

  /** As it is sent now. What was answered before stands in its attempts. */
  protected abstract requestOf(delivery: Delivery): Request;

  /** What an answer changes at the tracker; the attempts hold its status already. */
  protected answered(_delivery: Delivery, _status: number, _sentAt: number): void {}

  deliver(index = 0): Promise<number> {
    return this.send(this.drop(index));
  }

  drop(index = 0): Delivery {
    const [taken] = this.pending.splice(index, 1);
    if (taken === undefined) throw new RangeError(`There is no pending delivery ${index}`);
    return taken;
  }

  redeliver(deliveryId: string): Promise<number> {
    const delivery = this.deliveries.find(({ id }) => id === deliveryId);
    if (delivery === undefined) throw new RangeError(`There is no delivery ${deliveryId}`);
    return this.send(delivery);
  }

  async flush(): Promise<void> {
    while (this.pending.length > 0 || this.#outstanding.size > 0) {
      while (this.pending.length > 0) await this.deliver();
      await Promise.all(this.#outstanding);
    }
  }

  protected enqueue(delivery: Delivery): void {
    this.deliveries.push(delivery);
    this.dispatch(delivery);
  }

  /** Lets it leave as the mode says. */
  protected dispatch(delivery: Delivery): void {
    if (this.mode === "manual") this.pending.push(delivery);
    else void this.send(delivery);
  }

  protected send(delivery: Delivery): Promise<number> {
    const sending = this.#attempt(delivery);
    this.#outstanding.add(sending);
    return sending.finally(() => this.#outstanding.delete(sending));
  }

  async #attempt(delivery: Delivery): Promise<number> {
    const sentAt = this.#way.now();
    let status = 0;
    try {
      const response = await this.#way.deliver(this.requestOf(delivery));
      status = response.status;
      await response.body?.cancel();
    } catch {
      status = 0;
    }
    delivery.attempts.push(status);
    this.answered(delivery, status, sentAt);
    return status;
  }
}
