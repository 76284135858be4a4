import { invalid, notFound } from "./failure.ts";
import type { RepositoryRecord, UserRecord } from "./model.ts";
import { paginate } from "./paging.ts";
import { enter, type RestAnswer, type RestCall, type RestOperation, readIssues } from "./rest-call.ts";
import { presentUser } from "./user-view.ts";
import type { World } from "./world.ts";

/** Collaborators can be assigned. */
export function isAssignable(repository: RepositoryRecord, user: UserRecord): boolean {
  return repository.collaborators.has(user.login.toLowerCase());
}

/** The accounts of these logins, without doubles; 422 for one who cannot be assigned. */
export function requireAssignees(world: World, repository: RepositoryRecord, logins: readonly string[]): UserRecord[] {
  const users = logins.map((login) => {
    const user = world.findUser(login);
    if (user === undefined || !isAssignable(repository, user))
      throw invalid({ resource: "Issue", code: "invalid", field: "assignees", value: login });
    return user;
  });
  return [...new Set(users)];
}

/** Who can be assigned. */
export const assigneeOperations: readonly RestOperation[] = [
  { method: "GET", template: "/repos/{owner}/{repo}/assignees", handle: list },
  { method: "GET", template: "/repos/{owner}/{repo}/assignees/{assignee}", handle: check },
];

function list(call: RestCall): RestAnswer {
  const { repository } = enter(call, readIssues);
  const users = [...repository.collaborators.keys()].sort().flatMap((login) => call.world.findUser(login) ?? []);
  const page = paginate(users, call.query, `${call.view.apiUrl}/repositories/${repository.id}/assignees`);
  return { status: 200, body: page.items.map((user) => presentUser(call.view, user)), headers: page.headers };
}

function check(call: RestCall): RestAnswer {
  const { repository } = enter(call, readIssues);
  const user = call.world.findUser(call.params.assignee ?? "");
  const found = user !== undefined && isAssignable(repository, user);
  if (!found) throw notFound();
  return { status: 204 };
}
