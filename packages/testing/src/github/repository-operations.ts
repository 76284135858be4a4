import { accessOf } from "./access.ts";
import { forbidden, notFound, unauthorized } from "./failure.ts";
import type { UserRecord } from "./model.ts";
import { paginate } from "./paging.ts";
import { presentListedRepository, presentRepository, repositoryName } from "./repository-view.ts";
import { enter, type RestAnswer, type RestCall, type RestOperation } from "./rest-call.ts";
import { presentOwnUser, presentPublicUser } from "./user-view.ts";

/** Who the token is and what a repository allows it. */
export const repositoryOperations: readonly RestOperation[] = [
  { method: "GET", template: "/user", handle: readUser },
  { method: "GET", template: "/user/{account_id}", handle: (call) => readOther(call, byId(call)) },
  { method: "GET", template: "/users/{username}", handle: (call) => readOther(call, byLogin(call)) },
  { method: "GET", template: "/user/repos", handle: listRepositories },
  { method: "GET", template: "/repos/{owner}/{repo}", handle: readRepository },
];

function readUser(call: RestCall): RestAnswer {
  if (call.token === null) throw unauthorized("Requires authentication");
  if (call.token.installationId !== undefined) throw forbidden("Resource not accessible by integration");
  return { status: 200, body: presentOwnUser(call.view, call.token) };
}

function byId(call: RestCall): UserRecord | undefined {
  return call.world.userById(Number(call.params.account_id));
}

function byLogin(call: RestCall): UserRecord | undefined {
  return call.world.findUser(call.params.username ?? "");
}

function readOther(call: RestCall, user: UserRecord | undefined): RestAnswer {
  if (user === undefined) throw notFound();
  return { status: 200, body: presentPublicUser(call.view, user) };
}

/** Repositories in which the token has a role of its own; being able to see a public one does not count. */
function listRepositories(call: RestCall): RestAnswer {
  const { token, world, view } = call;
  if (token === null) throw unauthorized("Requires authentication");
  if (token.installationId !== undefined) throw forbidden("Resource not accessible by integration");
  const roleIn = (name: string) => token.repositories.get(name.toLowerCase()) ?? token.defaultAccess;
  const mine = world
    .repositories()
    .filter((repository) => accessOf(token, repository) !== "none" && roleIn(repositoryName(repository)) !== "none")
    .sort((a, b) => (repositoryName(a).toLowerCase() < repositoryName(b).toLowerCase() ? -1 : 1));
  const page = paginate(mine, call.query, `${view.apiUrl}/user/repos`);
  const body = page.items.map((repository) => presentListedRepository(view, repository, accessOf(token, repository)));
  return { status: 200, body, headers: page.headers };
}

function readRepository(call: RestCall): RestAnswer {
  const { repository, access } = enter(call, { permission: "metadata", level: "read", role: "read" });
  // What an app may do is no role: GitHub shows it none.
  const shown = call.token?.installationId === undefined ? access : "none";
  return { status: 200, body: presentRepository(call.view, repository, call.token === null ? undefined : shown) };
}
