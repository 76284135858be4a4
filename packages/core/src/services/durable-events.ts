import { z } from "zod";
import type { ActivityEvent, ActivityType } from "../events/event-bus.ts";
import { hostId, parseInput } from "../input/parse-input.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { ActivityRow } from "../storage/rows/feed-rows.ts";

/** An event of the durable feed: the activity log itself, in commit order. */
export interface DurableEvent extends ActivityEvent {
  /** Grows from event to event; gaps mean nothing. */
  readonly sequence: number;
}

/** The durable feed of events, for programs that must not miss any. */
export interface EventsService {
  /**
   * Hands every event to a named consumer, at least once and in order, and returns when none is left or `maxMs` is over.
   * The consumer's place is kept in the storage; only one process at a time works for it, however long a handler takes. If
   * the handler throws, the event stays first in line and the error is thrown on.
   *
   * @returns `busy` where another process is at work for this consumer, or took over because this one was out of reach
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const backref: Backref;
   *
   * declare const notify: (text: string) => Promise<void>;
   * await backref.events.process({
   *   consumer: "notifications",
   *   handler: async (event) => {
   *     if (event.type === "conflict-recorded") await notify(`Look at link ${event.linkId}`);
   *   },
   * });
   * ```
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

type Handler = (event: DurableEvent) => void | Promise<void>;

const processRequest = z.strictObject({
  consumer: hostId,
  handler: z.custom<Handler>((value) => typeof value === "function", "must be a function"),
  maxMs: z.number().min(0).optional(),
});

/** Keeps a consumer's lease alive while its handler works, and knows when it is lost. */
function createHold(runtime: Runtime, commit: (leaseMs: number | null) => Promise<boolean>) {
  const over = new AbortController();
  let isLost = false;
  const renew = async () => {
    while (!over.signal.aborted) {
      await runtime.scheduler.sleep(leaseMs / 3, over.signal).catch(() => {});
      if (!over.signal.aborted && !(await commit(leaseMs))) isLost = true;
    }
  };
  const renewing = renew();
  return {
    get isLost() {
      return isLost;
    },
    async release() {
      over.abort();
      await renewing;
      if (!isLost) await commit(null);
    },
  };
}

export function createEventsService(runtime: Runtime): EventsService {
  const { system } = runtime.storage;
  return {
    async process(request) {
      const { consumer, handler, maxMs = 5_000 } = parseInput(processRequest, request, "request");
      const until = runtime.clock.monotonic() + maxMs;
      const claimed = await system.claimConsumer({ name: consumer, owner: runtime.ids.id(), leaseMs });
      if (claimed === null) return { processed: 0, busy: true };
      const { fence } = claimed;
      let { cursor } = claimed;
      let processed = 0;
      const hold = createHold(runtime, (forMs) =>
        system.commitConsumer({ name: consumer, fence, cursor, leaseMs: forMs }),
      );
      const isOver = () => hold.isLost || runtime.clock.monotonic() >= until;
      try {
        for (;;) {
          const events = await system.readActivity({ after: cursor, limit: batch });
          for (const event of events) {
            await handler(durable(event));
            if (hold.isLost) break;
            cursor = event.sequence;
            processed += 1;
            if (isOver()) break;
          }
          if (events.length < batch || isOver()) break;
        }
      } finally {
        await hold.release();
      }
      return { processed, busy: hold.isLost };
    },
  };
}

function durable(row: ActivityRow): DurableEvent {
  return { ...row, type: row.type as ActivityType };
}
