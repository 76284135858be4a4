import { notFound, unauthorized } from "./failure.ts";
import type { UserRecord } from "./model.ts";
import { presentRepository } from "./repository-view.ts";
import { enter, type RestAnswer, type RestCall, type RestOperation } from "./rest-call.ts";
import { presentOwnUser, presentPublicUser } from "./user-view.ts";

/** Who the token is and what a repository allows it. */
export const repositoryOperations: readonly RestOperation[] = [
  { method: "GET", template: "/user", handle: readUser },
  { method: "GET", template: "/user/{account_id}", handle: (call) => readOther(call, byId(call)) },
  { method: "GET", template: "/users/{username}", handle: (call) => readOther(call, byLogin(call)) },
  { method: "GET", template: "/repos/{owner}/{repo}", handle: readRepository },
];

function readUser(call: RestCall): RestAnswer {
  if (call.token === null) throw unauthorized("Requires authentication");
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

function readRepository(call: RestCall): RestAnswer {
  const { repository, access } = enter(call, { permission: "metadata", level: "read", role: "read" });
  const shown = call.token === null ? undefined : access;
  return { status: 200, body: presentRepository(call.view, repository, shown) };
}
