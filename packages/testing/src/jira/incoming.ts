import { Buffer } from "node:buffer";
import type { TokenRecord } from "./model.ts";
import type { OAuth } from "./oauth.ts";
import { authorizationOrigin, gatewayOrigin } from "./oauth.ts";
import type { World } from "./world.ts";

/** Where a request goes. */
export type Location =
  | { readonly kind: "api"; readonly path: string; readonly selfUrl: string; readonly isGateway: boolean }
  | { readonly kind: "token" | "resources" }
  | { readonly kind: "tenant-info" }
  /** Webhooks of an administrator; `id` names one. */
  | { readonly kind: "admin-hooks"; readonly id: string | null; readonly selfUrl: string }
  | { readonly kind: "page"; readonly path: string };

export interface Site {
  /** Base of the site, its context path included. */
  readonly siteUrl: string;
  readonly cloudId: string;
  readonly apiVersion: "2" | "3";
}

/** Understands the site's own address, Atlassian's gateway and its sign-in server. */
export function locate(url: URL, { siteUrl, cloudId, apiVersion }: Site): Location {
  const { origin, pathname } = url;
  if (origin === authorizationOrigin || pathname === "/oauth/token") {
    if (pathname === "/oauth/token") return { kind: "token" };
  }
  if (pathname === "/oauth/token/accessible-resources") return { kind: "resources" };
  if (pathname === "/_edge/tenant_info") return { kind: "tenant-info" };
  const gateway = `/ex/jira/${cloudId}`;
  const isGateway = pathname.startsWith(`${gateway}/`);
  const context = isGateway ? gateway : new URL(siteUrl).pathname.replace(/\/$/, "");
  const below = pathname.startsWith(`${context}/`) ? pathname.slice(context.length) : null;
  const hooks = apiVersion === "3" ? "/rest/webhooks/1.0/webhook" : "/rest/jira-webhook/1.0/webhooks";
  if (below === hooks || below?.startsWith(`${hooks}/`) === true) {
    const id = below.slice(hooks.length + 1);
    return { kind: "admin-hooks", id: id === "" ? null : id, selfUrl: `${origin}${context}${hooks}` };
  }
  // Cloud has the older version as well; what is asked in it before anything is known is this.
  const api = below === "/rest/api/2/serverInfo" ? "/rest/api/2" : `/rest/api/${apiVersion}`;
  if (below === null || !below.startsWith(`${api}/`)) return { kind: "page", path: pathname };
  const base = isGateway ? gatewayOrigin : origin;
  return { kind: "api", path: below.slice(api.length), selfUrl: `${base}${context}${api}`, isGateway };
}

/**
 * Who asks: null for nobody, undefined for a credential that is not good. Cloud takes an e-mail address with an API token,
 * Data Center a personal access token or a name with a password; tokens of an app are good at the gateway only.
 */
export function tokenOf(
  world: World,
  oauth: OAuth | null,
  headers: Headers,
  isGateway: boolean,
): TokenRecord | null | undefined {
  const header = headers.get("authorization");
  if (header === null) return null;
  const [scheme = "", value = ""] = header.split(" ");
  if (scheme.toLowerCase() === "basic") {
    const [name = "", ...secret] = Buffer.from(value, "base64").toString("utf8").split(":");
    const token = world.tokens.get(secret.join(":"));
    const isTheirs = token !== undefined && [token.user.email, token.user.name].includes(name);
    return isTheirs && token.kind !== "personal" && !token.isRevoked ? token : undefined;
  }
  if (scheme.toLowerCase() !== "bearer") return undefined;
  if (isGateway) return oauth?.find(value);
  const token = world.tokens.get(value);
  return token === undefined || token.isRevoked || token.kind !== "personal" ? undefined : token;
}
