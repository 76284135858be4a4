import type { JsonValue } from "../domain/json.ts";
import { BackrefError } from "../errors/index.ts";
import type { ProviderCall } from "../provider/call.ts";
import { type ResolvedCapabilities, resolveSourceCapabilities } from "../provider/capabilities.ts";
import type { IssueSite, Provider } from "../provider/provider.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import { type CallOptions, guardedFetch } from "./guarded-fetch.ts";
import type { Runtime } from "./runtime.ts";
import { providerFor } from "./source-provider.ts";

/** A source that is ready to be spoken to: credential read, options parsed. Lives for one pass or one service call. */
export interface SourceSession {
  readonly source: SourceRow;
  /** As the source uses it. */
  readonly provider: Provider;
  readonly capabilities: ResolvedCapabilities;
  readonly site: IssueSite<unknown>;
  call(request?: CallOptions): ProviderCall;
}

/** Keys and URLs of a source can be read without its credential. */
export function siteOf(source: Pick<SourceRow, "baseUrl" | "options">): IssueSite<JsonValue> {
  return { baseUrl: source.baseUrl, options: source.options };
}

const neverAborts = new AbortController().signal;
const usualPatienceMs = 1_000;
const urgentPatienceMs = 5_000;

export async function openSession(runtime: Runtime, source: SourceRow): Promise<SourceSession> {
  const provider = providerFor(runtime, source);
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
  const site = siteOf(source);
  const rateLimits = provider.rateLimits?.limits(site) ?? [];
  return {
    source,
    provider,
    capabilities: resolveSourceCapabilities(provider, source.options),
    site,
    call(given = {}) {
      const { signal = neverAborts, sendBy = Number.POSITIVE_INFINITY, isUrgent = false } = given;
      const { patienceMs = isUrgent ? urgentPatienceMs : usualPatienceMs } = given;
      return {
        baseUrl: source.baseUrl,
        auth: parsed.value,
        options: source.options,
        credentialId: `${source.id}:${source.credentialVersion}`,
        fetch: guardedFetch({
          runtime,
          source,
          provider,
          rateLimits,
          options: { signal, sendBy, isUrgent, patienceMs },
        }),
        clock: runtime.clock,
        scheduler: runtime.scheduler,
        random: runtime.random,
        logger: runtime.logger,
        signal,
      };
    },
  };
}
