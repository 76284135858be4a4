/**
 * GitHub as a provider for Backref. The client, the mapping and the groups are not exported: `createGitHubProvider` and
 * what its options take are the whole surface.
 * @packageDocumentation
 */

export { documentedRateLimits } from "./documented-rate-limits.ts";
export { createGitHubProvider, type GitHubProviderOptions } from "./provider.ts";
export type { GitHubAppAuth, GitHubAuth, GitHubOptions, GitHubTokenAuth } from "./types.ts";
