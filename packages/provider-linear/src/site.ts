import type { IssueSite } from "@backref/core/provider";
import type { LinearOptions } from "./types.ts";

export const defaultBaseUrl: string = "https://api.linear.app";
const webUrl = "https://linear.app";

/** Where people read the workspace. */
export function workspaceUrlOf(site: IssueSite<LinearOptions>): string {
  return `${webUrl}/${site.options.workspace}`;
}

/** The API's address of any that people know: Linear has one API for all workspaces. */
export function normaliseBaseUrl(baseUrl: string): string {
  const { hostname } = new URL(baseUrl);
  return /^(?:api\.|www\.)?linear\.app$/.test(hostname) ? defaultBaseUrl : baseUrl;
}

export const authorizeUrl: string = `${webUrl}/oauth/authorize`;

export function tokenUrlOf(baseUrl: string): string {
  return `${baseUrl}/oauth/token`;
}

export function graphqlUrlOf(baseUrl: string): string {
  return `${baseUrl}/graphql`;
}
