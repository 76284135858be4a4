import type { TokenRecord } from "./model.ts";
import type { OAuth } from "./oauth.ts";
import type { World } from "./world.ts";

/** Where a request goes. */
export type Location =
  | { readonly kind: "api"; readonly path: string }
  | { readonly kind: "token" }
  | { readonly kind: "page"; readonly path: string };

/** Understands the site's own address, with a relative root or without. */
export function locate(url: URL, siteUrl: string): Location {
  const root = new URL(siteUrl).pathname.replace(/\/$/, "");
  const { pathname } = url;
  if (!pathname.startsWith(`${root}/`)) return { kind: "page", path: pathname };
  const below = pathname.slice(root.length);
  if (below === "/oauth/token") return { kind: "token" };
  return below.startsWith("/api/v4/")
    ? { kind: "api", path: below.slice("/api/v4".length) }
    : { kind: "page", path: below };
}

/** Who asks: null for nobody, undefined for a credential that is not good. */
export function tokenOf(world: World, oauth: OAuth, headers: Headers): TokenRecord | null | undefined {
  const bearer = /^Bearer (\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  const value = headers.get("private-token") ?? bearer;
  if (value === undefined) return null;
  if (bearer !== undefined) {
    const signedIn = oauth.find(bearer);
    if (signedIn !== undefined) return signedIn;
  }
  const token = world.tokens.get(value);
  const isOver = token === undefined || token.isRevoked || (token.expiresAt !== null && token.expiresAt <= world.now());
  return isOver ? undefined : token;
}
