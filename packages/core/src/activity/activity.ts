import type { JsonObject } from "../domain/json.ts";
import type { ActivityEvent, ActivityType } from "../events/event-bus.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { InsertWrite } from "../storage/commit.ts";

export interface ActivitySubject {
  readonly tenantId: string;
  readonly actorId?: string | null;
  readonly sourceId?: string | null;
  readonly linkId?: string | null;
  readonly defectId?: string | null;
  readonly referenceId?: string | null;
}

/** What happened, ready to be committed and announced. */
export function describeActivity(
  runtime: Pick<Runtime, "ids" | "clock">,
  type: ActivityType,
  subject: ActivitySubject,
  data: JsonObject = {},
): ActivityEvent {
  return {
    tenantId: subject.tenantId,
    id: runtime.ids.id(),
    at: runtime.clock.now(),
    type,
    actorId: subject.actorId ?? null,
    sourceId: subject.sourceId ?? null,
    linkId: subject.linkId ?? null,
    defectId: subject.defectId ?? null,
    referenceId: subject.referenceId ?? null,
    data,
  };
}

/** The write that records it in the same unit as its effect. */
export function recordActivity(event: ActivityEvent): InsertWrite {
  return { type: "insert", table: "activity", row: { ...event, sequence: 0 } };
}
