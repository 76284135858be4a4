import type { Storage } from "@backref/core";
import { createDice, type Dice } from "../kernel/dice.ts";
import { drive } from "../kernel/drive.ts";
import { createEventLoop, type EventLoop } from "../kernel/event-loop.ts";
import { createSimulatedProcess, lostDatabase, type SimulatedProcess } from "../kernel/process.ts";
import { createTransport, type RequestRecord } from "../kernel/transport.ts";
import { checkRest } from "../oracle/check-rest.ts";
import { createFindings, type Findings } from "../oracle/findings.ts";
import { createHistory, type History } from "../oracle/history.ts";
import { accounts, lateUser, tokensOf } from "../oracle/meaning.ts";
import { type RequestWatch, watchRequests } from "../oracle/watch-requests.ts";
import { watchSecrets } from "../oracle/watch-secrets.ts";
import { type StorageWatch, type WatchedLink, watchStorage } from "../oracle/watch-storage.ts";
import type { Profile } from "../plan/profile.ts";
import type { Switches } from "../plan/switches.ts";
import type { RemoteTracker } from "../tracker/remote-tracker.ts";
import { createHostTables, type HostTables } from "./host-store.ts";
import { type Hosted, host, tenantId } from "./hosted.ts";
import { createSender } from "./sender.ts";
import { startWorkers, type Workers } from "./workers.ts";

const startOfTime = Date.UTC(2026, 10, 21, 9);
const clockOffsets = [0, 30_000, -30_000, 5_000] as const;

/** A source of the host, on the tracker it belongs to. */
export interface WorldSource {
  readonly tracker: RemoteTracker;
  /** Changes when the source is disconnected and made anew. */
  id: string;
  endpoint: string;
  /** Which token the source was given last. */
  generation: number;
}

export interface WorldOptions {
  readonly seed: number;
  readonly profile: Profile;
  readonly switches: Switches;
  readonly createStorage: (clock: { now(): number; monotonic(): number }) => Storage;
  readonly createTrackers: (now: () => number, dice: Dice) => readonly RemoteTracker[];
  /** Called for everything that matters to people who look for the cause of a violation. */
  readonly trace: ((text: string) => void) | null;
}

/** Everything of one run: time, trackers, processes, and the judge who looks on. */
export interface World {
  readonly options: WorldOptions;
  readonly loop: EventLoop;
  readonly inner: Storage;
  readonly history: History;
  readonly findings: Findings;
  readonly watch: StorageWatch;
  readonly requests: RequestWatch;
  readonly sources: readonly WorldSource[];
  /** Ids of the defects in the order of the plan. */
  readonly defects: (string | null)[];
  /** A process without trouble, for what has to succeed. */
  readonly admin: Hosted;
  readonly workers: Workers;
  /** A token of the engine's account for a source, which from then on may show up nowhere. */
  credential(tracker: RemoteTracker, generation: number): unknown;
  /** Tells a tracker the secret of a hook, which from then on may show up nowhere. */
  setHookSecret(tracker: RemoteTracker, secret: string): void;
  /** A process that serves users, as long as it lives. */
  web(): Hosted | null;
  /** The newest issue of a defect in a source, as the tracker knows it. */
  issueOf(defect: number, source: number): string | null;
  /** True once a link has committed that this issue is its own. */
  isKnown(issue: string): Promise<boolean>;
  /** The same for a comment of the engine's. */
  isKnownComment(body: string): Promise<boolean>;
  /** The issue of a link, made or attached. */
  issueOfLink(linkId: string): string | null;
  /** Labels that people put on issues and that are not ours. */
  readonly foreignLabels: Map<string, string[]>;
  trace(text: string): void;
  /** From now on the network works and nothing dies. */
  calm(): void;
  drive<Result>(task: Promise<Result>): Promise<Result>;
}

export async function createWorld(options: WorldOptions): Promise<World> {
  const { seed, profile, switches } = options;
  const loop = createEventLoop(startOfTime);
  const dice = (stream: string) => createDice(seed, stream);
  const findings = createFindings();
  const secrets = watchSecrets(findings);
  let isTroubled = true;
  const storageClock = { now: () => Math.floor(loop.now()), monotonic: () => loop.now() };
  const inner = options.createStorage(storageClock);
  const trackers = options.createTrackers(() => loop.now(), dice("trackers"));
  const touched = new Map<string, number>();
  const begun = loop.now();
  const trace = (text: string) => {
    options.trace?.(`${((loop.now() - begun) / 1_000).toFixed(3).padStart(9)} s  ${text}`);
  };

  const history = createHistory({ now: () => loop.now(), findings, contextOf: (id) => requests.contextOf(id), trace });
  const sources: WorldSource[] = [];
  const issueOfLink = (link: WatchedLink) => {
    const attached = link.attachedTo === null ? null : watch.remoteIdOf(link.attachedTo);
    const tracker = sources.find(({ id }) => id === link.sourceId)?.tracker;
    const known = attached === null || tracker?.keyOf === undefined ? attached : tracker.keyOf(attached);
    const issue = history.madeWith(link.token)[0] ?? known;
    return issue === null ? null : history.current(issue);
  };
  const linkOf = ({ description }: RequestRecord): WatchedLink | null => {
    const all = [...watch.links.values()];
    if (description.token !== null) return all.find((link) => link.token === description.token) ?? null;
    const [issue] = description.issues;
    return issue === undefined ? null : (all.findLast((link) => issueOfLink(link) === history.current(issue)) ?? null);
  };
  const requests: RequestWatch = watchRequests({
    now: () => loop.now(),
    inner,
    tenantId,
    findings,
    isInUse: () => isTroubled,
    linkOf,
    touchedAt: ({ description }) => touched.get(history.current(description.issues[0] ?? "")) ?? 0,
    longestWayMs: profile.latencyMs[1],
    mostLimited: 12 * profile.workers,
  });
  const watch = watchStorage({
    inner,
    history,
    findings,
    onMark: () => workers.wake(),
    oldRead(process, linkId) {
      const issue = world.issueOfLink(linkId);
      return issue === null ? null : requests.oldRead(process, issue);
    },
    onRest: (scope, linkId) => checkRest({ inner, history, findings, scope, linkId, isNoticed: !profile.hostStore }),
  });

  for (const tracker of trackers) {
    tracker.onChange((change) => {
      history.remote(tracker, change);
      if (change.by === "person") touched.set(change.issue, loop.now());
      if (options.trace === null) return;
      const { kind, issue, by } = change;
      const what = kind === "field" ? `${change.field} = ${JSON.stringify(change.value)}` : `${kind} ${change.action}`;
      trace(`  ${tracker.provider.id} ${issue}: ${what} by ${by}`);
    });
  }
  const transport = createTransport({
    loop,
    dice: dice("network"),
    profile,
    switches,
    isTroubled: () => isTroubled,
    onAsk: (record) => {
      requests.asked(record);
      secrets.look("a tracker", record.description.text);
      const { staleMs } = record.server;
      const age = staleMs > 0 ? ` ${(staleMs / 1_000).toFixed(1)} s` : "";
      const fault = record.fault === "none" ? "" : ` (${record.fault}${age})`;
      if (record.description.isWrite || fault !== "")
        trace(`  ${record.process} asks ${record.description.text}${fault}${record.isLate ? " late" : ""}`);
    },
    onArrival: (record, idle) => {
      requests.arrived(record, idle);
      const [issue] = record.description.issues;
      if (issue !== undefined) for (const field of idle) history.confirmed(record.tracker, issue, field);
    },
    onLimited: (record) => requests.limited(record),
  });

  const tables: HostTables | null = profile.hostStore ? createHostTables({ now: () => loop.now(), history }) : null;
  const noticeDice = dice("notices");
  let born = 0;
  const spawn = (name: string, isMortal: boolean, onDeath: () => void): Hosted => {
    born += 1;
    const process: SimulatedProcess = createSimulatedProcess({
      name,
      seed: seed * 1_000 + born,
      loop,
      dice: dice(`process ${born}`),
      faults: isMortal ? profile.processes : { death: 0, pause: 0, storageTrouble: 0 },
      switches,
      isTroubled: () => isTroubled,
      clockOffsetMs: isMortal && !switches.without.has("clocks") ? (clockOffsets[born % clockOffsets.length] ?? 0) : 0,
      storage: secrets.guard(watch.storageFor(name)),
      transport,
      trackerOf(input) {
        const url = input instanceof Request ? input.url : String(input);
        const tracker = trackers.find((one) => url.startsWith(one.requestUrl));
        if (tracker === undefined) throw new TypeError(`No tracker answers at ${url}.`);
        return tracker;
      },
      onDeath() {
        findings.figures.deaths += 1;
        trace(`${name} dies`);
        onDeath();
      },
      onPause(durationMs) {
        findings.figures.pauses += 1;
        trace(`${name} stands still for ${(durationMs / 1_000).toFixed(0)} s`);
      },
      onLog(level, message) {
        secrets.look("the log", message);
        const isOurDoing = message.includes(lostDatabase);
        if (level === "error" && !isOurDoing) findings.add(`error in ${name}: ${message}`);
      },
    });
    return host({
      process,
      providers: trackers.map((tracker) => tracker.createProvider?.() ?? tracker.provider),
      tables,
      pollIntervalMs: profile.name === "slow" ? 100_000_000 : 60_000,
      isNoticeLost: () => {
        const isLost = noticeDice.chance(profile.noticeLost);
        return isLost && isTroubled && !switches.without.has("noticeLost");
      },
    });
  };

  const admin = spawn("admin", false, () => {});
  let server: Hosted | null = null;
  const serve = () => {
    server = spawn("web", true, () => {
      server = null;
      loop.after(2_000, serve);
    });
  };
  serve();

  const sender = createSender({
    loop,
    dice: dice("deliveries"),
    faults: profile.deliveries,
    switches,
    isTroubled: () => isTroubled,
    findings,
    receiver: () => server,
  });
  trackers.forEach((tracker, index) => {
    tracker.onDelivery((delivery) => {
      const source = sources[index];
      if (source !== undefined) sender(delivery, source.endpoint);
    });
  });
  const workers = startWorkers({
    loop,
    dice: dice("workers"),
    count: profile.workers,
    spawn: (name, onDeath) => spawn(name, true, onDeath),
    onError: (error) => trace(`a pass ended early: ${String(error)}`),
  });

  const world: World = {
    options,
    loop,
    inner,
    history,
    findings,
    watch,
    requests,
    sources,
    defects: [],
    admin,
    workers,
    credential(tracker, generation) {
      const auth = tracker.credential(generation);
      if (typeof auth === "object" && auth !== null && "token" in auth) secrets.keep(String(auth.token));
      return auth;
    },
    setHookSecret(tracker, secret) {
      secrets.keep(secret);
      tracker.setHookSecret(secret);
    },
    web: () => server,
    issueOf(defect, source) {
      const id = world.defects[defect];
      const links = [...watch.links.values()].filter(
        (link) => link.defectId === id && link.sourceId === sources[source]?.id,
      );
      return links.map(issueOfLink).findLast((issue) => issue !== null) ?? null;
    },
    async isKnown(issue) {
      const keys = sources.map(({ id, tracker }) => [id, tracker.remoteIdOf?.(issue) ?? issue]);
      const [row] = await inner.find({ tenantId }, { table: "issue", by: "remoteId", keys });
      if (row === undefined) return false;
      const links = await inner.find({ tenantId }, { table: "link", by: "issueAll", keys: [[row.id]] });
      return links.length > 0;
    },
    async isKnownComment(body) {
      const keys = tokensOf(body).map((token) => [token]);
      const [row] = await inner.find({ tenantId }, { table: "commentLink", by: "token", keys });
      return row !== undefined && row.remoteId !== null;
    },
    issueOfLink(linkId) {
      const link = watch.links.get(linkId);
      return link === undefined ? null : issueOfLink(link);
    },
    foreignLabels: new Map(),
    trace,
    calm() {
      isTroubled = false;
    },
    drive: (task) => drive(loop, task),
  };
  for (const tracker of trackers) {
    const made = await world.drive(connectSource(world, tracker));
    sources.push(made);
  }
  return world;
}

/** Makes a source for a tracker and tells the tracker where to deliver. */
export async function connectSource(world: World, tracker: RemoteTracker): Promise<WorldSource> {
  const { admin, options } = world;
  const dice = createDice(options.seed, `source ${tracker.provider.id}`);
  const policy = () => dice.weighted({ remote: 5, local: 1, latest: 1, manual: 0.5 });
  const keepsAssignees = options.profile.assignees && tracker.keepsAssignees;
  const fields = { title: { conflict: policy() }, status: { conflict: policy() }, description: { conflict: policy() } };
  const assignee = keepsAssignees ? { assignee: { direction: "two-way" as const, conflict: policy() } } : {};
  const source = await admin.sources.create({
    name: `Source ${tracker.provider.id}`,
    provider: tracker.provider.id,
    baseUrl: tracker.baseUrl,
    auth: world.credential(tracker, 0),
    ...(tracker.options !== undefined && { options: tracker.options }),
    targets: [{ projectId: "web", container: tracker.containers[0] }],
    mapping: {
      ...tracker.mapping,
      fields: { ...fields, ...assignee },
    },
  });
  if (keepsAssignees) {
    const known = Object.entries(accounts).filter(([userId]) => userId !== lateUser);
    const people = known.map(([userId, remoteId]) => ({ userId, remoteId }));
    await admin.identities.setMany({ sourceId: source.id, people });
  }
  const { endpoint, secret } = await admin.sources.webhook(source.id);
  world.setHookSecret(tracker, secret);
  tracker.accept(0);
  return { tracker, id: source.id, endpoint, generation: 0 };
}
