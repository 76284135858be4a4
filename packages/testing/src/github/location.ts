import { installationToken } from "./app-access.ts";
import type { TokenRecord } from "./model.ts";
import type { World } from "./world.ts";

/** A request's place in the API: the base that URLs in the answer begin with, and the path below it. */
export interface ApiLocation {
  readonly apiUrl: string;
  readonly path: string;
  readonly isGraphQL: boolean;
}

/** Understands github.com's layout and that of Enterprise Server (`/api/v3`, `/api/graphql`). */
export function locate(url: URL): ApiLocation {
  const { origin, pathname } = url;
  if (pathname === "/graphql" || pathname === "/api/graphql")
    return { apiUrl: origin, path: pathname, isGraphQL: true };
  if (!pathname.startsWith("/api/v3/")) return { apiUrl: origin, path: pathname, isGraphQL: false };
  return { apiUrl: `${origin}/api/v3`, path: pathname.slice("/api/v3".length), isGraphQL: false };
}

/** The token of the `Authorization` header: `null` without one, `undefined` for one that is not valid (any more). */
export function tokenOf(world: World, headers: Headers): TokenRecord | null | undefined {
  const header = headers.get("authorization");
  if (header === null) return null;
  const value = /^(?:bearer|token) +(\S+)$/i.exec(header)?.[1];
  const token = value === undefined ? undefined : world.tokens.get(value);
  return token === undefined || token.revoked ? undefined : installationToken(world, token);
}
