/**
 * GitLab as a provider for Backref: gitlab.com and self-managed. `createGitLabProvider` and what its options take are the
 * whole surface.
 * @packageDocumentation
 */

export type { GitLabApplication } from "./authorization.ts";
export { documentedRateLimits } from "./documented-rate-limits.ts";
export {
  createGitLabProvider,
  type GitLabProvider,
  type GitLabProviderOptions,
  type GitLabSignInProvider,
} from "./provider.ts";
export type { GitLabAuth, GitLabOAuthAuth, GitLabOptions, GitLabTokenAuth } from "./types.ts";
