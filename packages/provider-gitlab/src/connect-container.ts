import type { ContainerReport } from "@backref/core/provider";
import { isRefusal, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitLabClient } from "./client.ts";
import { isSameContainer, projectAddress } from "./keys.ts";

const operation: Operation = { name: "connect.test", isWrite: false };

const accessShape = z.object({ access_level: z.coerce.number() }).nullish().catch(null);
const projectShape = z.object({
  path_with_namespace: z.string(),
  archived: z.boolean().nullish(),
  issues_enabled: z.boolean().nullish(),
  issues_access_level: z.string().nullish(),
  permissions: z.object({ project_access: accessShape, group_access: accessShape }).nullish(),
});

type Project = z.infer<typeof projectShape>;

/** The least role that may label, assign and change issues of others: https://docs.gitlab.com/user/permissions/ */
const planner = 15;

/** What somebody has to do about a project before it can be used. */
export async function testContainer(
  client: GitLabClient,
  container: string,
  baseUrl: string,
): Promise<{ readonly report: ContainerReport; readonly problems: readonly string[] }> {
  try {
    const answer = await client.request(operation, "GET", projectAddress(container));
    const project = answer.as((data) => parseShape(projectShape, data, "project"));
    const problems = problemsOf(container, project);
    const level = levelOf(project);
    const isClosed = project.archived === true || lacksIssues(project);
    const writable = isClosed ? false : level === null ? null : level >= planner;
    return { report: { container, reachable: !lacksIssues(project), writable }, problems };
  } catch (error) {
    if (!isRefusal(error) || error.failure === "auth") throw error;
    const why = error.status === 404 ? notFoundAdvice(container, baseUrl) : error.message.replace(/\.$/, "");
    return {
      report: { container, reachable: false, writable: false },
      problems: [`${container} cannot be reached: ${why}.`],
    };
  }
}

/** A project's URL holds the site's relative root, where it has one. */
function notFoundAdvice(container: string, baseUrl: string): string {
  const root = new URL(baseUrl).pathname.slice(1);
  if (root !== "" && container.startsWith(`${root}/`)) {
    return `leave out "${root}/", which belongs to the base URL`;
  }
  return "check the path, and that the token's account is a member";
}

function problemsOf(container: string, project: Project): readonly string[] {
  const { archived, path_with_namespace: path } = project;
  const problems: string[] = [];
  if (archived === true)
    problems.push(`${container} is archived and read-only: unarchive it, or choose another project.`);
  if (lacksIssues(project))
    problems.push(`Issues are switched off in ${container}: enable them in the project's settings.`);
  const level = levelOf(project);
  if (level !== null && level < planner) {
    problems.push(
      `In ${container} the token's role is too low to label and change issues: give its account the role Planner, Reporter or higher.`,
    );
  }
  if (!isSameContainer(path, container)) {
    problems.push(`${container} is called ${path} now: give the new path.`);
  }
  return problems;
}

function lacksIssues({ issues_enabled: isOn, issues_access_level: level }: Project): boolean {
  return isOn === false || level === "disabled";
}

/** The higher of both roles; null where GitLab tells none, as for administrators. */
function levelOf({ permissions }: Project): number | null {
  const levels = [permissions?.project_access, permissions?.group_access].flatMap(
    (access) => access?.access_level ?? [],
  );
  return levels.length === 0 ? null : Math.max(...levels);
}
