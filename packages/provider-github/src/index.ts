/**
 * GitHub as a provider for Backref. The client, the mapping and the groups are not exported: `createGitHubProvider`
 * is the whole surface.
 * @packageDocumentation
 */

export { createGitHubProvider, type GitHubProviderOptions } from "./provider.ts";
export type { GitHubAuth, GitHubOptions } from "./types.ts";
