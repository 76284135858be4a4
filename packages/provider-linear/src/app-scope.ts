import type { LinearAuth } from "./types.ts";

/** A workspace of one API: the application's deliveries name it by its id. */
export function scopeOf(baseUrl: string, organizationId: string): string {
  return `${baseUrl}/organizations/${organizationId}`;
}

/** Which workspace a sign-in is good for; keys and tokens that were entered belong to nobody's application. */
export function appScopeOf(auth: LinearAuth, site: { readonly baseUrl: string }): string | null {
  if (auth.type !== "oauth" || auth.organizationId === null) return null;
  return scopeOf(site.baseUrl, auth.organizationId);
}
