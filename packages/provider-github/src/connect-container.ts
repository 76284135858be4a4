import type { ContainerReport } from "@backref/core/provider";
import { isRefusal, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitHubClient } from "./client.ts";
import { isSameContainer, splitContainer } from "./keys.ts";

const operation: Operation = { name: "connect.test", isWrite: false };

const repositoryShape = z.object({
  full_name: z.string(),
  has_issues: z.boolean().nullish(),
  archived: z.boolean().nullish(),
  permissions: z.object({ push: z.boolean().nullish(), triage: z.boolean().nullish() }).nullish(),
});

/** What is known of a credential before a repository is asked. */
export type ContainerRights =
  | { readonly kind: "classic"; readonly scopes: readonly string[] }
  /** Does not tell what it may do. */
  | { readonly kind: "fine-grained" }
  | {
      readonly kind: "app";
      readonly mayWrite: boolean;
      /** In words that follow "cannot be reached:"; null where the installation covers the repository. */
      whyNotCovered(container: string): Promise<string | null>;
    };

export interface TestedContainer {
  readonly report: ContainerReport;
  /** Somebody has to do something about it. */
  readonly isAmiss: boolean;
  /** What is wrong, and what is only worth knowing. */
  readonly problems: readonly string[];
}

export async function testContainer(
  client: GitHubClient,
  container: string,
  rights: ContainerRights,
): Promise<TestedContainer> {
  try {
    const answer = await client.request(operation, "GET /repos/{owner}/{repo}", splitContainer(container));
    const repository = answer.as((data) => parseShape(repositoryShape, data, "repository"));
    // Everybody may look at a public repository; an app writes only where it is installed.
    const hindrance = rights.kind === "app" ? await rights.whyNotCovered(repository.full_name) : null;
    if (hindrance !== null) return unreachable(container, hindrance);
    const tested = judge(container, repository, rights);
    // A fine-grained token sees the repository with any permission at all; only its issues tell about theirs.
    if (rights.kind === "fine-grained" && repository.has_issues !== false) {
      await client.request(operation, "GET /repos/{owner}/{repo}/issues", {
        ...splitContainer(container),
        per_page: 1,
      });
    }
    return tested;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (error.status !== 404 || error.failure === "auth") return unreachable(container, error.message);
    const hindrance = rights.kind === "app" ? await rights.whyNotCovered(container) : null;
    return unreachable(container, hindrance ?? "check the name, and that the token covers this repository");
  }
}

function unreachable(container: string, why: string): TestedContainer {
  const problems = [`${container} cannot be reached: ${why}.`.replace(/\.\.$/, ".")];
  return { report: { container, reachable: false, writable: false }, isAmiss: true, problems };
}

function judge(
  container: string,
  repository: z.infer<typeof repositoryShape>,
  rights: ContainerRights,
): TestedContainer {
  const problems: string[] = [];
  const isOpen = repository.has_issues !== false && repository.archived !== true;
  if (repository.archived === true) {
    problems.push(`${container} is archived and read-only: unarchive it, or choose another repository.`);
  }
  if (repository.has_issues === false) {
    problems.push(`Issues are disabled in ${container}: enable them in the repository settings.`);
  }
  const role = rights.kind === "app" ? null : roleAllows(repository);
  if (role === false) {
    problems.push(
      `The token's account may not write to ${container}: GitHub would drop labels and refuse changes. Give it the role Triage or Write there.`,
    );
  }
  const isAmiss = problems.length > 0;
  if (!isSameContainer(repository.full_name, container)) {
    problems.push(`${container} is called ${repository.full_name} now: its links and targets follow by themselves.`);
  }
  const writable = isOpen ? mayWrite(rights, role) : false;
  return { report: { container, reachable: true, writable }, isAmiss, problems };
}

/** Null where GitHub does not tell the role. */
function roleAllows({ permissions }: z.infer<typeof repositoryShape>): boolean | null {
  if (permissions === null || permissions === undefined) return null;
  return permissions.push === true || permissions.triage === true;
}

/** The role is the account's. What a fine-grained token may do of that, only a write tells. */
function mayWrite(rights: ContainerRights, role: boolean | null): boolean | null {
  if (rights.kind === "app") return rights.mayWrite;
  if (role === false) return false;
  if (rights.kind === "fine-grained") return null;
  return rights.scopes.includes("repo") || rights.scopes.includes("public_repo") ? role : false;
}
