import { Buffer } from "node:buffer";
import type { TokenRecord } from "./model.ts";
import type { World } from "./world.ts";

/** Where a request goes. */
export type Location =
  | { readonly kind: "api"; readonly path: string }
  /** The page that a credential which is not good leads to. */
  | { readonly kind: "sign-in" }
  | { readonly kind: "page" };

/** Services answers for people's identities on a host of its own, under the same organisation. */
const identityOrigin = "https://vssps.dev.azure.com";
const servicesOrigin = "https://dev.azure.com";

export function locate(url: URL, home: string): Location {
  if (url.pathname.endsWith("/_signin")) return { kind: "sign-in" };
  const asked = url.origin === identityOrigin ? `${servicesOrigin}${url.pathname}` : `${url.origin}${url.pathname}`;
  const path = asked.startsWith(`${home}/`) ? asked.slice(home.length) : null;
  return path !== null && /(^|\/)_apis(\/|$)/i.test(path) ? { kind: "api", path } : { kind: "page" };
}

/**
 * Who asks: null for nobody, undefined for a credential that is not good. A personal access token is a password whose
 * name does not matter, a token of Microsoft Entra a bearer.
 */
export function tokenOf(world: World, headers: Headers): TokenRecord | null | undefined {
  const header = headers.get("authorization");
  if (header === null) return null;
  const [scheme = "", value = ""] = header.split(" ");
  const isBasic = scheme.toLowerCase() === "basic";
  const text = isBasic ? Buffer.from(value, "base64").toString("utf8") : value;
  const secret = isBasic ? text.slice(text.indexOf(":") + 1) : text;
  const token = world.tokens.get(secret);
  if (token === undefined || token.isRevoked) return undefined;
  return (token.kind === "personal") === isBasic ? token : undefined;
}
