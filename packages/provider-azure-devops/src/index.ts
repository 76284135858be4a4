/**
 * Azure DevOps as a provider for Backref: Services and Server. `createAzureDevOpsProvider` and what its options take are the
 * whole surface.
 * @packageDocumentation
 */

export { type AzureDevOpsProvider, type AzureDevOpsProviderOptions, createAzureDevOpsProvider } from "./provider.ts";
export type {
  AzureDevOpsAuth,
  AzureDevOpsEntraAuth,
  AzureDevOpsIdentityAuth,
  AzureDevOpsOptions,
  AzureDevOpsTokenAuth,
  EntraTokenRequest,
} from "./types.ts";
