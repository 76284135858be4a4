import type { Actor } from "../domain/actor.ts";
import type { Provider } from "../provider/provider.ts";
import { resolveCapabilities } from "../provider/resolved-capabilities.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { declaredFeatures } from "../runtime/source-features.ts";
import type { Authoriser } from "../security/authoriser.ts";
import type { StorageScope } from "../storage/storage.ts";
import type { ProviderGroup, ProviderInfo, ProvidersService } from "./providers-types.ts";

const groupNames: readonly ProviderGroup[] = [
  "connect",
  "read",
  "search",
  "create",
  "update",
  "comments",
  "changes",
  "webhooks",
  "form",
  "labels",
  "people",
  "attachments",
  "containers",
  "authorization",
];

export function createProvidersService(
  runtime: Runtime,
  authoriser: Authoriser,
  actor: Actor,
  scope: StorageScope,
): ProvidersService {
  return {
    async list() {
      await authoriser.authorise(actor, "provider.read", {
        kind: "provider",
        tenantId: scope.tenantId,
        projectIds: null,
      });
      return [...runtime.providers.values()].map(providerInfo);
    },
  };
}

function providerInfo(provider: Provider): ProviderInfo {
  const capabilities = resolveCapabilities(provider.capabilities);
  const { name, containerName, defaultBaseUrl, auth, container, options } = provider.describe();
  return {
    id: provider.id,
    name,
    containerName,
    defaultBaseUrl,
    groups: groupNames.filter((group) => provider[group] !== undefined),
    features: declaredFeatures(provider, capabilities),
    capabilities,
    forms: { auth: auth.schema, container: container.schema, options: options.schema },
  };
}
