import { BackrefError } from "../errors/backref-error.ts";
import { ProviderError } from "../errors/provider-error.ts";
import { guardedFetch, sendingOf } from "./guarded-fetch.ts";
import { logEvent } from "./log-event.ts";

/**
 * Calls a method of a provider and tells how it went: which operation, how many requests, what came of it. Methods that are
 * given nothing to send with are called as they are.
 * @param given the method's arguments: those that may send have a `ProviderCall` first
 */
export function observeCall(
  operation: string,
  given: readonly unknown[],
  invoke: (given: readonly unknown[]) => unknown,
): unknown {
  const [call, ...others] = given;
  const sending = sendingOf(call);
  if (sending === null) return invoke(given);
  const { runtime, source, provider } = sending;
  let requests = 0;
  const onRequest = () => {
    requests += 1;
  };
  const attributes = {
    "backref.tenant.id": source.tenantId,
    "backref.source.id": source.id,
    "backref.provider": provider.id,
    "backref.operation": operation,
  };
  return runtime.telemetry.span({ name: `backref.call ${operation}`, attributes }, async (span) => {
    const startedAt = runtime.clock.monotonic();
    let outcome = "ok";
    try {
      return await invoke([
        { ...(call as object), fetch: guardedFetch({ ...sending, operation, onRequest }) },
        ...others,
      ]);
    } catch (error) {
      outcome = ProviderError.isInstance(error) ? error.failure : "unexpected";
      span.fail(BackrefError.isInstance(error) ? error.code : "internal");
      throw error;
    } finally {
      span.set({ "backref.request.count": requests, "backref.outcome": outcome });
      const durationMs = runtime.clock.monotonic() - startedAt;
      const place = { tenantId: source.tenantId, sourceId: source.id, provider: provider.id, operation };
      logEvent(runtime, "call-ended", { ...place, outcome, requests, durationMs });
    }
  });
}
