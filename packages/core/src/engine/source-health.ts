import { describeActivity, recordActivity } from "../activity/activity.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";

/** Everything that shares the credential waits until the tracker's own reset. */
export async function blockBudget(runtime: Runtime, source: SourceRow, forMs: number, reason: string): Promise<void> {
  await runtime.storage.commit({ tenantId: source.tenantId }, [
    { write: [{ type: "block", budgetId: source.budgetId, forMs, reason }] },
  ]);
}

/** Changes a source's health, unless its credential was replaced meanwhile: then the news is old. */
export async function changeHealth(
  runtime: Runtime,
  source: SourceRow,
  health: SourceRow["health"],
  reason: string | null,
): Promise<void> {
  if (source.health === health && source.healthReason === reason) return;
  const event = describeActivity(
    runtime,
    "source-health-changed",
    { tenantId: source.tenantId, sourceId: source.id },
    { health, reason, before: source.health },
  );
  const set = { health, healthReason: reason, healthSince: runtime.clock.now() };
  const [outcome] = await runtime.storage.commit({ tenantId: source.tenantId }, [
    {
      require: [
        {
          table: "source",
          id: source.id,
          match: { credentialVersion: source.credentialVersion, health: source.health },
        },
      ],
      write: [{ type: "update", table: "source", id: source.id, set }, recordActivity(event)],
    },
  ]);
  if (outcome?.status === "committed") runtime.events.emit([event]);
}
