import { describeActivity, recordActivity } from "../activity/activity.ts";
import type { ActivityEvent } from "../events/event-bus.ts";
import { logEvent } from "../runtime/log-event.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { redactSecrets } from "../security/redact.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";

/** Everything that shares the credential waits until the tracker's own reset. */
export async function blockBudget(runtime: Runtime, source: SourceRow, forMs: number, reason: string): Promise<void> {
  const { tenantId, id: sourceId, providerId, budgetId } = source;
  await runtime.storage.commit({ tenantId }, [{ write: [{ type: "block", budgetId, forMs, reason }] }]);
  runtime.telemetry.measure("backref.tracker.waits", 1, { "backref.provider": providerId });
  logEvent(runtime, "source-waits", { tenantId, sourceId, waitMs: forMs, reason });
}

export interface HealthChange {
  /** Columns of the source's row. */
  readonly set: Partial<Pick<SourceRow, "health" | "healthReason" | "healthSince">>;
  readonly events: readonly ActivityEvent[];
}

/**
 * What news about a source's health change, for a unit that may hold more. Both parts are empty where it is no news.
 * @param reason for people; that of a recovery is told, but not kept
 */
export function describeHealth(
  runtime: Pick<Runtime, "ids" | "clock">,
  source: SourceRow,
  { health, reason, actorId }: Pick<SourceRow, "health"> & { reason: string | null; actorId?: string | null },
): HealthChange {
  const told = reason === null ? null : redactSecrets(reason);
  const healthReason = health === "ok" ? null : told;
  if (source.health === health && source.healthReason === healthReason) return { set: {}, events: [] };
  const event = describeActivity(
    runtime,
    "source-health-changed",
    { tenantId: source.tenantId, actorId: actorId ?? null, sourceId: source.id },
    { from: source.health, to: health, reason: told },
  );
  return { set: { health, healthReason, healthSince: runtime.clock.now() }, events: [event] };
}

/** Changes a source's health, unless its credential was replaced meanwhile: then the news is old. */
export async function changeHealth(
  runtime: Runtime,
  source: SourceRow,
  health: SourceRow["health"],
  reason: string | null,
): Promise<void> {
  const { set, events } = describeHealth(runtime, source, { health, reason });
  if (events.length === 0) return;
  const [outcome] = await runtime.storage.commit({ tenantId: source.tenantId }, [
    {
      require: [
        {
          table: "source",
          id: source.id,
          match: { credentialVersion: source.credentialVersion, health: source.health },
        },
      ],
      write: [{ type: "update", table: "source", id: source.id, set }, ...events.map(recordActivity)],
    },
  ]);
  if (outcome?.status === "committed") runtime.events.emit(events);
}
