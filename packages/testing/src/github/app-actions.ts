import { generateKeyPairSync } from "node:crypto";
import { covers } from "./app-access.ts";
import type { InstallationEvent } from "./app-deliveries.ts";
import type { AppRecord, InstallationRecord } from "./app-model.ts";
import { createNodeId } from "./identifiers.ts";
import type { FineGrainedPermissions, RepositoryRecord } from "./model.ts";
import { requireRepository } from "./person.ts";
import type { World } from "./world.ts";

/** An RSA key pair as PEM, the private one in PKCS#1. */
export interface AppKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** A GitHub App. */
export interface AppOptions {
  /** Also its slug. @default "backref-app" */
  readonly name?: string;
  /** Account that the app belongs to. @default "host" */
  readonly owner?: string;
  /** @default issues: write, metadata: read */
  readonly permissions?: FineGrainedPermissions;
  /** @default issues and their comments */
  readonly events?: readonly string[];
  /** PEM, as `createAppKeys` makes them. @default made anew, which takes some tenths of a second */
  readonly keys?: AppKeys;
  /** The app's own webhook. @default none */
  readonly webhook?: { readonly url: string; readonly secret?: string };
}

/** An app as its owner sees it. */
export interface FakeApp {
  readonly id: number;
  readonly clientId: string;
  readonly slug: string;
  /** Login of the account that it acts as. */
  readonly login: string;
  /** PEM, PKCS#1, as GitHub hands it out. */
  readonly privateKey: string;
}

/** Where an app is installed, and what it may do there. */
export interface InstallationOptions {
  /** Who installs it; the owner part of repositories' names. */
  readonly account: string;
  /** `owner/name`s; null for all that the account owns, now and later. @default null */
  readonly repositories?: readonly string[] | null;
  /** @default what the app asks for */
  readonly permissions?: FineGrainedPermissions;
}

/** Apps as their owners, and the owners of accounts, handle them in GitHub's pages. The app's webhook is told. */
export interface FakeApps {
  create(options?: AppOptions): FakeApp;
  /** Makes a new private key in place of all others. */
  replaceKey(appId: number): string;
  /** Answers with the installation's id. */
  install(appId: number, options: InstallationOptions): number;
  change(installationId: number, change: Partial<Omit<InstallationOptions, "account">>): void;
  suspend(installationId: number): void;
  unsuspend(installationId: number): void;
  uninstall(installationId: number): void;
}

export function createFakeApps(world: World, emit: (event: InstallationEvent) => void): FakeApps {
  const requireApp = (id: number): AppRecord => {
    const app = world.apps.apps.get(id);
    if (app === undefined) throw new RangeError(`There is no app ${id}`);
    return app;
  };
  const require = (id: number): InstallationRecord => {
    const installation = world.apps.installations.get(id);
    if (installation === undefined) throw new RangeError(`There is no installation ${id}`);
    return installation;
  };
  const tell = (installation: InstallationRecord, action: string): void => {
    const app = requireApp(installation.appId);
    emit({ event: "installation", action, app, installation, sender: installation.account });
  };
  const idsOf = (names: readonly string[] | null): readonly number[] | null =>
    names === null ? null : names.map((name) => requireRepository(world, name).id);
  const coveredBy = (installation: InstallationRecord): readonly RepositoryRecord[] =>
    world.repositories().filter((repository) => covers(installation, repository));
  const tellSelection = (before: readonly RepositoryRecord[], installation: InstallationRecord): void => {
    const after = coveredBy(installation);
    const added = after.filter((repository) => !before.includes(repository));
    const removed = before.filter((repository) => !after.includes(repository));
    const app = requireApp(installation.appId);
    const event = { event: "installation_repositories", app, installation, sender: installation.account } as const;
    if (added.length > 0) emit({ ...event, action: "added", added });
    if (removed.length > 0) emit({ ...event, action: "removed", removed });
  };
  const suspend = (id: number, suspendedAt: number | null): void => {
    const installation = { ...require(id), suspendedAt };
    world.apps.setInstallation(installation);
    tell(installation, suspendedAt === null ? "unsuspend" : "suspend");
  };

  return {
    create(options = {}) {
      const { name = "backref-app", owner = "host", events = ["issues", "issue_comment"], webhook } = options;
      const id = world.apps.nextId();
      const { publicKey, privateKey } = options.keys ?? createAppKeys();
      const bot = world.ensureUser(`${name}[bot]`);
      const clientId = `Iv23li${id}`;
      world.apps.setApp({
        id,
        nodeId: createNodeId("A", 0, id),
        clientId,
        slug: name,
        name,
        owner: world.ensureUser(owner),
        bot,
        publicKeys: [publicKey],
        permissions: options.permissions ?? { issues: "write", metadata: "read" },
        events,
        hook:
          webhook === undefined ? null : { id: world.apps.nextId(), url: webhook.url, secret: webhook.secret ?? null },
        createdAt: world.stamp(),
      });
      return { id, clientId, slug: name, login: bot.login, privateKey };
    },
    replaceKey(appId) {
      const { publicKey, privateKey } = createAppKeys();
      world.apps.setApp({ ...requireApp(appId), publicKeys: [publicKey] });
      return privateKey;
    },
    install(appId, { account, repositories = null, permissions }) {
      const app = requireApp(appId);
      const id = world.apps.nextId();
      const installation: InstallationRecord = {
        id,
        nodeId: createNodeId("IN", 0, id),
        appId,
        account: world.ensureUser(account),
        repositories: idsOf(repositories),
        permissions: permissions ?? app.permissions,
        suspendedAt: null,
        createdAt: world.stamp(),
      };
      world.apps.setInstallation(installation);
      tell(installation, "created");
      return id;
    },
    change(id, { repositories, permissions }) {
      const before = require(id);
      const covered = coveredBy(before);
      const installation = {
        ...before,
        ...(repositories !== undefined && { repositories: idsOf(repositories) }),
        ...(permissions !== undefined && { permissions }),
      };
      world.apps.setInstallation(installation);
      if (permissions !== undefined) tell(installation, "new_permissions_accepted");
      tellSelection(covered, installation);
    },
    suspend: (id) => suspend(id, world.stamp()),
    unsuspend: (id) => suspend(id, null),
    uninstall(id) {
      const installation = require(id);
      world.apps.installations.delete(id);
      tell(installation, "deleted");
    },
  };
}

/** A key pair for an app. Takes some tenths of a second: share one among tests. */
export function createAppKeys(): AppKeys {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
}
