import { describeActivity, recordActivity } from "../activity/activity.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import type { StorageScope } from "../storage/storage.ts";
import { DefectMoved } from "./lease-lost.ts";

/** Lets changes of one source in, up to as many as may come without a person's yes. */
export interface BulkGuard {
  /**
   * True where so many values more may come in now, which counts them. Where not, the source holds back from then on.
   * Throws `DefectMoved` where somebody has answered meanwhile: the link has to be looked at anew.
   */
  admit(values: number): Promise<boolean>;
}

/** Values are counted over this long. */
const guardWindowMs = 600_000;

interface Asking {
  readonly values: number;
  readonly resolve: (isAdmitted: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** As many as one call of the storage is asked for. */
const mostAsked = 100;

function reasonOf({ name }: SourceRow, limit: number): string {
  return `More than ${limit} changes would have come in from "${name}" within ${guardWindowMs / 60_000} minutes, as after a restored backup or an edit of very many issues there. The rest waits: look at sources.preview, then call sources.confirmChanges or sources.declineChanges.`;
}

/** Holds the source, unless somebody was faster. */
async function hold(runtime: Runtime, scope: StorageScope, source: SourceRow, limit: number): Promise<void> {
  const { id, guardEpoch } = source;
  const reason = reasonOf(source, limit);
  const event = describeActivity(
    runtime,
    "source-held",
    { tenantId: scope.tenantId, sourceId: id },
    { limit, windowMs: guardWindowMs, reason },
  );
  const [outcome] = await runtime.storage.commit(scope, [
    {
      require: [{ table: "source", id, match: { heldSince: null, guardEpoch } }],
      write: [
        { type: "update", table: "source", id, set: { heldSince: runtime.clock.now(), heldReason: reason } },
        recordActivity(event),
      ],
    },
  ]);
  if (outcome?.status === "committed") {
    runtime.events.emit([event]);
    return;
  }
  const [current] = await runtime.storage.find(scope, { table: "source", by: "id", keys: [[id]] });
  if (current?.guardEpoch !== guardEpoch) throw new DefectMoved();
}

/**
 * For one turn at the links of one source. Links that ask at the same moment are counted in one call of the storage, which
 * all workers share.
 */
export function createBulkGuard(runtime: Runtime, scope: StorageScope, source: SourceRow): BulkGuard {
  const limit = source.bulkGuardChanges ?? runtime.limits.bulkGuardChanges;
  let isClosed = source.heldSince !== null;
  let asking: Asking[] = [];

  const serve = async (group: readonly Asking[], most: number) => {
    // An empty window takes what is above its limit; here nothing does.
    const fitting = group.filter(({ values }) => values <= most);
    const { waits } =
      fitting.length === 0
        ? { waits: [] }
        : await runtime.storage.system.reserve({
            tenantId: scope.tenantId,
            budgetId: `guard:${source.id}:${source.guardEpoch}`,
            windows: [{ name: "values", windowMs: guardWindowMs, limit: most }],
            items: fitting.map(({ values }) => ({ amounts: [values], share: 1 })),
          });
    const admitted = new Set(fitting.filter((_, place) => waits[place] === 0));
    // Who was let in is counted, whatever becomes of the others.
    for (const one of admitted) one.resolve(true);
    const refused = group.filter((one) => !admitted.has(one));
    if (refused.length === 0) return;
    await hold(runtime, scope, source, most);
    isClosed = true;
    for (const one of refused) one.resolve(false);
  };

  const flush = async (most: number) => {
    const all = asking;
    asking = [];
    for (let start = 0; start < all.length; start += mostAsked) {
      const group = all.slice(start, start + mostAsked);
      try {
        await serve(group, most);
      } catch (error) {
        for (const one of group) one.reject(error);
      }
    }
  };

  return {
    admit(values) {
      if (isClosed) return Promise.resolve(false);
      if (limit === null) return Promise.resolve(true);
      return new Promise((resolve, reject) => {
        asking.push({ values, resolve, reject });
        if (asking.length === 1) void Promise.resolve().then(() => flush(limit));
      });
    },
  };
}
