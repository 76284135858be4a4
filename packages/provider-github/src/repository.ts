import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitHubClient } from "./client.ts";
import { splitContainer } from "./keys.ts";

/** How a repository answers this token, as far as its issues are concerned. */
export type RepositoryState = "open" | "issues-disabled" | "unreachable";

const repositoryShape = z.object({ has_issues: z.boolean().nullish() });

/** One request. With issues disabled, GitHub hides them all: none of them is deleted. */
export async function repositoryState(
  client: GitHubClient,
  operation: Operation,
  container: string,
): Promise<RepositoryState> {
  try {
    const answer = await client.request(operation, "GET /repos/{owner}/{repo}", splitContainer(container));
    const { has_issues: hasIssues } = answer.as((data) => parseShape(repositoryShape, data, "repository"));
    return hasIssues === false ? "issues-disabled" : "open";
  } catch (error) {
    if (hasStatus(error, 301, 404, 410, 451) || isForbidden(error)) return "unreachable";
    throw error;
  }
}

/** A 403 that is no rate limit. */
export function isForbidden(error: unknown): boolean {
  return hasStatus(error, 403) && error.failure === "forbidden";
}
