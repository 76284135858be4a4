/**
 * Any tracker by URL template, for Backref. `createUrlTemplateProvider`, what its sources are configured with, and the
 * address of a new issue are the whole surface.
 * @packageDocumentation
 */

export { type NewIssue, newIssueUrl } from "./new-issue-url.ts";
export { createUrlTemplateProvider } from "./provider.ts";
export type { UrlTemplateOptions } from "./types.ts";
