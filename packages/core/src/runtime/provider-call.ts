import type { ProviderCall } from "../provider/call.ts";
import type { Provider } from "../provider/provider.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import { type CallOptions, guardedFetch } from "./guarded-fetch.ts";
import type { Runtime } from "./runtime.ts";

const neverAborts = new AbortController().signal;
const usualPatienceMs = 1_000;
const urgentPatienceMs = 5_000;

/** What a provider gets for one call in the name of a source, but for the credential. */
export function providerCall(
  runtime: Runtime,
  source: SourceRow,
  provider: Provider,
  given: CallOptions = {},
): Omit<ProviderCall, "auth"> {
  const { signal = neverAborts, sendBy = Number.POSITIVE_INFINITY, isUrgent = false } = given;
  const { patienceMs = isUrgent ? urgentPatienceMs : usualPatienceMs } = given;
  const { timeoutMs = runtime.limits.requestTimeoutMs } = given;
  const { baseUrl, options } = source;
  const rateLimits = provider.rateLimits?.limits({ baseUrl, options }) ?? [];
  return {
    baseUrl,
    options,
    credentialId: `${source.id}:${source.credentialVersion}`,
    fetch: guardedFetch({
      ...{ runtime, source, provider, rateLimits },
      options: { signal, sendBy, isUrgent, timeoutMs, patienceMs },
      operation: "none",
      onRequest: () => {},
    }),
    clock: runtime.clock,
    scheduler: runtime.scheduler,
    random: runtime.random,
    logger: {
      log(level, message, data) {
        const place = { tenantId: source.tenantId, sourceId: source.id, provider: provider.id };
        runtime.logger.log(level, message, { ...data, event: "provider-message", ...place });
      },
    },
    signal,
  };
}
