import { BackrefError } from "../errors/index.ts";
import type { Provider } from "../provider/provider.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import type { Runtime } from "./runtime.ts";
import { withFeatures } from "./source-features.ts";

/** The provider with this id, whole. Throws `provider-unknown` where the host no longer brings it. */
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

/** The provider as the source uses it: without what is switched off. Throws `provider-unknown`. */
export function providerFor(runtime: Runtime, source: Pick<SourceRow, "providerId" | "features">): Provider {
  return withFeatures(providerOf(runtime, source.providerId), source.features);
}
