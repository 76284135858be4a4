import type { WorkerHealth } from "../../engine/worker-record.ts";
import type { DueOverview, StorageOverview } from "../../storage/overview.ts";
import {
  type Health,
  type HealthReason,
  type HealthReasonCode,
  type HealthStatus,
  healthReasons,
} from "./health-types.ts";

export function reasonOf(code: HealthReasonCode, message: string): HealthReason {
  return { code, status: healthReasons[code], message };
}

function schemaReasons(schema: StorageOverview["schema"]): readonly HealthReason[] {
  if (schema === null || schema.version === schema.expected) return [];
  const versions = `The storage's schema has version ${schema.version}, and this process works with ${schema.expected}.`;
  return schema.version < schema.expected
    ? [reasonOf("schema-outdated", `${versions} Call backref.migrate(), or run the exported migrations.`)]
    : [reasonOf("schema-newer", `${versions} Update this process.`)];
}

function installationReasons({ owner, own }: Health["installation"]): readonly HealthReason[] {
  if (own === null || owner === null || own === owner) return [];
  return [
    reasonOf(
      "installation-mismatch",
      `The stored data belongs to installation "${owner}", and this is "${own}": nothing is sent to trackers. A copy stays like this; where the data has moved here for good, call backref.takeOver() once.`,
    ),
  ];
}

function passReasons({ lastFailure }: WorkerHealth): readonly HealthReason[] {
  if (lastFailure === null) return [];
  const { code, reason } = lastFailure;
  return [reasonOf("pass-failed", `The last sync pass of this process failed (${code}): ${reason}`)];
}

function lateReasons(due: StorageOverview["due"], maxLagMs: number): readonly HealthReason[] {
  const works: readonly (readonly [string, DueOverview])[] = [
    ["link", due.link],
    ["poll", due.pollScope],
  ];
  return works.flatMap(([what, { count, oldestForMs }]) => {
    if (oldestForMs === null || oldestForMs <= maxLagMs) return [];
    const forSeconds = Math.round(oldestForMs / 1_000);
    const message = `A ${what} has been due for ${forSeconds} s, and ${count} wait in all. See that a worker runs (sync.start or sync.run), or run more of them.`;
    return [reasonOf("work-late", message)];
  });
}

function sourceReasons({ reconnectRequired, degraded: unwell }: StorageOverview["sources"]): readonly HealthReason[] {
  const need = `${reconnectRequired} ${reconnectRequired === 1 ? "source needs" : "sources need"}`;
  const are = `${unwell} ${unwell === 1 ? "source is" : "sources are"}`;
  return [
    ...(reconnectRequired === 0
      ? []
      : [reasonOf("sources-reconnect-required", `${need} another credential; sources.list says which, and why.`)]),
    ...(unwell === 0 ? [] : [reasonOf("sources-degraded", `${are} degraded; sources.list says which, and why.`)]),
  ];
}

function heldReasons(count: number): readonly HealthReason[] {
  if (count === 0) return [];
  const hold = `${count} ${count === 1 ? "source holds" : "sources hold"} back more changes than may come in without a yes`;
  return [
    reasonOf("sources-held", `${hold}; sources.list says which. Answer with sources.confirmChanges or declineChanges.`),
  ];
}

/** What is wrong, worst first. */
export function judgeHealth(
  overview: StorageOverview,
  installation: Health["installation"],
  worker: WorkerHealth,
  maxLagMs: number,
): readonly HealthReason[] {
  const reasons = [
    ...schemaReasons(overview.schema),
    ...installationReasons(installation),
    ...passReasons(worker),
    ...lateReasons(overview.due, maxLagMs),
    ...sourceReasons(overview.sources),
    ...heldReasons(overview.heldSources),
  ];
  return [
    ...reasons.filter(({ status }) => status === "failing"),
    ...reasons.filter(({ status }) => status !== "failing"),
  ];
}

export function statusOf(reasons: readonly HealthReason[]): HealthStatus {
  return reasons[0]?.status ?? "ok";
}
