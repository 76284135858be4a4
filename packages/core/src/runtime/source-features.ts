import { type SourceFeature, sourceFeatures } from "../domain/source-features.ts";
import type { ProviderCapabilities } from "../provider/capabilities.ts";
import type { Provider } from "../provider/provider.ts";
import { type ResolvedCapabilities, resolveSourceCapabilities } from "../provider/resolved-capabilities.ts";

/** Why a provider does not have a feature, in words that follow its name; null where it has it. */
export function missingFor(
  provider: Provider,
  capabilities: ResolvedCapabilities,
  feature: SourceFeature,
): string | null {
  if (feature === "link") return null;
  if (provider.read === undefined) return "cannot read issues";
  switch (feature) {
    case "read":
      return null;
    case "search":
      return provider.search === undefined ? "cannot search for issues" : null;
    case "create":
      return provider.create === undefined ? "cannot create issues" : null;
    case "sync-status":
      return provider.update === undefined ? "cannot change issues" : null;
    case "sync-priority":
      if (provider.update === undefined) return "cannot change issues";
      return capabilities.priority === "none" ? "has no place for a priority" : null;
    case "sync-assignee":
      if (provider.update === undefined) return "cannot change issues";
      return provider.people === undefined || capabilities.assignees === "none"
        ? "does not tell who can be assigned"
        : null;
    case "sync-comments":
      return provider.comments === undefined ? "does not bring comments" : null;
    case "webhooks":
      return provider.webhooks === undefined ? "has no webhooks" : null;
  }
}

/** What sources of the provider can be used for at all. */
export function declaredFeatures(provider: Provider, capabilities: ResolvedCapabilities): readonly SourceFeature[] {
  return sourceFeatures.filter((feature) => missingFor(provider, capabilities, feature) === null);
}

/** What a source is used for. @param chosen null for everything that its provider can */
export function featuresOf(
  provider: Provider,
  source: { readonly options: unknown; readonly features: readonly SourceFeature[] | null },
): readonly SourceFeature[] {
  const declared = declaredFeatures(provider, resolveSourceCapabilities(provider, source.options));
  const { features } = source;
  return features === null ? declared : declared.filter((feature) => features.includes(feature));
}

/** What a feature that is switched off takes from the capabilities. */
const withoutFeature: Readonly<Partial<Record<SourceFeature, ProviderCapabilities>>> = {
  "sync-priority": { priority: "none" },
  "sync-assignee": { assignees: "none" },
};

/**
 * The provider as a source with these features knows it: what is switched off is as absent as if the tracker could not do
 * it. Creating stays: what was begun is looked for and ended; who may begin is asked before.
 */
export function withFeatures(provider: Provider, features: readonly SourceFeature[] | null): Provider {
  if (features === null) return provider;
  const isOff = (feature: SourceFeature) => !features.includes(feature);
  const hidden: readonly (keyof Provider)[] = [
    ...(isOff("read") ? (["read", "changes"] as const) : []),
    ...(isOff("search") ? (["search"] as const) : []),
    ...(isOff("sync-comments") ? (["comments"] as const) : []),
    ...(isOff("webhooks") ? (["webhooks"] as const) : []),
  ];
  const properties: PropertyDescriptorMap = Object.fromEntries(hidden.map((name) => [name, { value: undefined }]));
  const without: ProviderCapabilities = Object.assign(
    {},
    ...sourceFeatures.filter(isOff).map((feature) => withoutFeature[feature] ?? {}),
  );
  if (Object.keys(without).length > 0) {
    const { capabilities } = provider;
    properties["capabilities"] = { value: { ...capabilities, ...without } };
    properties["capabilitiesFor"] = {
      value: (options: unknown) => ({ ...provider.capabilitiesFor?.(options), ...without }),
    };
  }
  return Object.create(provider, properties) as Provider;
}
