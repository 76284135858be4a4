import type { JsonObject } from "../fake/json.ts";
import { covers } from "./app-access.ts";
import type { AppRecord, InstallationRecord } from "./app-model.ts";
import { presentInstallation } from "./app-view.ts";
import type { HookRecord, RepositoryRecord, UserRecord } from "./model.ts";
import { presentUser } from "./user-view.ts";
import type { View } from "./view.ts";
import type { World } from "./world.ts";

/** Where a delivery goes: a repository's hook, or that of an app. */
export interface HookTarget {
  readonly id: number;
  readonly url: string;
  readonly secret: string | null;
  readonly contentType: string;
  /** As in `X-GitHub-Hook-Installation-Target-*`. */
  readonly targetId: number;
  readonly targetType: "repository" | "integration";
}

export function repositoryTarget({ repositoryId, ...hook }: HookRecord): HookTarget {
  return { ...hook, targetId: repositoryId, targetType: "repository" };
}

export function appTarget({ id, hook }: AppRecord): HookTarget | null {
  return hook === null ? null : { ...hook, contentType: "json", targetId: id, targetType: "integration" };
}

/** Apps that listen to an event in a repository, each with the installation that lets it. Suspended ones hear nothing. */
export function appListeners(
  world: World,
  repository: RepositoryRecord,
  event: string,
): readonly { readonly target: HookTarget; readonly installation: InstallationRecord }[] {
  return [...world.apps.installations.values()].flatMap((installation) => {
    const app = world.apps.apps.get(installation.appId);
    const target = app?.events.includes(event) === true ? appTarget(app) : null;
    const hears = installation.suspendedAt === null && covers(installation, repository);
    return target !== null && hears ? [{ target, installation }] : [];
  });
}

/** Something that happened to an installation; apps hear of it without having subscribed. */
export interface InstallationEvent {
  readonly event: "installation" | "installation_repositories";
  readonly action: string;
  readonly app: AppRecord;
  readonly installation: InstallationRecord;
  readonly sender: UserRecord;
  readonly added?: readonly RepositoryRecord[];
  readonly removed?: readonly RepositoryRecord[];
}

export function presentInstallationEvent(view: View, event: InstallationEvent): JsonObject {
  const { app, installation, added = [], removed = [] } = event;
  const isSelection = event.event === "installation_repositories";
  return {
    action: event.action,
    installation: presentInstallation(view, app, installation),
    ...(isSelection && {
      repositories_added: added.map(shortRepository),
      repositories_removed: removed.map(shortRepository),
      repository_selection: installation.repositories === null ? "all" : "selected",
      requester: null,
    }),
    sender: presentUser(view, event.sender),
  };
}

function shortRepository({ id, nodeId, owner, name, private: isPrivate }: RepositoryRecord): JsonObject {
  return { id, node_id: nodeId, name, full_name: `${owner}/${name}`, private: isPrivate };
}
