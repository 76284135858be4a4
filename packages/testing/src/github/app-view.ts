import type { JsonObject } from "../fake/json.ts";
import type { AppRecord, InstallationRecord } from "./app-model.ts";
import { toIsoSeconds } from "./time.ts";
import { presentUser } from "./user-view.ts";
import type { View } from "./view.ts";

/** GitHub's `integration`. */
export function presentApp(view: View, app: AppRecord): JsonObject {
  const at = toIsoSeconds(app.createdAt);
  return {
    id: app.id,
    slug: app.slug,
    node_id: app.nodeId,
    client_id: app.clientId,
    owner: presentUser(view, app.owner),
    name: app.name,
    description: null,
    external_url: "https://host.example",
    html_url: `${view.htmlUrl}/apps/${app.slug}`,
    created_at: at,
    updated_at: at,
    permissions: { ...app.permissions },
    events: app.events,
    installations_count: [...view.world.apps.installations.values()].filter(({ appId }) => appId === app.id).length,
  };
}

/** GitHub's `installation`. */
export function presentInstallation(view: View, app: AppRecord, installation: InstallationRecord): JsonObject {
  const { id, account, suspendedAt } = installation;
  const at = toIsoSeconds(installation.createdAt);
  return {
    id,
    client_id: app.clientId,
    account: presentUser(view, account),
    repository_selection: installation.repositories === null ? "all" : "selected",
    access_tokens_url: `${view.apiUrl}/app/installations/${id}/access_tokens`,
    repositories_url: `${view.apiUrl}/installation/repositories`,
    html_url: `${view.htmlUrl}/organizations/${account.login}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: "Organization",
    permissions: { ...installation.permissions },
    events: app.events,
    created_at: at,
    updated_at: at,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: suspendedAt === null ? null : presentUser(view, account),
    suspended_at: suspendedAt === null ? null : toIsoSeconds(suspendedAt),
  };
}

/** How webhooks name an installation. */
export function presentInstallationId({ id, nodeId }: InstallationRecord): JsonObject {
  return { id, node_id: nodeId };
}
