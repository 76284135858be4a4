/**
 * Redmine as a provider for Backref. `createRedmineProvider` and what its options take are the whole surface.
 * @packageDocumentation
 */

export { createRedmineProvider, type RedmineProvider, type RedmineProviderOptions } from "./provider.ts";
export type { RedmineApiKeyAuth, RedmineAuth, RedmineOptions, TextFormat } from "./types.ts";
