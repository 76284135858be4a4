import type { WebhookDelivery } from "@backref/core/provider";

/** One attempt to deliver. */
export interface GiteaAttempt {
  readonly id: number;
  readonly delivery: WebhookDelivery;
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
  readonly isTaken: boolean;
}

export const endpoint = "3f6c1d2e-endpoint";

/** The one hook there is: what was sent to it, and whether somebody took it. */
export class GiteaHook {
  readonly url: string = `https://host.example/hooks/${endpoint}`;
  readonly attempts: GiteaAttempt[] = [];
  isUp = true;

  get arrived(): readonly WebhookDelivery[] {
    return this.attempts.flatMap(({ delivery, isTaken }) => (isTaken ? [delivery] : []));
  }

  send(delivery: WebhookDelivery, at: number): void {
    this.attempts.push({ id: this.attempts.length + 1, delivery, at, isTaken: this.isUp });
  }

  /** What was sent in vain meanwhile. */
  async missDuring(change: () => Promise<unknown>): Promise<readonly WebhookDelivery[]> {
    const before = this.attempts.length;
    this.isUp = false;
    try {
      await change();
    } finally {
      this.isUp = true;
    }
    return this.attempts.slice(before).map(({ delivery }) => delivery);
  }
}
