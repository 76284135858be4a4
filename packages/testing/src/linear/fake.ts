import { setTimeout as wait } from "node:timers/promises";
import { Exchange } from "../fake/exchange.ts";
import { Faults } from "../fake/faults.ts";
import { createGuid } from "../fake/guid.ts";
import { createInProcessFetch } from "../fake/in-process.ts";
import { type ListeningFake, listenOnPort } from "../fake/port.ts";
import { RequestLog, type RequestLogEntry } from "../fake/request-log.ts";
import type { WebhookMode } from "../fake/webhook-mode.ts";
import { createSeededRandom } from "../time/seeded-random.ts";
import { createLabel } from "./actions.ts";
import { loadLinearContract } from "./contract.ts";
import { trackerOf } from "./exchange.ts";
import { type FakeLinearFile, filesOf, isStored } from "./files.ts";
import type { HookRecord, TokenRecord } from "./model.ts";
import { labelsOf, stateOf } from "./nodes.ts";
import { OAuth } from "./oauth.ts";
import { createPerson, type LinearPerson } from "./person.ts";
import { Service } from "./service.ts";
import { WebhookQueue } from "./webhooks.ts";
import { World } from "./world.ts";

/** How a fake Linear is set up. */
export interface FakeLinearOptions {
  /** URL key of the workspace. @default "acme" */
  readonly workspace?: string;
  /** Keys. @default [] */
  readonly teams?: readonly string[];
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** Waits; used by the faults `delay` and `late`. @default a real timer */
  readonly delay?: (ms: number) => Promise<void>;
  /** Folder with Linear's `schema.graphql`, to check documents against. @default none: only against what the fake answers */
  readonly contractFolder?: string;
  /** @default "automatic" */
  readonly webhooks?: WebhookMode;
  /** Carries a webhook to its receiver. @default the global fetch */
  readonly deliver?: (request: Request) => Promise<Response>;
  /** How long an access token that a sign-in gave is good. @default 86_400_000 */
  readonly tokenLifeMs?: number;
}

/** An issue in plain words. */
export interface FakeLinearIssue {
  readonly id: string;
  readonly identifier: string;
  readonly number: number;
  readonly title: string;
  readonly description: string | null;
  readonly priority: number;
  readonly state: { readonly name: string; readonly type: string };
  readonly labels: readonly string[];
  readonly assignee: string | null;
  readonly project: string | null;
  readonly cycle: number | null;
  /** Identifier. */
  readonly parent: string | null;
  readonly dueDate: string | null;
  readonly estimate: number | null;
  /** Name of whoever made it. */
  readonly creator: string;
  readonly isTrashed: boolean;
  /** Oldest first. */
  readonly comments: readonly {
    readonly id: string;
    readonly body: string;
    readonly author: string;
    /** The comment that it answers; null where it begins a thread. */
    readonly parentId: string | null;
  }[];
}

/** A Linear that lives in memory, with one workspace. */
export interface FakeLinear {
  readonly workspace: string;
  /** The workspace's id. */
  readonly organizationId: string;
  /** Answers requests in process; the base URL is `https://api.linear.app`, but any origin does. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Opens a port of 127.0.0.1 on the same state. */
  listen(): Promise<ListeningFake>;
  /** A personal API key that sees and may do everything. */
  readonly apiKey: string;
  /** What the application that people sign in to is known by. */
  readonly application: { readonly clientId: string; readonly clientSecret: string };
  readonly signIn: {
    /** Somebody opens the URL and agrees. Answers with where their browser is sent. */
    agree(url: string): string;
    /** They take it back: nothing that came of it is good. */
    revoke(): void;
  };
  now(): number;

  readonly requests: readonly RequestLogEntry[];
  mark(): number;
  requestsSince(mark: number): readonly RequestLogEntry[];
  /** What documents asked for that Linear's schema does not have. */
  readonly violations: readonly string[];
  readonly faults: Faults;
  readonly webhooks: WebhookQueue;
  /** Waits until late requests are applied and webhooks have arrived. */
  settle(): Promise<void>;

  createToken(token: Partial<Pick<TokenRecord, "kind" | "teams" | "canLabel">> & { readonly user: string }): string;
  changeToken(token: string, change: Partial<Pick<TokenRecord, "teams" | "canLabel">>): void;
  revokeToken(token: string): void;
  addTeam(key: string): void;
  /** Its issues keep their numbers; what they were called before leads to them. */
  renameTeam(key: string, newKey: string): void;
  /** @param estimation as `TeamRecord` has it */
  changeTeam(key: string, change: { readonly estimation?: string; readonly hasCycles?: boolean }): void;
  /** Answers with its id. */
  addProject(team: string, name: string): string;
  addCycle(team: string, cycle?: { readonly name?: string; readonly isPast?: boolean }): string;
  /** Answers with the person's id. */
  addUser(name: string): string;
  /** Takes the account away; its issues are nobody's then. */
  removeUser(name: string): void;
  /** @param team null for the whole workspace */
  addLabel(
    team: string | null,
    label: { readonly name: string; readonly color: string; readonly group?: string },
  ): void;
  /** Off every issue, too. */
  removeLabel(team: string, name: string): void;
  addWebhook(
    hook: Pick<HookRecord, "url" | "secret"> & { readonly team?: string; readonly resourceTypes?: readonly string[] },
  ): string;
  removeWebhook(id: string): void;
  readonly hooks: readonly HookRecord[];

  /** Somebody acting in Linear's pages; made on first use. */
  as(name: string): LinearPerson;
  /** By id or identifier; null where there is none. */
  issue(named: string): FakeLinearIssue | null;
  /** By ascending number, without what is in the trash. */
  issues(team: string): FakeLinearIssue[];
  /** Of an issue, oldest first: only those in Linear's own storage. */
  files(issue: string): FakeLinearFile[];
  /** Of an issue, oldest first: its attachments that lead out of Linear. */
  links(issue: string): readonly { readonly title: string; readonly url: string }[];
  /** Of the team and of the workspace; colours without `#`. */
  labels(team: string): { readonly name: string; readonly color: string }[];
}

/** Makes a fake Linear that behaves as the real one does towards everything Backref asks of it. */
export function createFakeLinear(options: FakeLinearOptions = {}): FakeLinear {
  const random = createSeededRandom(11);
  const byte = () => (random.bytes(1)[0] ?? 0) / 256;
  const now = options.now ?? Date.now;
  const world = new World({ workspace: options.workspace ?? "acme", now, newId: () => createGuid(byte) });
  const webhooks = new WebhookQueue(
    { world, deliver: options.deliver ?? ((request) => fetch(request)) },
    options.webhooks ?? "automatic",
  );
  const emit: WebhookQueue["emit"] = (event) => webhooks.emit(event);
  const violations: string[] = [];
  const { contractFolder } = options;
  const contract = () => (contractFolder === undefined ? null : loadLinearContract(contractFolder));
  const application = { clientId: "client-of-linear", clientSecret: "client-secret-of-linear" };
  const oauth = new OAuth({ world, random, ...application, tokenLifeMs: options.tokenLifeMs ?? 86_400_000 });
  const service = new Service({ world, emit, contract, violations, oauth });
  const faults = new Faults();
  const log = new RequestLog();
  const exchange = new Exchange({
    tracker: trackerOf(service, world),
    faults,
    log,
    delay: options.delay ?? ((ms: number) => wait(ms)),
  });
  for (const key of options.teams ?? []) world.addTeam(key);
  const createToken: FakeLinear["createToken"] = ({ user, kind = "api-key", teams = null, canLabel = true }) => {
    const digits = [...random.bytes(20)].map((part) => part.toString(16).padStart(2, "0")).join("");
    const value = kind === "api-key" ? `lin_api_${digits}` : `lin_oauth_${digits}`;
    world.tokens.set(value, { value, kind, userId: world.ensureUser(user).id, teams, canLabel });
    return value;
  };
  const teamOf = (key: string) => {
    const team = world.findTeam(key);
    if (team === undefined) throw new RangeError(`There is no team ${key}`);
    return team;
  };
  const snapshot = (issue: Parameters<typeof stateOf>[1]): FakeLinearIssue => {
    const { id, number, title, description, priority, trashed } = issue;
    const { name, type } = stateOf(world, issue);
    const parent = issue.parentId === null ? undefined : world.issues.get(issue.parentId);
    const nameOf = (userId: string | null) => (userId === null ? null : (world.users.get(userId)?.name ?? null));
    return {
      id,
      identifier: world.identifierOf(issue),
      number,
      title,
      description,
      priority,
      state: { name, type },
      labels: labelsOf(world, issue).map((label) => label.name),
      assignee: nameOf(issue.assigneeId),
      project: issue.projectId === null ? null : (world.projects.get(issue.projectId)?.name ?? null),
      cycle: issue.cycleId === null ? null : (world.cycles.get(issue.cycleId)?.number ?? null),
      parent: parent === undefined ? null : world.identifierOf(parent),
      dueDate: issue.dueDate,
      estimate: issue.estimate,
      creator: nameOf(issue.creatorId) ?? "",
      isTrashed: trashed,
      comments: world.commentsOf(id).map((comment) => ({
        id: comment.id,
        body: comment.body,
        author: comment.asUser ?? nameOf(comment.userId) ?? "",
        parentId: comment.parentId,
      })),
    };
  };
  return {
    workspace: world.workspace,
    organizationId: world.organizationId,
    fetch: createInProcessFetch(exchange),
    listen: () => listenOnPort(exchange, () => {}),
    apiKey: createToken({ user: "Backref" }),
    application,
    signIn: { agree: (url) => oauth.agree(url), revoke: () => oauth.tokens.revoke() },
    now,
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
    changeToken(value, change) {
      const token = world.tokens.get(value);
      if (token === undefined) throw new RangeError("There is no such token");
      world.tokens.set(value, { ...token, ...change });
    },
    revokeToken: (value) => void world.tokens.delete(value),
    addTeam: (key) => void world.addTeam(key),
    renameTeam(key, newKey) {
      const team = teamOf(key);
      for (const issue of world.issues.values()) {
        if (issue.teamId !== team.id) continue;
        const previousIdentifiers = [...issue.previousIdentifiers, world.identifierOf(issue)];
        world.issues.set({ ...issue, previousIdentifiers }, now());
      }
      world.teams.set(team.id, { ...team, key: newKey });
    },
    changeTeam(key, change) {
      const team = teamOf(key);
      world.teams.set(team.id, { ...team, ...change });
    },
    addProject(key, name) {
      const id = world.newId();
      world.projects.set(id, { id, name, teamIds: [teamOf(key).id] });
      return id;
    },
    addCycle(key, { name = null, isPast = false } = {}) {
      const id = world.newId();
      world.cycles.set(id, { id, number: world.cycles.size + 1, name, teamId: teamOf(key).id, isPast });
      return id;
    },
    removeUser(name) {
      const { id } = world.ensureUser(name);
      world.users.delete(id);
      for (const issue of world.issues.values())
        if (issue.assigneeId === id) world.changeIssue(issue, { assigneeId: null });
    },
    addUser: (name) => world.ensureUser(name).id,
    addLabel(team, { name, color, group }) {
      const teamId = team === null ? "" : teamOf(team).id;
      const parent =
        group === undefined
          ? undefined
          : (world.findLabel(teamId, group) ?? createLabel(world, { name: group, teamId: team, isGroup: true }));
      createLabel(world, { name, color: `#${color}`, teamId: team, groupId: parent?.id ?? null });
    },
    removeLabel(key, name) {
      const label = world.findLabel(teamOf(key).id, name);
      if (label === undefined) throw new RangeError(`There is no label ${name}`);
      world.labels.delete(label.id);
      for (const issue of world.issues.values()) {
        world.changeIssue(issue, { labelIds: issue.labelIds.filter((id) => id !== label.id) });
      }
    },
    addWebhook({ url, secret, team, resourceTypes = ["Issue", "Comment"] }) {
      const id = world.newId();
      world.hooks.set(id, { id, url, secret, teamId: team === undefined ? null : teamOf(team).id, resourceTypes });
      return id;
    },
    removeWebhook: (id) => void world.hooks.delete(id),
    get hooks() {
      return [...world.hooks.values()];
    },
    as: (name) => createPerson({ world, actor: world.ensureUser(name), emit }),
    issue(named) {
      const issue = world.findIssue(named);
      return issue === undefined ? null : snapshot(issue);
    },
    issues: (key) =>
      world.issues
        .values()
        .filter(({ teamId, trashed }) => teamId === teamOf(key).id && !trashed)
        .toSorted((a, b) => a.number - b.number)
        .map(snapshot),
    files(named) {
      const issue = world.findIssue(named);
      return issue === undefined ? [] : filesOf(world, issue.id);
    },
    links(named) {
      const issue = world.findIssue(named);
      const links = issue === undefined ? [] : world.attachmentsOf(issue.id);
      return links.filter(({ url }) => !isStored(url)).map(({ title, url }) => ({ title, url }));
    },
    labels: (key) =>
      [...world.labels.values()]
        .filter(({ teamId, isGroup }) => !isGroup && (teamId === null || teamId === teamOf(key).id))
        .map(({ name, color }) => ({ name, color: color.replace("#", "") })),
  };
}
