import type { ProviderCall } from "@backref/core/provider";
import type { GitHubCall } from "./client.ts";
import type { GitHubAppAuth, GitHubOptions } from "./types.ts";

/** A call in the name of a GitHub App. */
export type GitHubAppCall = ProviderCall<GitHubAppAuth, GitHubOptions>;

export function isAppCall(call: GitHubCall): call is GitHubAppCall {
  return call.auth.type === "app";
}
