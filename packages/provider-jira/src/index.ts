/**
 * Jira as a provider for Backref: Cloud and Data Center. `createJiraProvider` and what its options take are the whole
 * surface.
 * @packageDocumentation
 */

export type { JiraApplication } from "./authorization.ts";
export {
  createJiraProvider,
  type JiraProvider,
  type JiraProviderOptions,
  type JiraSignInProvider,
} from "./provider.ts";
export type {
  JiraApiTokenAuth,
  JiraAuth,
  JiraBasicAuth,
  JiraOAuthAuth,
  JiraOptions,
  JiraPersonalTokenAuth,
} from "./types.ts";
