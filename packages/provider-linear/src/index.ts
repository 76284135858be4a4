/**
 * Linear as a provider for Backref. The client, the mapping and the groups are not exported: `createLinearProvider` and
 * what it takes are the whole surface.
 * @packageDocumentation
 */

export { createLinearProvider, type LinearProviderOptions } from "./provider.ts";
export type { LinearAuth, LinearKeyAuth, LinearOptions, LinearTokenAuth } from "./types.ts";
