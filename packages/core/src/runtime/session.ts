import type { JsonValue } from "../domain/json.ts";
import type { ProviderCall } from "../provider/call.ts";
import type { IssueSite, Provider } from "../provider/provider.ts";
import { type ResolvedCapabilities, resolveSourceCapabilities } from "../provider/resolved-capabilities.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import type { CallOptions } from "./guarded-fetch.ts";
import { readCredential, renewsItself } from "./held-credential.ts";
import { providerCall } from "./provider-call.ts";
import type { Runtime } from "./runtime.ts";
import { providerFor } from "./source-provider.ts";

/** A source that is ready to be spoken to: credential read, options parsed. Lives for one pass or one service call. */
export interface SourceSession {
  /** As it is since the credential was read; newer than what was asked for where that was renewed. */
  readonly source: SourceRow;
  /** As the source uses it. */
  readonly provider: Provider;
  readonly capabilities: ResolvedCapabilities;
  readonly site: IssueSite<unknown>;
  call(request?: CallOptions): ProviderCall;
  /** Its credential's end concerns nobody. */
  readonly renewsItself: boolean;
  /**
   * To be asked after the tracker has refused the credential (`auth`). The source as it is with another one, which was entered
   * or renewed meanwhile: to be opened again. Null where only a person can help. Throws where it could not be renewed now, as
   * `openSession` does.
   */
  renewAfterRefusal(): Promise<SourceRow | null>;
}

/** Keys and URLs of a source can be read without its credential. */
export function siteOf(source: Pick<SourceRow, "baseUrl" | "options">): IssueSite<JsonValue> {
  return { baseUrl: source.baseUrl, options: source.options };
}

/**
 * Reads the credential, and renews it where it is about to end. Throws `credentials-missing`, and `ProviderError`s: `auth`
 * where it cannot be renewed without a person, others where it could not be renewed now.
 */
export async function openSession(runtime: Runtime, asked: SourceRow): Promise<SourceSession> {
  const provider = providerFor(runtime, asked);
  await runtime.installation.check();
  const held = await runtime.renewals.fresh(await readCredential(runtime.credentials, provider, asked));
  const { source, auth } = held;
  return {
    source,
    provider,
    capabilities: resolveSourceCapabilities(provider, source.options),
    site: siteOf(source),
    call: (given) => ({ ...providerCall(runtime, source, provider, given), auth }),
    renewsItself: renewsItself(provider, auth),
    renewAfterRefusal: async () => (await runtime.renewals.afterRefusal(held))?.source ?? null,
  };
}
