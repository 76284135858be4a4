import type { IssueSite } from "@backref/core/provider";
import { withoutTrailingSlashes } from "@backref/provider-kit";
import type { GitLabOptions } from "./types.ts";

export const defaultBaseUrl: string = "https://gitlab.com";

/** Where people read issues. No trailing slash. */
export function webUrlOf(site: IssueSite<GitLabOptions>): string {
  return site.options.webUrl ?? site.baseUrl;
}

/** Base of the REST API below a site, its relative root included. */
export function apiUrlOf(baseUrl: string): string {
  return `${baseUrl}/api/v4`;
}

/** True for GitLab's own site, whose limits and paths are known. */
export function isGitLabCom(baseUrl: string): boolean {
  return new URL(baseUrl).hostname === "gitlab.com";
}

const pages = /\/(?:-|api|users|dashboard|explore|admin|help|profile)(?:\/.*)?$/;

/** A site's address of what people copy from its pages, or of its API's. Self-managed sites may have a relative root. */
export function normaliseBaseUrl(baseUrl: string): string {
  const { origin, hostname, pathname } = new URL(baseUrl);
  if (/^(?:www\.)?gitlab\.com$/.test(hostname)) return defaultBaseUrl;
  return `${origin}${withoutTrailingSlashes(pathname.replace(pages, ""))}`;
}
