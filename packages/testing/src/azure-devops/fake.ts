import { setTimeout as wait } from "node:timers/promises";
import { Exchange } from "../fake/exchange.ts";
import { Faults } from "../fake/faults.ts";
import { createGuid } from "../fake/guid.ts";
import { createInProcessFetch } from "../fake/in-process.ts";
import { type ListeningFake, listenOnPort } from "../fake/port.ts";
import { RequestLog, type RequestLogEntry } from "../fake/request-log.ts";
import type { WebhookMode } from "../fake/webhook-mode.ts";
import { createSeededRandom } from "../time/seeded-random.ts";
import { loadAzureDevOpsContract } from "./contract.ts";
import { trackerOf } from "./exchange.ts";
import {
  allPermissions,
  allScopes,
  type Deployment,
  type FieldRecord,
  type Permission,
  type Scope,
  type SubscriptionRecord,
  type TokenRecord,
  type TypeRecord,
} from "./model.ts";
import { type AzureDevOpsPerson, createPerson, requireProject, requireType } from "./person.ts";
import { type AzureDevOpsProjectOptions, addProject } from "./projects.ts";
import { type RateLimitSettings, RateLimits } from "./rate-limits.ts";
import { allOperations, operationName } from "./router.ts";
import { Service, type SignInAnswer } from "./service.ts";
import { type FakeAzureDevOpsIssue, snapshotItem } from "./snapshot.ts";
import { type AzureDevOpsWebhooks, WebhookQueue } from "./webhooks.ts";
import { World } from "./world.ts";

/** How a fake Azure DevOps is set up. */
export interface FakeAzureDevOpsOptions {
  /** @default "services" */
  readonly deployment?: Deployment;
  /** Names or settings. @default [] */
  readonly projects?: readonly (string | AzureDevOpsProjectOptions)[];
  /** Of the organisation or collection. @default "https://dev.azure.com/acme", "https://azure.example.com/tfs/DefaultCollection" */
  readonly url?: string;
  /** Highest version of the API that is answered. @default "7.1" on Services, "7.0" on Server */
  readonly apiVersion?: string;
  /** How a credential that is not good is met: a page, a redirect to one, or a refusal. @default 203 on Services, 401 on Server */
  readonly signIn?: SignInAnswer;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** Waits; used by the faults `delay` and `late`. @default a real timer */
  readonly delay?: (ms: number) => Promise<void>;
  /** How far queries and reporting revisions lag behind what was written. @default 0 */
  readonly indexLagMs?: number;
  /** Most revisions of one page of the reporting API. @default 200 */
  readonly reportingPageSize?: number;
  /** Folder with Microsoft's `specification`, to check requests to Services against. @default none */
  readonly contractFolder?: string;
  /** Ask to slow down and refuse beyond the limits. @default false */
  readonly enforceLimits?: boolean;
  readonly limits?: RateLimitSettings;
  /** @default "automatic" */
  readonly webhooks?: WebhookMode;
  /** Carries a webhook to its receiver. @default the global fetch */
  readonly deliver?: (request: Request) => Promise<Response>;
}

/** Whose token it is, and what it may do. */
export interface AzureDevOpsTokenOptions {
  /** Account's name; made on first use. */
  readonly user: string;
  /** A personal access token, or one of Microsoft Entra. @default "personal" */
  readonly kind?: "personal" | "entra";
  /** @default all */
  readonly scopes?: readonly Scope[];
  /** @default all */
  readonly permissions?: readonly Permission[];
  /** Names of the projects it sees. @default all */
  readonly projects?: readonly string[];
}

/** An Azure DevOps that lives in memory: one organisation or collection. Work items are named by id. */
export interface FakeAzureDevOps {
  readonly deployment: Deployment;
  /** Of the organisation or collection. */
  readonly url: string;
  /** Answers requests in process: those to `url`, and to the host that answers for identities. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Opens a port of 127.0.0.1 on the same state; the path of `url` stays. */
  listen(): Promise<ListeningFake>;
  /** A personal access token of the account `backref-bot`, with every scope and permission. */
  readonly token: string;
  /** The same account's token of Microsoft Entra. */
  readonly entraToken: string;
  now(): number;

  readonly requests: readonly RequestLogEntry[];
  mark(): number;
  requestsSince(mark: number): readonly RequestLogEntry[];
  /** What requests did that the vendor's contract does not allow. */
  readonly violations: readonly string[];
  readonly faults: Faults;
  readonly webhooks: AzureDevOpsWebhooks & Pick<WebhookQueue, "tell">;
  /** Waits until late requests are applied and webhooks have arrived. */
  settle(): Promise<void>;

  createToken(options: AzureDevOpsTokenOptions): string;
  changeToken(token: string, changes: Omit<AzureDevOpsTokenOptions, "user" | "kind">): void;
  revokeToken(token: string): void;
  addProject(options: string | AzureDevOpsProjectOptions): void;
  renameProject(project: string, name: string): void;
  /** Puts a field on a type, in place of one with its reference name. */
  setField(project: string, type: string, field: FieldRecord): void;
  /** Puts a type into a project, in place of one with its name. */
  setType(project: string, type: TypeRecord): void;
  /** Makes an account; answers with its unique name. */
  addUser(name: string, displayName?: string, uniqueName?: string): string;
  /** Subscribes as an administrator does in the settings; answers with the subscription's id. */
  addWebhook(
    hook: Pick<SubscriptionRecord, "eventType" | "consumerInputs"> &
      Partial<Pick<SubscriptionRecord, "publisherInputs">>,
  ): string;
  removeWebhook(id: string): void;
  readonly hooks: readonly SubscriptionRecord[];

  /** Somebody acting in the pages of Azure DevOps. */
  as(name: string): AzureDevOpsPerson;
  /** The work item as it is now, also in the recycle bin; null for none. */
  issue(issue: string): FakeAzureDevOpsIssue | null;
  /** By ascending id, without those in the recycle bin. */
  issues(project: string): FakeAzureDevOpsIssue[];
  /** What somebody attached, by the id in its address; null for none. */
  attachment(id: string): { readonly fileName: string; readonly bytes: Uint8Array } | null;
}

const defaultUrls: Readonly<Record<Deployment, string>> = {
  services: "https://dev.azure.com/acme",
  server: "https://azure.example.com/tfs/DefaultCollection",
};

/** Makes a fake Azure DevOps that behaves as the real one does towards everything Backref asks of it. */
export function createFakeAzureDevOps(options: FakeAzureDevOpsOptions = {}): FakeAzureDevOps {
  const { deployment = "services", contractFolder } = options;
  const isServices = deployment === "services";
  const home = { url: (options.url ?? defaultUrls[deployment]).replace(/\/$/, "") };
  const random = createSeededRandom(11);
  const byte = () => (random.bytes(1)[0] ?? 0) / 256;
  const guid = () => createGuid(byte);
  const world = new World(deployment, options.now ?? Date.now, guid);
  const webhooks = new WebhookQueue(
    {
      subscriptions: world.subscriptions,
      view: () => ({ world, url: home.url }),
      guid,
      deliver: options.deliver ?? ((request) => fetch(request)),
      nextNotification: () => world.nextId("notification"),
    },
    options.webhooks ?? "automatic",
  );
  const emit = (event: Parameters<WebhookQueue["emit"]>[0]): void => webhooks.emit(event);
  const violations: string[] = [];
  const names = allOperations.filter(({ isUndocumented }) => isUndocumented !== true).map(operationName);
  const service = new Service({
    world,
    limits: new RateLimits(world.now, options.enforceLimits ?? false, options.limits),
    contract: () => (contractFolder === undefined ? null : loadAzureDevOpsContract(contractFolder, names)),
    url: () => home.url,
    apiVersion: options.apiVersion ?? (isServices ? "7.1" : "7.0"),
    signIn: () => options.signIn ?? (isServices ? 203 : 401),
    indexLagMs: options.indexLagMs ?? 0,
    reportingPageSize: options.reportingPageSize ?? 200,
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
  const createToken = (wanted: AzureDevOpsTokenOptions): string => {
    const { user: name, kind = "personal", scopes = allScopes, permissions = allPermissions, projects = null } = wanted;
    const hex = [...random.bytes(26)].map((part) => part.toString(16).padStart(2, "0")).join("");
    const value = kind === "personal" ? hex : `eyJ0eXAiOiJKV1QifQ.${hex}.signature`;
    const user = world.ensureUser(name);
    const held = { permissions: new Set(permissions), scopes: new Set(scopes), projects };
    world.tokens.set(value, { value, kind, user, ...held, isRevoked: false });
    return value;
  };
  const change = (value: string, changes: Partial<TokenRecord>): void => {
    const token = world.tokens.get(value);
    if (token === undefined) throw new RangeError("There is no such token");
    world.tokens.set(value, { ...token, ...changes });
  };
  world.ensureUser("backref-bot", "Backref", "backref-bot@example.com");
  const token = createToken({ user: "backref-bot" });
  const entraToken = createToken({ user: "backref-bot", kind: "entra" });

  return {
    deployment,
    get url() {
      return home.url;
    },
    fetch: createInProcessFetch(exchange),
    async listen() {
      const usual = home.url;
      const listening = await listenOnPort(exchange, () => {
        home.url = usual;
      });
      home.url = `${listening.url}${new URL(usual).pathname}`;
      return { ...listening, url: home.url };
    },
    token,
    entraToken,
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
    changeToken: (value, { scopes, permissions, projects }) =>
      change(value, {
        ...(scopes !== undefined && { scopes: new Set(scopes) }),
        ...(permissions !== undefined && { permissions: new Set(permissions) }),
        ...(projects !== undefined && { projects }),
      }),
    revokeToken: (value) => change(value, { isRevoked: true }),
    addProject: (project) => void addProject(world, project),
    renameProject(name, next) {
      const project = requireProject(world, name);
      const renamed = (path: string) => `${next}${path.slice(project.name.length)}`;
      world.setProject({
        ...project,
        name: next,
        areas: project.areas.map(renamed),
        iterations: project.iterations.map(renamed),
      });
    },
    setField(name, typeName, field) {
      const project = requireProject(world, name);
      const type = requireType(project, typeName);
      const fields = [...type.fields.filter(({ referenceName }) => referenceName !== field.referenceName), field];
      world.setProject({
        ...project,
        types: project.types.map((entry) => (entry === type ? { ...type, fields } : entry)),
      });
    },
    setType(name, type) {
      const project = requireProject(world, name);
      world.setProject({ ...project, types: [...project.types.filter((entry) => entry.name !== type.name), type] });
    },
    addUser: (name, displayName, uniqueName) => world.ensureUser(name, displayName, uniqueName).uniqueName,
    addWebhook({ eventType, consumerInputs, publisherInputs = {} }) {
      const at = world.now();
      const createdBy = world.ensureUser("administrator");
      const settings = { eventType, consumerInputs, publisherInputs, resourceVersion: "1.0" };
      const record = {
        id: guid(),
        ...settings,
        status: "enabled" as const,
        probationRetries: 0,
        createdBy,
        createdAt: at,
        modifiedAt: at,
      };
      world.subscriptions.set(record.id, record);
      return record.id;
    },
    removeWebhook: (id) => void world.subscriptions.delete(id),
    get hooks() {
      return [...world.subscriptions.values()];
    },
    as: (name) => createPerson({ world, emit }, world.ensureUser(name)),
    issue(id) {
      const item = world.items.get(Number(id));
      return item === undefined ? null : snapshotItem(world, item);
    },
    issues(name) {
      const { id } = requireProject(world, name);
      const live = world.items.values().filter((item) => item.projectId === id && !item.isDeleted);
      return live.sort((a, b) => a.id - b.id).map((item) => snapshotItem(world, item));
    },
    attachment: (id) => world.attachments.get(id) ?? null,
  };
}
