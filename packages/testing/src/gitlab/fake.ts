import { setTimeout as wait } from "node:timers/promises";
import { Exchange } from "../fake/exchange.ts";
import { Faults } from "../fake/faults.ts";
import { createGuid } from "../fake/guid.ts";
import { createInProcessFetch } from "../fake/in-process.ts";
import { type ListeningFake, listenOnPort } from "../fake/port.ts";
import { RequestLog, type RequestLogEntry } from "../fake/request-log.ts";
import type { WebhookMode } from "../fake/webhook-mode.ts";
import { createSeededRandom } from "../time/seeded-random.ts";
import { loadGitLabContract } from "./contract.ts";
import { trackerOf } from "./exchange.ts";
import { type AccessLevel, type HookEvent, type HookRecord, hookEvents, type TokenRecord } from "./model.ts";
import { OAuth } from "./oauth.ts";
import { createPerson, findIssue, type GitLabPerson, requireProject } from "./person.ts";
import { type RateLimitSettings, RateLimits } from "./rate-limits.ts";
import { allOperations, operationName } from "./router.ts";
import { Service } from "./service.ts";
import { type FakeGitLabFile, type FakeGitLabIssue, filesAt, snapshotIssue } from "./snapshot.ts";
import { type GitLabWebhooks, WebhookQueue } from "./webhooks.ts";
import { World } from "./world.ts";

/** How a fake GitLab is set up. */
export interface FakeGitLabOptions {
  /** Paths with their groups, such as `acme/shop/web`. @default [] */
  readonly projects?: readonly string[];
  /** Address of the site, a relative root included. @default "https://gitlab.com" */
  readonly siteUrl?: string;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** Waits; used by the faults `delay` and `late`. @default a real timer */
  readonly delay?: (ms: number) => Promise<void>;
  /** Folder with `gitlab-v4.extract.openapi.yaml`, to check requests against. @default none */
  readonly contractFolder?: string;
  /** Refuse requests beyond the limits. @default false */
  readonly enforceLimits?: boolean;
  readonly limits?: RateLimitSettings;
  /** @default "automatic" */
  readonly webhooks?: WebhookMode;
  /** Carries a webhook to its receiver. @default the global fetch */
  readonly deliver?: (request: Request) => Promise<Response>;
  /** Premium has several assignees, and labels like `priority::high` that exclude each other. @default "free" */
  readonly edition?: "free" | "premium";
  /** How long an access token of the sign-in is good. @default 7_200_000 */
  readonly tokenLifeMs?: number;
}

/** Whose token it is, and what it may do. */
export interface GitLabTokenOptions {
  /** Account's login; made on first use. */
  readonly user: string;
  /** A project's token has an account of its own. @default "personal" */
  readonly kind?: "personal" | "project";
  /** @default ["api"] */
  readonly scopes?: readonly string[];
  /** @default 40, maintainer */
  readonly accessLevel?: AccessLevel;
  /** Paths of the only projects that it reaches. @default all */
  readonly projects?: readonly string[] | null;
  /** Milliseconds since 1970 UTC. @default never */
  readonly expiresAt?: number | null;
}

/** A GitLab that lives in memory. Issues are named like `acme/shop/web#12`. */
export interface FakeGitLab {
  readonly siteUrl: string;
  /** Answers requests in process. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Opens a port of 127.0.0.1 on the same state; the relative root stays. */
  listen(): Promise<ListeningFake>;
  /** A personal access token of `backref-bot`, a maintainer everywhere. */
  readonly token: string;
  /** As the site knows the application. */
  readonly application: { readonly clientId: string; readonly clientSecret: string };
  readonly signIn: {
    /** Somebody opens the URL and agrees; answers with where their browser is sent. */
    agree(url: string): string;
    revoke(): void;
  };
  now(): number;

  readonly requests: readonly RequestLogEntry[];
  mark(): number;
  requestsSince(mark: number): readonly RequestLogEntry[];
  /** What requests did that GitLab's contract does not allow. */
  readonly violations: readonly string[];
  readonly faults: Faults;
  readonly webhooks: GitLabWebhooks;
  /** Sends a hook of the project something that is about no issue. */
  push(project: string): void;
  /** Waits until late requests are applied and webhooks have arrived. */
  settle(): Promise<void>;

  createToken(options: GitLabTokenOptions): string;
  changeToken(token: string, change: Partial<Pick<TokenRecord, "scopes" | "accessLevel" | "projects">>): void;
  revokeToken(token: string): void;
  addProject(path: string): void;
  changeProject(path: string, change: { readonly issuesEnabled?: boolean; readonly archived?: boolean }): void;
  /** Its old path leads to the new one, for reads. */
  renameProject(path: string, newPath: string): void;
  /** Answers with the account's id. */
  addUser(username: string, name?: string): number;
  /** @param owner path of a project, or of a group for all projects below it */
  addLabel(owner: string, label: { readonly name: string; readonly color: string }): void;
  /** Answers with its id. */
  addMilestone(project: string, title: string): number;
  addWebhook(
    project: string,
    hook: Pick<HookRecord, "url"> &
      Partial<Pick<HookRecord, "token" | "signingTokens">> & { readonly events?: readonly HookEvent[] },
  ): number;
  /** While a signing token is replaced, deliveries have a signature of each. */
  changeWebhook(id: number, change: Partial<Pick<HookRecord, "token" | "signingTokens">>): void;
  readonly hooks: readonly HookRecord[];
  /** Who was notified because a text named them. */
  readonly notifications: readonly { readonly username: string; readonly text: string }[];

  /** Somebody acting in GitLab's pages. */
  as(username: string): GitLabPerson;
  /** The issue as it is now, or null. */
  issue(issue: string): FakeGitLabIssue | null;
  /** By ascending number. */
  issues(project: string): FakeGitLabIssue[];
  /** Of the project and the groups above it; colours with `#`. */
  labels(project: string): { readonly name: string; readonly color: string }[];
  /** Every file of the project, oldest first; `url` as texts have it. */
  uploads(project: string): {
    readonly id: number;
    readonly url: string;
    readonly fileName: string;
    readonly contentType: string;
    readonly content: Uint8Array;
  }[];
  /** The files that notes of an issue show, oldest first; `id` is the note's. */
  files(issue: string): FakeGitLabFile[];
}

/** Makes a fake GitLab that behaves as the real one does towards everything Backref asks of it. */
export function createFakeGitLab(options: FakeGitLabOptions = {}): FakeGitLab {
  const { contractFolder } = options;
  const home = { siteUrl: options.siteUrl ?? "https://gitlab.com" };
  const application = { clientId: "client-of-backref", clientSecret: "client-secret-of-backref" };
  const world = new World(options.now ?? Date.now, options.edition === "premium");
  const random = createSeededRandom(13);
  const byte = () => (random.bytes(1)[0] ?? 0) / 256;
  const oauth = new OAuth({
    world,
    random,
    ...application,
    siteUrl: () => home.siteUrl,
    tokenLifeMs: options.tokenLifeMs ?? 7_200_000,
  });
  const webhooks = new WebhookQueue(
    {
      hooks: () => world.hooks.values(),
      view: () => ({ world, siteUrl: home.siteUrl }),
      guid: () => createGuid(byte),
      deliver: options.deliver ?? ((request) => fetch(request)),
    },
    options.webhooks ?? "automatic",
  );
  const emit = (event: Parameters<WebhookQueue["emit"]>[0]): void => webhooks.emit(event);
  const violations: string[] = [];
  const names = allOperations.map(operationName);
  const service = new Service({
    world,
    oauth,
    limits: new RateLimits(world.now, options.enforceLimits ?? false, options.limits),
    contract: () => (contractFolder === undefined ? null : loadGitLabContract(contractFolder, names)),
    siteUrl: () => home.siteUrl,
    violations,
    emit,
  });
  const faults = new Faults();
  const log = new RequestLog();
  const exchange = new Exchange({
    tracker: trackerOf(service),
    faults,
    log,
    delay: options.delay ?? ((ms: number) => wait(ms)),
  });
  const addProject = (path: string): void => {
    if (!/^[\w.-]+(?:\/[\w.-]+)+$/.test(path)) throw new TypeError(`"${path}" is no path of a project`);
    if (world.findProject(path) !== undefined) throw new TypeError(`${path} exists already`);
    const name = path.slice(path.lastIndexOf("/") + 1);
    const blank = { issuesEnabled: true, archived: false, formerPaths: [], lastNumber: 0 };
    world.setProject({ id: world.nextId("project"), path, name, ...blank });
  };
  for (const path of options.projects ?? []) addProject(path);
  const createToken = (token: GitLabTokenOptions): string => {
    const { user, kind = "personal", scopes = ["api"], accessLevel = 40, projects = null, expiresAt = null } = token;
    const value = `glpat-${[...random.bytes(10)].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
    const account = world.ensureUser(user, user, kind === "project");
    const rights = { scopes, accessLevel, projects, expiresAt, isRevoked: false };
    world.tokens.set(value, { id: world.nextId("token"), value, kind, user: account, ...rights });
    return value;
  };
  const changeToken = (value: string, change: Partial<TokenRecord>): void => {
    const token = world.tokens.get(value);
    if (token === undefined) throw new RangeError("There is no such token");
    world.tokens.set(value, { ...token, ...change });
  };
  world.ensureUser("backref-bot", "Backref");
  const token = createToken({ user: "backref-bot" });

  return {
    get siteUrl() {
      return home.siteUrl;
    },
    fetch: createInProcessFetch(exchange),
    async listen() {
      const usual = home.siteUrl;
      const listening = await listenOnPort(exchange, () => {
        home.siteUrl = usual;
      });
      home.siteUrl = `${listening.url}${new URL(usual).pathname.replace(/\/$/, "")}`;
      return { ...listening, url: home.siteUrl };
    },
    token,
    application,
    signIn: { agree: (url) => oauth.agree(url), revoke: () => oauth.tokens.revoke() },
    now: world.now,
    requests: log.entries,
    mark: () => log.entries.length,
    requestsSince: (mark) => log.entries.slice(mark),
    violations,
    faults,
    webhooks,
    push(path) {
      const { id } = requireProject(world, path);
      webhooks.tell(id, "push_events", "Push Hook", {
        object_kind: "push",
        project: { id, path_with_namespace: path },
      });
    },
    async settle() {
      await exchange.settle();
      await webhooks.flush();
    },
    createToken,
    changeToken,
    revokeToken: (value) => changeToken(value, { isRevoked: true }),
    addProject,
    changeProject: (path, change) => world.setProject({ ...requireProject(world, path), ...change }),
    renameProject(path, newPath) {
      const project = requireProject(world, path);
      const formerPaths = [...project.formerPaths, project.path];
      world.setProject({ ...project, path: newPath, formerPaths });
    },
    addUser: (username, name) => world.ensureUser(username, name).id,
    addLabel(owner, { name, color }) {
      const id = world.nextId("label");
      world.labels.set(id, { id, name, color, description: "", owner });
    },
    addMilestone(path, title) {
      const id = world.nextId("milestone");
      world.milestones.set(id, { id, projectId: requireProject(world, path).id, title });
      return id;
    },
    addWebhook(path, { url, token: secret = null, signingTokens = [], events = hookEvents }) {
      const id = world.nextId("hook");
      const projectId = requireProject(world, path).id;
      world.hooks.set(id, { id, projectId, url, token: secret, signingTokens, events });
      return id;
    },
    changeWebhook(id, change) {
      const hook = world.hooks.get(id);
      if (hook === undefined) throw new RangeError(`There is no webhook ${id}`);
      world.hooks.set(id, { ...hook, ...change });
    },
    get hooks() {
      return [...world.hooks.values()];
    },
    notifications: world.notifications,
    as: (username) => createPerson({ world, emit }, world.ensureUser(username)),
    issue(key) {
      const issue = findIssue(world, key);
      return issue === undefined ? null : snapshotIssue(world, issue);
    },
    issues: (path) =>
      world
        .issuesOf(requireProject(world, path).id)
        .toSorted((a, b) => a.iid - b.iid)
        .map((issue) => snapshotIssue(world, issue)),
    labels: (path) => world.labelsOf(requireProject(world, path)).map(({ name, color }) => ({ name, color })),
    uploads(path) {
      const { id: projectId } = requireProject(world, path);
      const files = [...world.uploads.values()].filter((file) => file.projectId === projectId);
      return files.map(({ id, secret, fileName, contentType, content }) => ({
        id,
        url: `/uploads/${secret}/`,
        fileName,
        contentType,
        content,
      }));
    },
    files(key) {
      const issue = findIssue(world, key);
      return issue === undefined ? [] : filesAt(world, issue);
    },
  };
}
