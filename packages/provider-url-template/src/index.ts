/**
 * Any tracker by URL template, for Backref. `createUrlTemplateProvider` and what its sources are configured with are the
 * whole surface.
 * @packageDocumentation
 */

export { createUrlTemplateProvider } from "./provider.ts";
export type { UrlTemplateOptions } from "./types.ts";
