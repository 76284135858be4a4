import { describeActivity, recordActivity } from "../activity/activity.ts";
import { StorageError } from "../errors/index.ts";
import { credentialEnd, type HeldCredential, readCredential } from "../runtime/held-credential.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { wakeUp } from "../runtime/wake-up.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import { endRenewalLease } from "./renewal-lease.ts";

/** How long a storage that is away is tried. */
const patienceMs = 120_000;
const firstPauseMs = 100;
const longestPauseMs = 10_000;

/** What is stored now, or null where the source was deleted. The source is read first, so that a change in between shows. */
export async function readCurrent(runtime: Runtime, held: HeldCredential): Promise<HeldCredential | null> {
  const { tenantId, id } = held.source;
  const [source] = await runtime.storage.find({ tenantId }, { table: "source", by: "id", keys: [[id]] });
  return source === undefined ? null : await readCredential(runtime.credentials, held.provider, source);
}

/**
 * Stores what a renewal of `spent` gave, unless somebody replaced that meanwhile: then theirs is the answer. The tokens are
 * nowhere else and the old ones may be dead, so a storage that is away is tried again for two minutes.
 */
export async function storeRenewed(
  runtime: Runtime,
  spent: HeldCredential,
  renewed: Pick<HeldCredential, "text" | "auth">,
): Promise<HeldCredential> {
  const giveUpAt = runtime.clock.monotonic() + patienceMs;
  for (let attempt = 0; ; attempt += 1) {
    const isLast = runtime.clock.monotonic() >= giveUpAt;
    try {
      const current = await readCurrent(runtime, spent);
      if (current === null) return { ...spent, ...renewed };
      // A vault may have what an earlier attempt wrote there.
      if (current.text !== spent.text && current.text !== renewed.text) return current;
      const source = await commitRenewed(runtime, current, renewed);
      if (source !== null) return { ...current, ...renewed, source };
      throw busy();
    } catch (error) {
      if (!StorageError.isInstance(error) || isLast) throw error;
      await runtime.scheduler.sleep(Math.min(firstPauseMs * 2 ** attempt, longestPauseMs));
    }
  }
}

/** Null where somebody changed the source at this moment. */
async function commitRenewed(
  runtime: Runtime,
  { source, provider }: HeldCredential,
  { text, auth }: Pick<HeldCredential, "text" | "auth">,
): Promise<SourceRow | null> {
  const { tenantId, id, credentialVersion, revision, health } = source;
  const isBack = health === "reconnect-required";
  const now = runtime.clock.now();
  const set = {
    credentialVersion: credentialVersion + 1,
    credentialExpiresAt: credentialEnd(provider, auth),
    revision: revision + 1,
    ...(isBack ? ({ health: "ok", healthReason: null, healthSince: now } as const) : {}),
  };
  const subject = { tenantId, sourceId: id };
  const data = { from: health, to: "ok", reason: "The credential was renewed." };
  const events = isBack ? [describeActivity(runtime, "source-health-changed", subject, data)] : [];
  const secrets = await runtime.credentials.stage({ tenantId, sourceId: id, name: "auth" }, text);
  const [outcome] = await runtime.storage.commit({ tenantId }, [
    {
      require: [{ table: "source", id, match: { credentialVersion, revision } }],
      write: [
        { type: "update", table: "source", id, set },
        ...secrets,
        endRenewalLease(id),
        ...(isBack ? wakeUp(id) : []),
        ...events.map(recordActivity),
      ],
    },
  ]);
  if (outcome?.status !== "committed") return null;
  runtime.events.emit(events);
  return { ...source, ...set };
}

function busy(): StorageError {
  return new StorageError({
    code: "storage-conflict",
    message: "Others changed the source again and again while its credential was renewed. It is tried again by itself.",
    operation: "credential.renew",
  });
}
