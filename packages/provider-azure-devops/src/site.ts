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
 * Server: the collection is, or the part after the usual `tfs`; without either, an address that names no page stays as it is.
 */
export function normaliseBaseUrl(baseUrl: string): string {
  const { origin, hostname, pathname } = new URL(baseUrl);
  const parts = pathname.split("/").filter(Boolean);
  const own = organisationOfHost(hostname);
  if (own !== null) return `https://dev.azure.com/${own}`;
  if (hostname === "dev.azure.com") return parts[0] === undefined ? origin : `${origin}/${parts[0]}`;
  const length = collectionDepth(parts);
  return length === null
    ? `${origin}${withoutTrailingSlashes(pathname)}`
    : [origin, ...parts.slice(0, length)].join("/");
}

/** How many parts of a Server's path lead to the collection; null where the path does not tell. */
export function collectionDepth(parts: readonly string[]): number | null {
  const page = parts.findIndex((part) => part.startsWith("_"));
  const end = page < 0 ? parts.length : page;
  const usual = parts.findIndex((part) => part.toLowerCase() === "tfs");
  if (usual >= 0 && usual + 1 < end) return usual + 2;
  return page < 0 ? null : Math.min(page, 1);
}

/** What stands in a path for a name of people's, such as a project's or a type's. */
export function segment(name: string): string {
  return encodeURIComponent(name);
}
