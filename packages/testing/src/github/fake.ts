import { setTimeout as wait } from "node:timers/promises";
import { Faults } from "../fake/faults.ts";
import { createGuid } from "../fake/guid.ts";
import { createInProcessFetch } from "../fake/in-process.ts";
import { type ListeningFake, listenOnPort } from "../fake/port.ts";
import { RequestLog, type RequestLogEntry } from "../fake/request-log.ts";
import type { WebhookMode } from "../fake/webhook-mode.ts";
import { createFakeApps, type FakeApps } from "./app-actions.ts";
import type { OrganizationOptions } from "./catalog.ts";
import { checksContract } from "./contract.ts";
import type { TrackerEvent } from "./events.ts";
import { Exchange } from "./exchange.ts";
import { type HookDraft, setHook } from "./hook-actions.ts";
import { createIssue } from "./issue-actions.ts";
import { createLabel, type NewLabel } from "./label-actions.ts";
import type { RepositoryAccess } from "./model.ts";
import { allOperations } from "./operations.ts";
import { createPerson, type IssueDraft, type Person, requireRepository } from "./person.ts";
import { type RateLimitSettings, RateLimits, type RateResource } from "./rate-limits.ts";
import { Registry, type RepositoryOptions, type TokenOptions, type TokenRights } from "./registry.ts";
import { Service } from "./service.ts";
import { type FakeIssue, snapshotIssue } from "./snapshot.ts";
import { type FakeGitHubState, parseState, stateFormat, stateVersion } from "./state.ts";
import { apiVersions, type LackingFeature } from "./view.ts";
import { WebhookQueue, type Webhooks } from "./webhooks.ts";
import { World } from "./world.ts";

/** How a fake GitHub is set up. */
export interface FakeGitHubOptions {
  /** Repositories as `owner/name` or with settings; private unless said otherwise. @default [] */
  readonly repositories?: readonly (string | RepositoryOptions)[];
  /** Account of `fake.token`. @default "backref-bot" */
  readonly login?: string;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** Waits; used by the faults `delay` and `late`. @default a real timer */
  readonly delay?: (ms: number) => Promise<void>;
  /** Source of GUIDs and token values, in [0, 1). @default Math.random */
  readonly random?: () => number;
  /** Base of issue pages. @default "https://github.com" */
  readonly htmlUrl?: string;
  /** Base of URLs in webhook payloads while not listening. @default "https://api.github.com" */
  readonly apiUrl?: string;
  /** What this GitHub does not have: its endpoints answer 404, and GraphQL does not know its fields. @default nothing */
  readonly lacks?: readonly LackingFeature[];
  /**
   * Check every request against GitHub's OpenAPI document, which the package `@octokit/openapi` holds (400 MB, so it does not come
   * along). @default true where that is installed
   */
  readonly checkContract?: boolean;
  /** Refuse requests beyond the limits. @default false */
  readonly enforceLimits?: boolean;
  readonly limits?: RateLimitSettings;
  /** @default "automatic" */
  readonly webhooks?: WebhookMode;
  /** Carries a webhook to its receiver. @default the global fetch */
  readonly deliver?: (request: Request) => Promise<Response>;
  /**
   * Goes on from what `save` gave, also after a trip through JSON. Its accounts, tokens and numbers count on; of
   * `repositories` only those are added that it does not have, and `login` means nothing. All other options are not part
   * of a state: give them again.
   * @throws FakeGitHubStateError where the state cannot be used
   * @default an empty GitHub
   */
  readonly state?: unknown;
  /**
   * Told the state after every request that may have changed something, before its answer leaves: once it is kept, a
   * client never knows more than the file. What is done without a request (`as`, `addRepository`, …) is not told.
   */
  readonly keep?: (state: FakeGitHubState) => Promise<void> | void;
}

/** A GitHub that lives in memory. Repositories are always named `owner/name`. */
export interface FakeGitHub {
  /** Answers requests in process; the base URL is `https://api.github.com`, but any origin does. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Opens a port of 127.0.0.1 on the same state. */
  listen(): Promise<ListeningFake>;
  /** A classic token with `repo` scope and admin rights everywhere. */
  readonly token: string;
  now(): number;

  /**
   * Everything clients can see, as plain JSON, for `createFakeGitHub({ state })` in another process: accounts,
   * repositories, issues with their past, comments, labels, hooks, tokens, ids and what rate limits have counted. Not in
   * it are the log of requests, violations, faults and webhook deliveries: they belong to the run.
   */
  save(): FakeGitHubState;

  /** Every request so far, in order of arrival. */
  readonly requests: readonly RequestLogEntry[];
  requestCount(): number;
  /** A point in the list of requests, for `requestsSince`. */
  mark(): number;
  requestsSince(mark: number): readonly RequestLogEntry[];
  /** What requests did that GitHub's contract does not allow. */
  readonly violations: readonly string[];

  readonly faults: Faults;
  readonly webhooks: Webhooks;
  /** Waits until late requests are applied and webhooks have arrived. */
  settle(): Promise<void>;
  /** GitHub Apps and their installations. */
  readonly apps: FakeApps;
  /** Leaves an account no request until `resetSeconds` from now. @default resource "core" */
  exhaustRateLimit(login: string, resetSeconds: number, resource?: RateResource): void;

  createToken(options: TokenOptions): string;
  changeToken(token: string, rights: TokenRights): void;
  revokeToken(token: string): void;
  addRepository(options: string | RepositoryOptions): void;
  /** Changes settings; with `name` it renames, and the old name answers 301. */
  changeRepository(repository: string, change: Partial<RepositoryOptions>): void;
  /** Makes somebody assignable; answers with the account's id. @default all repositories, role "write" */
  addUser(login: string, repositories?: readonly string[], role?: RepositoryAccess): number;
  addLabel(repository: string, label: NewLabel): void;
  addPullRequest(repository: string, draft: IssueDraft): FakeIssue;
  /** Makes an owner an organization with these issue types and fields, in place of those it had. */
  setOrganization(login: string, options: OrganizationOptions): void;
  /** Answers with its number. */
  addMilestone(repository: string, title: string): number;
  /** Makes a repository's webhook as its owner would, in place of one of the same URL; nobody is pinged. */
  setHook(repository: string, hook: HookDraft): void;

  /** Somebody acting in GitHub's pages; an unknown login becomes a collaborator everywhere. */
  as(login: string): Person;
  /** Moves an issue as its repository's owner. */
  transferIssue(repository: string, number: number, target: string): FakeIssue;
  /** The issue as it is now, or `null`. */
  issue(repository: string, number: number): FakeIssue | null;
  /** All issues and pull requests of a repository by ascending number. */
  issues(repository: string): FakeIssue[];
  labels(repository: string): { readonly name: string; readonly color: string; readonly description: string | null }[];
}

/**
 * Makes a fake GitHub that behaves as the real one does towards everything Backref asks of it.
 * @example
 * ```ts
 * import { createFakeGitHub } from "@backref/testing/github";
 *
 * const github = createFakeGitHub({ repositories: ["acme/web"] }); // `fetch: github.fetch` is for `createBackref`
 * github.as("lena").createIssue("acme/web", { title: "Checkout is slow" });
 * console.log(github.issue("acme/web", 1)?.state, github.requestCount()); // open 0
 * ```
 */
export function createFakeGitHub(options: FakeGitHubOptions = {}): FakeGitHub {
  const now = options.now ?? Date.now;
  const random = options.random ?? Math.random;
  const htmlUrl = options.htmlUrl ?? "https://github.com";
  const home = { apiUrl: options.apiUrl ?? "https://api.github.com" };
  const lacks = new Set(options.lacks);
  const before = options.state === undefined ? null : parseState(options.state);
  const world = new World(now);
  const registry = new Registry(world, random);
  const limits = new RateLimits(now, options.enforceLimits ?? false, options.limits);
  if (before !== null) {
    world.restore(before.world);
    limits.restore(before.rateLimits);
  }
  const webhooks = new WebhookQueue(
    {
      hooks: () => world.hooks.values(),
      view: () => ({ world, apiUrl: home.apiUrl, htmlUrl, apiVersion: apiVersions[0], lacks }),
      guid: () => createGuid(random),
      deliver: options.deliver ?? ((request) => fetch(request)),
    },
    options.webhooks ?? "automatic",
  );
  const emit = (event: TrackerEvent): void => webhooks.emit(event);
  const violations: string[] = [];
  const operations = allOperations(
    limits,
    (hook, repository, sender) => webhooks.ping(hook, repository, sender),
    random,
    webhooks,
  );
  const checkContract = checksContract(options.checkContract);
  const answered = before?.answered ?? 0;
  const service = new Service({ world, limits, operations, htmlUrl, lacks, checkContract, violations, emit, answered });
  const faults = new Faults();
  const log = new RequestLog();
  const delay = options.delay ?? ((ms: number) => wait(ms));
  const save = (): FakeGitHubState => ({
    format: stateFormat,
    version: stateVersion,
    token,
    answered: service.answered,
    world: world.save(),
    rateLimits: limits.save(),
  });
  const keep = (): Promise<void> | void => options.keep?.(save());
  const exchange = new Exchange({ service, faults, log, limits, delay, keep });
  for (const repository of options.repositories ?? []) {
    const name = typeof repository === "string" ? repository : repository.name;
    if (before === null || world.findRepository(name) === undefined) registry.addRepository(repository);
  }
  const token = before?.token ?? registry.createToken({ login: options.login ?? "backref-bot", access: "admin" });
  const person = (login: string): Person =>
    createPerson({ world, htmlUrl, emit }, world.findUser(login) ?? registry.addUser(login));

  return {
    fetch: createInProcessFetch(exchange),
    async listen() {
      const usual = home.apiUrl;
      const listening = await listenOnPort(exchange, () => {
        home.apiUrl = usual;
      });
      home.apiUrl = listening.url;
      return listening;
    },
    token,
    now,
    save,
    requests: log.entries,
    requestCount: () => log.entries.length,
    mark: () => log.entries.length,
    requestsSince: (mark) => log.entries.slice(mark),
    violations,
    faults,
    webhooks,
    apps: createFakeApps(world, (event) => webhooks.emitInstallation(event)),
    async settle() {
      await exchange.settle();
      await webhooks.flush();
    },
    exhaustRateLimit: (login, resetSeconds, resource = "core") => limits.exhaust(login, resource, resetSeconds),
    createToken: (created) => registry.createToken(created),
    changeToken: (value, rights) => registry.changeToken(value, rights),
    revokeToken: (value) => registry.revokeToken(value),
    addRepository: (repository) => registry.addRepository(repository),
    changeRepository: (name, change) => registry.changeRepository(name, change),
    addUser: (login, repositories, role) => registry.addUser(login, repositories, role).id,
    setHook: (name, hook) => void setHook(world, requireRepository(world, name), hook),
    addLabel: (name, label) => void createLabel(world, requireRepository(world, name), label),
    addPullRequest(name, { title, body }) {
      const repository = requireRepository(world, name);
      const scene = { repository, actor: world.ensureUser(repository.owner), emit };
      const draft = { title, body: body ?? null, labels: [], assignees: [], pullRequest: true };
      return snapshotIssue(world, htmlUrl, createIssue(world, scene, draft));
    },
    setOrganization: (login, organization) => world.catalog.setOrganization(login, organization),
    addMilestone: (name, title) =>
      world.catalog.addMilestone(requireRepository(world, name).id, title, world.stamp()).number,
    as: person,
    transferIssue: (name, number, target) => person(name.split("/")[0] ?? "").transferIssue(name, number, target),
    issue(name, number) {
      const issue = world.findIssue(requireRepository(world, name).id, number);
      return issue === undefined ? null : snapshotIssue(world, htmlUrl, issue);
    },
    issues(name) {
      const all = world.issuesOf(requireRepository(world, name).id);
      return all.map((issue) => snapshotIssue(world, htmlUrl, issue));
    },
    labels(name) {
      const all = world.labelsOf(requireRepository(world, name).id);
      return all.map(({ name: label, color, description }) => ({ name: label, color, description }));
    },
  };
}
