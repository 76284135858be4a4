import { BackrefError } from "../errors/backref-error.ts";
import type { ActivityEvent, ActivityType } from "../events/event-bus.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { ActivityRow } from "../storage/rows/feed-rows.ts";

/** An event of the durable feed: the activity log itself, in commit order. */
export interface DurableEvent extends ActivityEvent {
  /** Grows from event to event; gaps mean nothing. */
  readonly sequence: number;
}

export interface EventsService {
  /**
   * Hands every event to a named consumer, at least once and in order, and returns when none is left or `maxMs` is over.
   * The consumer's place is kept in the storage; only one process at a time works for it. If the handler throws, the event
   * stays first in line and the error is thrown on.
   *
   * @returns `busy` where another process is at work for this consumer
   */
  process(request: {
    readonly consumer: string;
    readonly handler: (event: DurableEvent) => void | Promise<void>;
    /** @default 5_000 */
    readonly maxMs?: number;
  }): Promise<{ readonly processed: number; readonly busy: boolean }>;
}

const batch = 100;
const leaseMs = 60_000;

export function createEventsService(runtime: Runtime): EventsService {
  const { system } = runtime.storage;
  return {
    async process({ consumer, handler, maxMs = 5_000 }) {
      if (consumer.length === 0 || consumer.length > 255) {
        throw new BackrefError({
          code: "invalid-input",
          message: "A consumer needs a name of 1 to 255 characters.",
          issues: [{ path: ["consumer"], message: "1 to 255 characters" }],
        });
      }
      const until = runtime.clock.monotonic() + maxMs;
      const claimed = await system.claimConsumer({ name: consumer, owner: runtime.ids.id(), leaseMs });
      if (claimed === null) return { processed: 0, busy: true };
      const { fence } = claimed;
      let { cursor } = claimed;
      let processed = 0;
      const keep = (stillMine: boolean) =>
        system.commitConsumer({ name: consumer, fence, cursor, leaseMs: stillMine ? leaseMs : null });
      try {
        for (;;) {
          const events = await system.readActivity({ after: cursor, limit: batch });
          for (const event of events) {
            await handler(durable(event));
            cursor = event.sequence;
            processed += 1;
          }
          const isOver = events.length < batch || runtime.clock.monotonic() >= until;
          if (isOver || !(await keep(true))) break;
        }
      } finally {
        await keep(false);
      }
      return { processed, busy: false };
    },
  };
}

function durable(row: ActivityRow): DurableEvent {
  return { ...row, type: row.type as ActivityType };
}
