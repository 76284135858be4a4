import { BackrefError, type FailureClass, ProviderError, StorageError } from "../errors/index.ts";
import { withDeadline } from "../issues/with-deadline.ts";
import { type HeldCredential, type Renewals, renewsItself } from "../runtime/held-credential.ts";
import { logEvent, loggedError } from "../runtime/log-event.ts";
import { providerCall } from "../runtime/provider-call.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { unsent } from "../runtime/unsent.ts";
import { mayRenewRefused, takeRenewalLease } from "./renewal-lease.ts";
import { scrubFailure, textsIn } from "./scrub-failure.ts";
import { readCurrent, storeRenewed } from "./store-renewed.ts";

const operation = "credential.renew";
/** Renewed at least so long before its end, and so long that whatever begins with it ends with it. */
const leastMarginMs = 120_000;
/** How long one waits for a renewal by somebody else. */
const patienceMs = 5_000;
const lookAgainMs = 200;
/** From the end of the request's own time to the end of the lease: time to store what came back. */
const storingMs = 40_000;

type Reason = "ending" | "refused";

/** Where trying again may help, these say so; all else means that the refresh token, or the application's own credential, is no good. */
const passing: readonly FailureClass[] = ["retry", "wait", "ambiguous"];

export function createRenewals(runtimeOf: () => Runtime): Renewals {
  const flying = new Map<string, Promise<HeldCredential | null>>();
  /** One at a time within this process; across processes the lease sees to it. */
  const renewOnce = (held: HeldCredential, reason: Reason): Promise<HeldCredential | null> => {
    const key = JSON.stringify([held.source.tenantId, held.source.id, reason, held.text]);
    const known = flying.get(key);
    if (known !== undefined) return known;
    const started = renew(runtimeOf(), held, reason).finally(() => flying.delete(key));
    flying.set(key, started);
    return started;
  };
  return {
    async fresh(held) {
      const { clock, limits, logger } = runtimeOf();
      const leftMs = endOf(held) - clock.now();
      if (leftMs > Math.max(leastMarginMs, limits.leaseMs + limits.requestTimeoutMs)) return held;
      try {
        return (await renewOnce(held, "ending")) ?? held;
      } catch (error) {
        const isPassing =
          BackrefError.isInstance(error) && !(ProviderError.isInstance(error) && error.failure === "auth");
        if (leftMs <= 0 || !isPassing) throw error;
        const { tenantId, id: sourceId } = held.source;
        logEvent({ logger }, "credential-renewal-delayed", { tenantId, sourceId, ...loggedError(error) });
        return held;
      }
    },
    afterRefusal: (held) => renewOnce(held, "refused"),
  };
}

/** When it has to be renewed at the latest; never, for one that only a person can renew. */
function endOf({ provider, auth }: HeldCredential): number {
  const group = provider.authorization;
  return group?.canRefresh(auth) === true
    ? (group.expiresAt(auth) ?? Number.POSITIVE_INFINITY)
    : Number.POSITIVE_INFINITY;
}

/** A newer credential, whoever renewed or replaced it; null where nobody did and it cannot be renewed. */
async function renew(runtime: Runtime, held: HeldCredential, reason: Reason): Promise<HeldCredential | null> {
  const { clock, limits, scheduler } = runtime;
  const giveUpAt = clock.monotonic() + patienceMs;
  for (;;) {
    const replacement = await replacementOf(runtime, held);
    if (replacement !== null) return replacement;
    if (!renewsItself(held.provider, held.auth)) return null;
    const waitMs = await takeRenewalLease(runtime, held.source, limits.requestTimeoutMs + storingMs);
    if (waitMs === 0) break;
    if (clock.monotonic() >= giveUpAt) throw beingRenewed(held, waitMs);
    await scheduler.sleep(Math.min(waitMs, lookAgainMs));
  }
  // Whoever held the lease before may have stored a new one just now.
  const replacement = await replacementOf(runtime, held);
  if (replacement !== null) return replacement;
  if (reason === "refused" && !(await mayRenewRefused(runtime, held.source))) return null;
  try {
    return await storeRenewed(runtime, held, await refresh(runtime, held));
  } catch (error) {
    // Somebody whose lease ran out meanwhile may have spent the token before us, and stored what came of it.
    const isRefused = ProviderError.isInstance(error) && error.failure === "auth";
    const late = isRefused ? await replacementOf(runtime, held) : null;
    if (late === null) throw error;
    return late;
  }
}

async function replacementOf(runtime: Runtime, held: HeldCredential): Promise<HeldCredential | null> {
  const current = await readCurrent(runtime, held);
  return current === null || current.text === held.text ? null : current;
}

/** Spends the refresh token. */
async function refresh(runtime: Runtime, held: HeldCredential): Promise<Pick<HeldCredential, "text" | "auth">> {
  const { source, provider, auth } = held;
  const about = {
    providerId: provider.id,
    operation,
    secrets: textsIn(auth),
    classOf: (failure: FailureClass): FailureClass => (passing.includes(failure) ? failure : "auth"),
  };
  let given: unknown;
  try {
    given = await withDeadline(runtime, (deadline) => {
      const call = { ...providerCall(runtime, source, provider, deadline), auth };
      return provider.authorization?.refresh(call) ?? Promise.reject(new TypeError("no group"));
    });
  } catch (error) {
    if (StorageError.isInstance(error)) throw error;
    throw scrubFailure(error, about);
  }
  const parsed = provider.describe().auth.parse(given);
  if (parsed.ok) return { auth: parsed.value, text: JSON.stringify(parsed.value) };
  const message = `${provider.describe().name} gave a new credential that its provider does not take. Sign in again.`;
  throw new ProviderError({ providerId: provider.id, operation, failure: "auth", message });
}

function beingRenewed({ provider }: HeldCredential, retryAfterMs: number): ProviderError {
  const message =
    "The credential is being renewed by another process, and that takes long; it is tried again by itself.";
  return unsent(provider, { failure: "wait", retryAfterMs, message });
}
