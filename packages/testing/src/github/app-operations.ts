import type { JsonObject } from "../fake/json.ts";
import { covers } from "./app-access.ts";
import type { AppRecord, InstallationRecord } from "./app-model.ts";
import { presentApp, presentInstallation } from "./app-view.ts";
import { ApiFailure, forbidden, notFound } from "./failure.ts";
import { createTokenValue } from "./identifiers.ts";
import { paginate } from "./paging.ts";
import { presentRepository } from "./repository-view.ts";
import type { RestAnswer, RestCall, RestOperation } from "./rest-call.ts";
import { toIsoSeconds } from "./time.ts";

const installation = "/app/installations/{installation_id}";
const tokenLifeMs = 3_600_000;

/** What an app asks as itself, with a JSON web token, and what an installation asks about itself. */
export function appOperations(random: () => number): readonly RestOperation[] {
  return [
    { method: "GET", template: "/app", handle: readApp },
    { method: "GET", template: installation, handle: readInstallation },
    { method: "POST", template: `${installation}/access_tokens`, handle: (call) => createToken(call, random) },
    { method: "GET", template: "/installation/repositories", handle: listRepositories },
  ];
}

/** True for operations that take a JSON web token and nothing else. */
export function isAppOperation(operation: RestOperation | undefined): boolean {
  return operation !== undefined && /^\/app(?:\/|$)/.test(operation.template);
}

function readApp(call: RestCall): RestAnswer {
  return { status: 200, body: presentApp(call.view, appOf(call)) };
}

function readInstallation(call: RestCall): RestAnswer {
  const app = appOf(call);
  return { status: 200, body: presentInstallation(call.view, app, installationOf(call, app)) };
}

function createToken(call: RestCall, random: () => number): RestAnswer {
  const { world } = call;
  const app = appOf(call);
  const found = installationOf(call, app);
  if (found.suspendedAt !== null) throw new ApiFailure(403, "This installation has been suspended");
  const value = createTokenValue(random, "installation", app.id);
  const expiresAt = world.stamp() + tokenLifeMs;
  world.tokens.set(value, {
    value,
    user: app.bot,
    scopes: [],
    permissions: found.permissions,
    repositories: new Map(),
    defaultAccess: "none",
    revoked: false,
    installationId: found.id,
    expiresAt,
  });
  const body = {
    token: value,
    expires_at: toIsoSeconds(expiresAt),
    permissions: { ...found.permissions },
    repository_selection: found.repositories === null ? "all" : "selected",
  };
  return { status: 201, body };
}

function listRepositories(call: RestCall): RestAnswer {
  const found = call.world.apps.installations.get(call.token?.installationId ?? 0);
  if (found === undefined) throw forbidden("You must authenticate with an installation access token");
  const all = call.world.repositories().filter((repository) => covers(found, repository));
  const page = paginate(all, call.query, `${call.view.apiUrl}/installation/repositories`);
  const repositories = page.items.map((repository) => listed(presentRepository(call.view, repository, "none")));
  const body = {
    total_count: all.length,
    repository_selection: found.repositories === null ? "all" : "selected",
    repositories,
  };
  return { status: 200, body, headers: page.headers };
}

/** Lists tell less than the repository itself. */
function listed({ network_count: _network, subscribers_count: _subscribers, ...repository }: JsonObject): JsonObject {
  return repository;
}

function appOf(call: RestCall): AppRecord {
  if (call.app === null) throw notFound();
  return call.app;
}

function installationOf(call: RestCall, app: AppRecord): InstallationRecord {
  const found = call.world.apps.installations.get(Number(call.params.installation_id));
  if (found === undefined || found.appId !== app.id) throw notFound();
  return found;
}
