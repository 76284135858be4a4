import type { IssueSite } from "@backref/core/provider";
import type { JiraAuth, JiraOptions } from "./types.ts";

export const gatewayUrl: string = "https://api.atlassian.com";
export const authorizationUrl: string = "https://auth.atlassian.com";

export type Deployment = "cloud" | "data-center";

/** Which Jira a credential is for: each has kinds of its own. */
export function deploymentOf(auth: JiraAuth): Deployment {
  return auth.type === "api-token" || auth.type === "oauth" ? "cloud" : "data-center";
}

/** Where people read issues. No trailing slash. */
export function webUrlOf(site: IssueSite<JiraOptions>): string {
  return site.options.webUrl ?? site.baseUrl;
}

/** Base of the REST API below a site, or below the gateway's address of one. */
export function apiUrlOf(siteUrl: string, deployment: Deployment): string {
  return `${siteUrl}/rest/api/${deployment === "cloud" ? "3" : "2"}`;
}

const pages = /\/(?:browse|projects|issues|secure|rest|plugins|login\.jsp|servicedesk)(?:\/.*)?$/;

/** A site's address of what people copy from its pages. Cloud's sites have no path; Data Center may have one. */
export function normaliseBaseUrl(baseUrl: string): string {
  const { origin, hostname, pathname } = new URL(baseUrl);
  if (hostname.endsWith(".atlassian.net") || hostname.endsWith(".jira.com")) return origin;
  return `${origin}${pathname.replace(pages, "").replace(/\/+$/, "")}`;
}
