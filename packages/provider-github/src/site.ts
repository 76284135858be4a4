import type { IssueSite } from "@backref/core/provider";
import type { GitHubOptions } from "./types.ts";

export const defaultBaseUrl: string = "https://api.github.com";
const defaultWebUrl = "https://github.com";

/** Where people read issues: as configured, else derived from the API's address. No trailing slash. */
export function webUrlOf(site: IssueSite<GitHubOptions>): string {
  if (site.options.webUrl !== null) return site.options.webUrl;
  const url = new URL(site.baseUrl);
  // GitHub Enterprise Server.
  if (/\/api\/v3$/.test(url.pathname)) return url.origin + url.pathname.slice(0, -"/api/v3".length);
  // GitHub Enterprise Cloud with data residency.
  if (/^api\..+\.ghe\.com$/i.test(url.hostname)) return `https://${url.hostname.slice("api.".length)}`;
  return defaultWebUrl;
}

/** Enterprise Server keeps GraphQL beside its REST API, not below it. */
export function graphqlUrlOf(baseUrl: string): string {
  return `${baseUrl.replace(/\/v3$/, "")}/graphql`;
}
