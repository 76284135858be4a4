import { EventEmitter } from "eventemitter3";
import type { ActivityRow } from "../storage/rows/feed-rows.ts";

/** Types of activity, which are also the names of events. Noun first, then what happened to it. */
export const activityTypes = [
  "source-created",
  "source-updated",
  "source-authorized",
  "source-deleted",
  /** Data: `{ from, to, reason }`, the health before and after; both the same where only the reason is another. */
  "source-health-changed",
  /** More came in at once than may without a yes. Data: `{ limit, windowMs, reason }`. */
  "source-held",
  /** Somebody has answered. Data: `{ answer }`: `confirmed`, `defects` or `apart`. */
  "source-released",
  /**
   * The tracker requires fields of new issues that the target has no default for. Once per field. Data: `{ target, container,
   * issueType, fields }`, with the target's project and the added fields' `id` and `name`.
   */
  "target-fields-missing",
  /** Nothing is missing any more: defaults were given, or the fields are gone. Data as above, with what was missing. */
  "target-fields-complete",
  "relation-created",
  "relation-updated",
  "relation-deleted",
  "reference-added",
  "reference-updated",
  "reference-removed",
  "defect-created",
  "defect-updated",
  "defect-deleted",
  "defect-occurred",
  "link-created",
  "link-attached",
  "link-detached",
  "link-paused",
  "link-resumed",
  "link-retried",
  "link-blocked",
  "link-failed",
  "link-in-doubt",
  "issue-created",
  "issue-adopted",
  "issue-updated",
  "issue-gone",
  "field-refused",
  "field-frozen",
  "field-resolved",
  "value-unmapped",
  "conflict-recorded",
  /** Data: `{ fileName, reference, url }`. */
  "attachment-sent",
  /** Data: `{ fileName, reference, reason }`. */
  "attachment-refused",
  "comment-added",
  "comment-edited",
  "comment-deleted",
  "comment-pushed",
] as const;

/** One of `activityTypes`. */
export type ActivityType = (typeof activityTypes)[number];

/** One thing that happened, as listeners and consumers see it. */
export interface ActivityEvent extends Omit<ActivityRow, "type" | "sequence"> {
  readonly type: ActivityType;
}

/** In-process events: after commit, best effort, in no promised order. A listener that throws harms nobody. */
export interface EventBus {
  on(type: ActivityType | "*", listener: (event: ActivityEvent) => void): () => void;
  emit(events: readonly ActivityEvent[]): void;
}

export function createEventBus(onListenerError: (error: unknown) => void): EventBus {
  const emitter = new EventEmitter<string, undefined>();
  return {
    on(type, listener) {
      const guarded = (event: ActivityEvent) => {
        try {
          listener(event);
        } catch (error) {
          onListenerError(error);
        }
      };
      emitter.on(type, guarded);
      return () => {
        emitter.off(type, guarded);
      };
    },
    emit(events) {
      for (const event of events) {
        emitter.emit(event.type, event);
        emitter.emit("*", event);
      }
    },
  };
}
