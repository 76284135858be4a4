import type { Provider } from "../../provider/provider.ts";
import { credentialEnd } from "../../runtime/held-credential.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { appScopeOf, budgetIdOf } from "./source-rows.ts";
import type { SourcesOptions } from "./sources-options.ts";

/** What a source becomes with a new credential: healthy until the tracker says otherwise, and possibly another account's. */
export function reconnected(request: {
  readonly before: SourceRow;
  /** Where the credential is used from now on. */
  readonly baseUrl: string;
  readonly provider: Provider;
  readonly auth: unknown;
  readonly options: SourcesOptions;
  readonly now: number;
}): Partial<SourceRow> {
  const { before, baseUrl, provider, auth, options, now } = request;
  return {
    accountId: null,
    accountName: null,
    credentialVersion: before.credentialVersion + 1,
    credentialExpiresAt: credentialEnd(provider, auth),
    appScope: appScopeOf(provider, auth, baseUrl),
    health: "ok",
    healthReason: null,
    healthSince: before.health === "ok" ? before.healthSince : now,
    budgetId: budgetIdOf({
      tenantId: before.tenantId,
      sourceId: before.id,
      providerId: before.providerId,
      baseUrl,
      auth,
      fingerprint: options.fingerprint ?? null,
    }),
  };
}
