import type { ContainerReport } from "@backref/core/provider";
import { hasStatus, isRefusal, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { RedmineClient } from "./client.ts";
import type { Account } from "./connect.ts";
import { projectAddress } from "./keys.ts";
import { idShape } from "./shapes.ts";

const operation: Operation = { name: "connect.test", isWrite: false };

const projectShape = z.object({
  project: z.object({
    id: idShape,
    status: z.number().nullish(),
    enabled_modules: z
      .array(z.object({ name: z.string() }))
      .nullish()
      .catch(null),
  }),
});
const roleShape = z.object({ role: z.object({ permissions: z.array(z.string()).nullish() }) });

/** What issues are read and written with, and how Redmine's page of roles calls it. */
const needed: Readonly<Record<string, string>> = {
  view_issues: "View issues",
  add_issues: "Add issues",
  edit_issues: "Edit issues",
  add_issue_notes: "Add notes",
  edit_own_issue_notes: "Edit own notes",
};
const activeStatus = 1;

export interface TestedContainer {
  readonly report: ContainerReport;
  readonly problems: readonly string[];
}

/** What somebody has to do about a project before it can be used. Roles are asked for once. */
export function createContainerTest(
  client: RedmineClient,
  account: Account,
): (container: string) => Promise<TestedContainer> {
  const known = new Map<string, readonly string[] | null>();
  const permissionsOf = async (role: string) => {
    const permissions = known.has(role) ? (known.get(role) ?? null) : await readPermissions(client, role);
    known.set(role, permissions);
    return permissions;
  };
  return async (container) => {
    try {
      const path = projectAddress(container);
      const answer = await client.request(operation, "GET", path, { query: { include: "enabled_modules" } });
      const { project } = answer.as((data) => parseShape(projectShape, data, "answer"));
      const problems: string[] = [];
      if ((project.status ?? activeStatus) !== activeStatus) {
        problems.push(`${container} is closed or archived: reopen it, or choose another project.`);
      }
      const lacksIssues = project.enabled_modules?.every(({ name }) => name !== "issue_tracking") === true;
      if (lacksIssues)
        problems.push(`Issues are switched off in ${container}: enable the module Issue tracking there.`);
      const roles = account.roles.get(project.id) ?? [];
      const permissions = [];
      for (const role of roles) permissions.push(await permissionsOf(role));
      const isTold = roles.length > 0 && permissions.every((list) => list !== null);
      const missing = isTold && !account.isAdmin ? missingOf(permissions.flatMap((list) => list ?? [])) : [];
      if (missing.length > 0) {
        problems.push(`In ${container} the account's role lacks: ${missing.join(", ")}. Give it the permissions.`);
      }
      const writable = problems.length > 0 ? false : isTold || account.isAdmin ? true : null;
      return { report: { container, reachable: !lacksIssues, writable }, problems };
    } catch (error) {
      if (!isRefusal(error) || error.failure === "auth") throw error;
      const why =
        error.status === 404
          ? "there is no project of that identifier"
          : error.status === 403
            ? "the key's account is no member"
            : error.message.replace(/\.$/, "");
      return {
        report: { container, reachable: false, writable: false },
        problems: [`${container} cannot be reached: ${why}.`],
      };
    }
  };
}

function missingOf(permissions: readonly string[]): readonly string[] {
  return Object.entries(needed).flatMap(([name, words]) => (permissions.includes(name) ? [] : [words]));
}

/** Null where the account may not look. */
async function readPermissions(client: RedmineClient, role: string): Promise<readonly string[] | null> {
  try {
    const answer = await client.request(operation, "GET", `/roles/${role}`);
    return answer.as((data) => parseShape(roleShape, data, "answer").role.permissions ?? null);
  } catch (error) {
    if (hasStatus(error, 403, 404)) return null;
    throw error;
  }
}
