/**
 * Linear as a provider for Backref. The client, the mapping and the groups are not exported: `createLinearProvider` and
 * what it takes are the whole surface.
 * @packageDocumentation
 */

export type { LinearApplication } from "./authorization.ts";
export {
  createLinearProvider,
  type LinearProvider,
  type LinearProviderOptions,
  type LinearSignInProvider,
} from "./provider.ts";
export type { LinearAuth, LinearKeyAuth, LinearOAuthAuth, LinearOptions, LinearTokenAuth } from "./types.ts";
