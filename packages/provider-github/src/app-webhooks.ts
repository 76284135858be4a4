import type { WebhookEvent } from "@backref/core/provider";
import { z } from "zod";
import { idShape } from "./shapes.ts";
import type { GitHubAuth } from "./types.ts";

const addressed = z.object({ url: z.string() });
const payloadShape = z.object({
  installation: z.object({ id: idShape }),
  sender: addressed.nullish(),
  repository: addressed.nullish(),
});

/**
 * The installation's own address in the API: its id alone is unique on one server only, and the headers that name a server
 * are not signed.
 */
function scopeOf(baseUrl: string, installationId: string): string {
  return `${baseUrl}/app/installations/${installationId}`;
}

/** Which installation a payload tells that it belongs to. Everything else in it lies below the API's address. */
export function appScopeIn(payload: unknown): Pick<WebhookEvent, "appScope"> {
  const read = payloadShape.safeParse(payload);
  if (!read.success) return {};
  const { installation, sender, repository } = read.data;
  const url = sender?.url ?? repository?.url ?? "";
  const baseUrl = /^(https?:\/\/.+?)\/(?:users|repos)\/[^/]+/.exec(url)?.[1];
  return baseUrl === undefined ? {} : { appScope: scopeOf(baseUrl.toLowerCase(), installation.id) };
}

export function appScopeOf(auth: GitHubAuth, site: { readonly baseUrl: string }): string | null {
  return auth.type === "app" ? scopeOf(site.baseUrl.toLowerCase(), auth.installationId) : null;
}

const losing = new Set(["installation.deleted", "installation.suspend", "installation_repositories.removed"]);
const regaining = new Set([
  "installation.unsuspend",
  "installation.new_permissions_accepted",
  "installation_repositories.added",
]);

/** What an event tells of the access that an installation gives. */
export function accessOf(name: string): Pick<WebhookEvent, "access"> {
  if (losing.has(name)) return { access: "lost" };
  return regaining.has(name) ? { access: "regained" } : {};
}
