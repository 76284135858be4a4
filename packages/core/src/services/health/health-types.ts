import type { WorkerHealth } from "../../engine/worker-record.ts";
import type { StorageOverview } from "../../storage/overview.ts";

/** `degraded`: it works, and somebody should look. `failing`: this installation can do nothing. */
export type HealthStatus = "ok" | "degraded" | "failing";

/** Everything that can be wrong, and how bad it is by itself. */
export const healthReasons = {
  closed: "failing",
  "storage-unreachable": "failing",
  "schema-missing": "failing",
  "schema-outdated": "failing",
  "schema-newer": "degraded",
  "installation-mismatch": "failing",
  "pass-failed": "degraded",
  "work-late": "degraded",
  "sources-reconnect-required": "degraded",
  "sources-degraded": "degraded",
  "sources-held": "degraded",
} as const;

/** What is wrong. Stable: to be alerted by. */
export type HealthReasonCode = keyof typeof healthReasons;

/** One thing that is wrong. */
export interface HealthReason {
  readonly code: HealthReasonCode;
  readonly status: Exclude<HealthStatus, "ok">;
  /** What is wrong and what to do about it. */
  readonly message: string;
}

/** How everything is, for probes and dashboards. Counts end at 1,000. Times in milliseconds, moments since 1970 UTC. */
export interface Health {
  /**
   * `failing`: this installation can do nothing. `degraded`: it works, and somebody should look. Trackers and sources that
   * are not well never make it `failing`.
   */
  readonly status: HealthStatus;
  /** Worst first; empty where the status is `ok`. */
  readonly reasons: readonly HealthReason[];
  readonly checkedAt: number;
  /** How long the storage took to answer; null where it did not. */
  readonly storageMs: number | null;
  readonly schema: StorageOverview["schema"];
  /** Whose data this is, and what `installationId` says; null where nobody says so. */
  readonly installation: { readonly owner: string | null; readonly own: string | null };
  /** Of all tenants; null where the storage did not answer, as in all below. */
  readonly sources: StorageOverview["sources"] | null;
  /** Sources whose changes wait for a yes. */
  readonly heldSources: number | null;
  /** Active links that are not well: `stopped` and `frozen` ones wait for a person. */
  readonly links: StorageOverview["links"] | null;
  /** Work that could be done now and that nobody has taken. */
  readonly due: StorageOverview["due"] | null;
  /** When the newest webhook delivery came in, to whatever source; null for none that is remembered. */
  readonly lastDeliveryAt: number | null;
  /** Of this process only. */
  readonly worker: WorkerHealth;
}

/** From when on something counts as wrong. */
export interface HealthRequest {
  /** Due work that waits longer than this is late. @default 300_000 */
  readonly maxLagMs?: number;
  /** How long the storage may take to answer. @default 5_000 */
  readonly timeoutMs?: number;
}
