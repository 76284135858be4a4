import type { Runtime } from "../runtime/runtime.ts";
import type { Write } from "../storage/commit.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";

type Place = Pick<SourceRow, "tenantId" | "id">;

// Budgets count what may be spent within a time, by the storage's clock and for all processes. One unit is a lease.
const leaseOf = (sourceId: string) => `renewal/${sourceId}`;
const refusalsOf = (sourceId: string) => `refusal/${sourceId}`;

/** A credential that is refused again so soon after it was renewed is not renewed again. */
const refusalWindowMs = 600_000;

async function spend(
  runtime: Pick<Runtime, "storage">,
  { tenantId }: Place,
  id: string,
  windowMs: number,
): Promise<number> {
  const windows = [{ name: "one", windowMs, limit: 1 }];
  const request = { tenantId, budgetId: id, windows, items: [{ amounts: [1], share: 1 }] };
  return (await runtime.storage.system.reserve(request)).waits[0] ?? 0;
}

/**
 * The right to renew a source's credential, for nobody else so long; it comes back when the renewal is stored. It is not
 * given back after a failure: whoever comes next must not meet a request that is still on its way.
 * @returns 0 where it was given, or in how many milliseconds it may be
 */
export function takeRenewalLease(runtime: Pick<Runtime, "storage">, source: Place, leaseMs: number): Promise<number> {
  return spend(runtime, source, leaseOf(source.id), leaseMs);
}

export function endRenewalLease(sourceId: string): Write {
  return { type: "delete", table: "budget", id: leaseOf(sourceId) };
}

/** False where a refused credential was renewed a moment ago: the tracker refuses whatever it gives out. */
export async function mayRenewRefused(runtime: Pick<Runtime, "storage">, source: Place): Promise<boolean> {
  return (await spend(runtime, source, refusalsOf(source.id), refusalWindowMs)) === 0;
}

/** With a new sign-in or the end of a source everything starts afresh. */
export function forgetRenewals(sourceId: string): readonly Write[] {
  return [endRenewalLease(sourceId), { type: "delete", table: "budget", id: refusalsOf(sourceId) }];
}
