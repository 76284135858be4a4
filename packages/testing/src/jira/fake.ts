import { setTimeout as wait } from "node:timers/promises";
import { Exchange } from "../fake/exchange.ts";
import { Faults } from "../fake/faults.ts";
import { createGuid } from "../fake/guid.ts";
import { createInProcessFetch } from "../fake/in-process.ts";
import { type ListeningFake, listenOnPort } from "../fake/port.ts";
import { RequestLog, type RequestLogEntry } from "../fake/request-log.ts";
import type { WebhookMode } from "../fake/webhook-mode.ts";
import { createSeededRandom } from "../time/seeded-random.ts";
import { loadJiraContract } from "./contract.ts";
import { trackerOf } from "./exchange.ts";
import {
  allPermissions,
  type Deployment,
  type FieldRecord,
  type HookRecord,
  hookEvents,
  type Permission,
  type TokenRecord,
} from "./model.ts";
import { OAuth } from "./oauth.ts";
import { createPerson, type JiraPerson, requireProject } from "./person.ts";
import { addProject, type JiraProjectOptions } from "./projects.ts";
import { type RateLimitSettings, RateLimits } from "./rate-limits.ts";
import { allOperations, operationName } from "./router.ts";
import { Service } from "./service.ts";
import { type FakeJiraFile, type FakeJiraIssue, snapshotFile, snapshotIssue } from "./snapshot.ts";
import { type JiraWebhooks, WebhookQueue } from "./webhooks.ts";
import { World } from "./world.ts";

/** How a fake Jira is set up. */
export interface FakeJiraOptions {
  /** @default "cloud" */
  readonly deployment?: Deployment;
  /** Keys or settings. @default [] */
  readonly projects?: readonly (string | JiraProjectOptions)[];
  /** Base of the site, a context path included. @default "https://acme.atlassian.net", "https://jira.example.com/jira" */
  readonly siteUrl?: string;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** Waits; used by the faults `delay` and `late`. @default a real timer */
  readonly delay?: (ms: number) => Promise<void>;
  /** How far searches lag behind what was written. @default 0 */
  readonly indexLagMs?: number;
  /** Folder with Atlassian's `jira-cloud-v3.openapi.json` and `adf.schema.json`, to check requests against. @default none */
  readonly contractFolder?: string;
  /** Refuse requests beyond the limits. @default false */
  readonly enforceLimits?: boolean;
  readonly limits?: RateLimitSettings;
  /** @default "automatic" */
  readonly webhooks?: WebhookMode;
  /** Carries a webhook to its receiver. @default the global fetch */
  readonly deliver?: (request: Request) => Promise<Response>;
  /** How long an access token of the sign-in is good. @default 3_600_000 */
  readonly tokenLifeMs?: number;
}

/** Whose token it is, and what it may do. */
export interface JiraTokenOptions {
  /** Account's name; made on first use. */
  readonly user: string;
  /** @default all */
  readonly permissions?: readonly Permission[];
  /** Data Center: the account's password, which is good with its name. @default false */
  readonly isPassword?: boolean;
}

/** A Jira that lives in memory. Issues are named by key or id. */
export interface FakeJira {
  readonly deployment: Deployment;
  readonly siteUrl: string;
  readonly cloudId: string;
  /** Answers requests in process: those to the site, to the gateway and to the sign-in server. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Opens a port of 127.0.0.1 on the same state; the context path stays. */
  listen(): Promise<ListeningFake>;
  /** E-mail address of the account, and its API token or personal access token, with every permission. */
  readonly email: string;
  readonly token: string;
  /** As the sign-in server knows the app; Cloud only. */
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
  /** What requests did that Jira's contract does not allow. */
  readonly violations: readonly string[];
  readonly faults: Faults;
  readonly webhooks: JiraWebhooks & Pick<WebhookQueue, "tell">;
  /** Waits until late requests are applied and webhooks have arrived. */
  settle(): Promise<void>;

  createToken(options: JiraTokenOptions): string;
  changeToken(token: string, permissions: readonly Permission[]): void;
  revokeToken(token: string): void;
  addProject(options: string | JiraProjectOptions): void;
  /** Puts a field on the create screen, in place of one with its id. */
  setField(project: string, field: FieldRecord): void;
  /** Makes an account; answers with its account id, on Data Center with its name. */
  addUser(name: string, displayName?: string, email?: string | null, accountId?: string): string;
  /** Its issues keep it; nobody can assign it any more. */
  removeUser(name: string): void;
  /** Makes an administrator's webhook; answers with its id. */
  addWebhook(hook: Pick<HookRecord, "url" | "secret"> & Partial<Pick<HookRecord, "events" | "jql">>): number;
  removeWebhook(id: number): void;
  readonly hooks: readonly HookRecord[];

  /** Somebody acting in Jira's pages. */
  as(name: string): JiraPerson;
  /** The issue as it is now, or null. */
  issue(issue: string): FakeJiraIssue | null;
  /** The files of an issue, oldest first. */
  files(issue: string): FakeJiraFile[];
  /** By ascending id. */
  issues(project: string): FakeJiraIssue[];
}

const defaultSites: Readonly<Record<Deployment, string>> = {
  cloud: "https://acme.atlassian.net",
  "data-center": "https://jira.example.com/jira",
};

/** Makes a fake Jira that behaves as the real one does towards everything Backref asks of it. */
export function createFakeJira(options: FakeJiraOptions = {}): FakeJira {
  const { deployment = "cloud", indexLagMs = 0, contractFolder } = options;
  const home = { siteUrl: options.siteUrl ?? defaultSites[deployment] };
  const cloudId = "11223344-a1b2-3b33-c444-def123456789";
  const application = { clientId: "client-of-backref", clientSecret: "client-secret-of-backref" };
  const world = new World(deployment, options.now ?? Date.now);
  const random = createSeededRandom(7);
  const byte = () => (random.bytes(1)[0] ?? 0) / 256;
  const apiVersion = deployment === "cloud" ? "3" : "2";
  const tokenLifeMs = options.tokenLifeMs ?? 3_600_000;
  const oauth =
    deployment === "cloud"
      ? new OAuth({ world, random, ...application, cloudId, siteUrl: home.siteUrl, tokenLifeMs })
      : null;
  const webhooks = new WebhookQueue(
    {
      hooks: () => world.hooks.values(),
      view: () => ({ world, selfUrl: `${home.siteUrl}/rest/api/2` }),
      guid: () => createGuid(byte),
      deliver: options.deliver ?? ((request) => fetch(request)),
      clientSecret: application.clientSecret,
    },
    options.webhooks ?? "automatic",
  );
  const emit = (event: Parameters<WebhookQueue["emit"]>[0]): void => webhooks.emit(event);
  const violations: string[] = [];
  const names = allOperations.filter(({ only }) => only !== "data-center").map(operationName);
  const service = new Service({
    world,
    oauth,
    limits: new RateLimits(world.now, options.enforceLimits ?? false, options.limits),
    contract: () => (contractFolder === undefined ? null : loadJiraContract(contractFolder, names)),
    site: () => ({ siteUrl: home.siteUrl, cloudId, apiVersion }),
    indexLagMs,
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
  for (const project of options.projects ?? []) addProject(world, project);
  const createToken = ({ user: name, permissions = allPermissions, isPassword = false }: JiraTokenOptions): string => {
    const user = world.ensureUser(name, name, `${name}@example.com`);
    const value = `ATATT${[...random.bytes(16)].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
    const kind = deployment === "cloud" ? "api-token" : isPassword ? "password" : "personal";
    const held = new Set(permissions);
    world.tokens.set(value, { value, kind, user, permissions: held, scopes: null, isRevoked: false });
    return value;
  };
  const change = (value: string, changes: Partial<TokenRecord>): void => {
    const token = world.tokens.get(value);
    if (token === undefined) throw new RangeError("There is no such token");
    world.tokens.set(value, { ...token, ...changes });
  };
  const email = "backref-bot@example.com";
  world.ensureUser("backref-bot", "Backref", email);
  const token = createToken({ user: "backref-bot" });

  return {
    deployment,
    get siteUrl() {
      return home.siteUrl;
    },
    cloudId,
    fetch: createInProcessFetch(exchange),
    async listen() {
      const usual = home.siteUrl;
      const listening = await listenOnPort(exchange, () => {
        home.siteUrl = usual;
      });
      home.siteUrl = `${listening.url}${new URL(usual).pathname.replace(/\/$/, "")}`;
      return { ...listening, url: home.siteUrl };
    },
    email,
    token,
    application,
    signIn: {
      agree(url) {
        if (oauth === null) throw new RangeError("Data Center has no such sign-in");
        return oauth.agree(url);
      },
      revoke: () => oauth?.tokens.revoke(),
    },
    now: world.now,
    requests: log.entries,
    mark: () => log.entries.length,
    requestsSince: (mark) => log.entries.slice(mark),
    violations,
    faults,
    webhooks,
    async settle() {
      await exchange.settle();
      await webhooks.flush();
    },
    createToken,
    changeToken: (value, permissions) => change(value, { permissions: new Set(permissions) }),
    revokeToken: (value) => change(value, { isRevoked: true }),
    addProject: (project) => void addProject(world, project),
    setField(key, field) {
      const project = requireProject(world, key);
      world.setProject({ ...project, fields: [...project.fields.filter(({ id }) => id !== field.id), field] });
    },
    addUser(name, displayName = name, address = null, accountId) {
      const user = world.ensureUser(name, displayName, address, accountId);
      return deployment === "cloud" ? user.accountId : user.name;
    },
    removeUser: (name) => world.removeUser(name),
    addWebhook({ url, secret, events = hookEvents, jql = "" }) {
      const id = world.nextId("hook");
      world.hooks.set(id, { id, url, kind: "admin", secret, events, jql, expiresAt: null });
      return id;
    },
    removeWebhook: (id) => void world.hooks.delete(id),
    get hooks() {
      return [...world.hooks.values()];
    },
    as: (name) => createPerson({ world, emit }, world.ensureUser(name)),
    issue(key) {
      const issue = world.findIssue(key);
      return issue === undefined ? null : snapshotIssue(world, issue);
    },
    files: (key) => world.attachmentsOf(world.findIssue(key)?.id ?? 0).map(snapshotFile),
    issues: (key) => world.issuesOf(requireProject(world, key).id).map((issue) => snapshotIssue(world, issue)),
  };
}
