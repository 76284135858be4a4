import type { ContainerReport } from "@backref/core/provider";
import { z } from "zod";
import type { GitHubClient } from "./client.ts";
import { isRefusal, type Operation } from "./errors.ts";
import { isSameContainer, splitContainer } from "./keys.ts";
import { parseShape } from "./shapes.ts";

const operation: Operation = { name: "connect.test", isWrite: false };

const repositoryShape = z.object({
  full_name: z.string(),
  has_issues: z.boolean().nullish(),
  archived: z.boolean().nullish(),
  permissions: z.object({ push: z.boolean().nullish(), triage: z.boolean().nullish() }).nullish(),
});

export interface TestedContainer {
  readonly report: ContainerReport;
  readonly problems: readonly string[];
}

/** @param scopes of a classic token; null for tokens that do not tell. */
export async function testContainer(
  client: GitHubClient,
  container: string,
  scopes: readonly string[] | null,
): Promise<TestedContainer> {
  try {
    const answer = await client.request(operation, "GET /repos/{owner}/{repo}", splitContainer(container));
    const repository = answer.as((data) => parseShape(repositoryShape, data, "repository"));
    const tested = judge(container, repository, scopes);
    // A fine-grained token sees the repository with any permission at all; only its issues tell about theirs.
    if (scopes === null && repository.has_issues !== false) {
      await client.request(operation, "GET /repos/{owner}/{repo}/issues", {
        ...splitContainer(container),
        per_page: 1,
      });
    }
    return tested;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const hint = error.status === 404 ? "check the name, and that the token covers this repository" : error.message;
    const problems = [`${container} cannot be reached: ${hint}.`.replace(/\.\.$/, ".")];
    return { report: { container, reachable: false, writable: false }, problems };
  }
}

function judge(
  container: string,
  repository: z.infer<typeof repositoryShape>,
  scopes: readonly string[] | null,
): TestedContainer {
  const problems: string[] = [];
  const isOpen = repository.has_issues !== false && repository.archived !== true;
  const { permissions } = repository;
  const mayWrite =
    permissions === null || permissions === undefined ? null : permissions.push === true || permissions.triage === true;
  if (repository.archived === true) {
    problems.push(`${container} is archived and read-only: unarchive it, or choose another repository.`);
  }
  if (repository.has_issues === false) {
    problems.push(`Issues are disabled in ${container}: enable them in the repository settings.`);
  }
  if (mayWrite === false) {
    problems.push(
      `The token's account may not write to ${container}: GitHub would drop labels and refuse changes. Give it the role Triage or Write there.`,
    );
  }
  if (!isSameContainer(repository.full_name, container)) {
    problems.push(`${container} is called ${repository.full_name} now: use the new name.`);
  }
  // The permissions are the account's. What a fine-grained token may do of that, only a write tells.
  const isCovered = scopes === null ? null : scopes.includes("repo") || scopes.includes("public_repo");
  const writable = isOpen && mayWrite !== false && isCovered !== false ? mayWrite && isCovered : false;
  return { report: { container, reachable: true, writable }, problems };
}
