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

/** The address of a page, if it is one on this web address: an answer must not send people elsewhere. */
export function pageOf(webUrl: string | undefined, text: string | undefined): string | null {
  if (webUrl === undefined || text === undefined || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.origin === new URL(webUrl).origin && url.username === "" && url.password === "" ? url.href : null;
}

/**
 * The API's address of what people type: `https://github.com`, `https://acme.ghe.com`, `https://github.example.com`, or
 * that of GraphQL. Any other is taken as it is: one with a port, of a host called `api.`, or with a path of its own is
 * no address of Enterprise Server's.
 */
export function normaliseBaseUrl(baseUrl: string): string {
  const { hostname, port, origin, pathname } = new URL(baseUrl);
  if (/^(?:api\.|www\.)?github\.com$/.test(hostname)) return defaultBaseUrl;
  const subdomain = /^(?:api\.)?([^.]+)\.ghe\.com$/.exec(hostname)?.[1];
  if (subdomain !== undefined) return `https://api.${subdomain}.ghe.com`;
  const isServer = /^\/(?:api(?:\/graphql)?)?$/.test(pathname) && port === "" && !hostname.startsWith("api.");
  return isServer ? `${origin}/api/v3` : baseUrl;
}
