import type { IssueSite } from "@backref/core/provider";
import { withoutTrailingSlashes } from "@backref/provider-kit";
import type { AzureDevOpsOptions } from "./types.ts";

export type Deployment = "services" | "server";

/** Which Azure DevOps it is: Services has two hosts, any other is a Server's where nobody says otherwise. */
export function deploymentOf({ baseUrl, options }: IssueSite<AzureDevOpsOptions>): Deployment {
  return options.deployment ?? (isServicesHost(new URL(baseUrl).hostname) ? "services" : "server");
}

/** True where tokens of Microsoft Entra may be sent. */
export function isServicesHost(hostname: string): boolean {
  return hostname === "dev.azure.com" || organisationOfHost(hostname) !== null;
}

/** Organisations had hosts of their own, which still work: `acme.visualstudio.com`. */
export function organisationOfHost(hostname: string): string | null {
  return /^([a-z0-9][a-z0-9-]*)\.visualstudio\.com$/.exec(hostname)?.[1] ?? null;
}

/**
 * The organisation's or collection's address, of any page in it. Services: the organisation is the first part of the path.
 * Server: the collection is, or the second part below the usual `tfs`; an address without a page in it stays as it is.
 */
export function normaliseBaseUrl(baseUrl: string): string {
  const { origin, hostname, pathname } = new URL(baseUrl);
  const parts = pathname.split("/").filter(Boolean);
  const own = organisationOfHost(hostname);
  if (own !== null) return `https://dev.azure.com/${own}`;
  if (hostname === "dev.azure.com") return parts[0] === undefined ? origin : `${origin}/${parts[0]}`;
  const page = parts.findIndex((part) => part.startsWith("_"));
  if (page < 0) return `${origin}${withoutTrailingSlashes(pathname)}`;
  const length = Math.min(page, parts[0]?.toLowerCase() === "tfs" ? 2 : 1);
  return [origin, ...parts.slice(0, length)].join("/");
}

/** What stands in a path for a name of people's, such as a project's or a type's. */
export function segment(name: string): string {
  return encodeURIComponent(name);
}
