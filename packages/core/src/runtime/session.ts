import type { JsonValue } from "../domain/json.ts";
import { BackrefError, ProviderError } from "../errors/index.ts";
import type { FetchFunction } from "../ports/fetch.ts";
import type { ProviderCall } from "../provider/call.ts";
import { type ResolvedCapabilities, resolveCapabilities } from "../provider/capabilities.ts";
import type { IssueSite, Provider } from "../provider/provider.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import type { Runtime } from "./runtime.ts";
import { withTimeLimit } from "./time-limit.ts";

/** A source that is ready to be spoken to: credential read, options parsed. Lives for one pass or one service call. */
export interface SourceSession {
  readonly source: SourceRow;
  readonly provider: Provider;
  readonly capabilities: ResolvedCapabilities;
  readonly site: IssueSite<unknown>;
  /** @param sendBy by the clock's `monotonic`; nothing is sent after it. @default no deadline */
  call(request?: { readonly signal?: AbortSignal; readonly sendBy?: number }): ProviderCall;
}

/** The provider of a source. Throws `provider-unknown` where the host no longer brings it. */
export function providerOf(runtime: Runtime, providerId: string): Provider {
  const provider = runtime.providers.get(providerId);
  if (provider !== undefined) return provider;
  const known = [...runtime.providers.keys()].join(", ") || "none";
  throw new BackrefError({
    code: "provider-unknown",
    message: `No provider "${providerId}" was given to createBackref (known: ${known}). Add it to \`providers\`.`,
    providerId,
  });
}

/** Keys and URLs of a source can be read without its credential. */
export function siteOf(source: Pick<SourceRow, "baseUrl" | "options">): IssueSite<JsonValue> {
  return { baseUrl: source.baseUrl, options: source.options };
}

function guardedFetch(runtime: Runtime, providerId: string, sendBy: number, signal: AbortSignal): FetchFunction {
  return (input, init) => {
    if (signal.aborted || runtime.clock.monotonic() >= sendBy) {
      throw new ProviderError({
        failure: "retry",
        providerId,
        operation: "send",
        message: "The time to send this request is over; it was not sent and will be tried again.",
      });
    }
    const { requestTimeoutMs: durationMs } = runtime.limits;
    const reason = () => new DOMException(`No answer within ${durationMs} ms.`, "TimeoutError");
    return withTimeLimit(runtime, { durationMs, reason }, (limit) => {
      const signals = [limit, signal, ...(init?.signal ? [init.signal] : [])];
      return runtime.fetch(input, { redirect: "manual", ...init, signal: AbortSignal.any(signals) });
    });
  };
}

const neverAborts = new AbortController().signal;

export async function openSession(runtime: Runtime, source: SourceRow): Promise<SourceSession> {
  const provider = providerOf(runtime, source.providerId);
  await runtime.installation.check();
  const stored = await runtime.credentials.read({ tenantId: source.tenantId, sourceId: source.id, name: "auth" });
  const parsed = provider.describe().auth.parse(JSON.parse(stored));
  if (!parsed.ok) {
    throw new BackrefError({
      code: "credentials-missing",
      message: `The stored credential of source "${source.name}" does not fit provider "${provider.id}" any more. Enter it again.`,
      providerId: provider.id,
      issues: parsed.issues,
    });
  }
  return {
    source,
    provider,
    capabilities: resolveCapabilities(provider.capabilities),
    site: siteOf(source),
    call({ signal = neverAborts, sendBy = Number.POSITIVE_INFINITY } = {}) {
      return {
        baseUrl: source.baseUrl,
        auth: parsed.value,
        options: source.options,
        credentialId: `${source.id}:${source.credentialVersion}`,
        fetch: guardedFetch(runtime, provider.id, sendBy, signal),
        clock: runtime.clock,
        scheduler: runtime.scheduler,
        random: runtime.random,
        logger: runtime.logger,
        signal,
      };
    },
  };
}
