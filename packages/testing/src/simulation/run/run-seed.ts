import type { Storage } from "@backref/core";
import { createDice } from "../kernel/dice.ts";
import type { Figures } from "../oracle/findings.ts";
import { checkTruth, judgeEnd, putRight } from "../oracle/judge-end.ts";
import { act } from "../people/act.ts";
import { createPlan } from "../plan/plan.ts";
import { type ProfileName, profileNamed } from "../plan/profile.ts";
import type { Switches } from "../plan/switches.ts";
import { createTrackers } from "../tracker/create-trackers.ts";
import type { TrackerName, TrackerProviders } from "../tracker/remote-tracker.ts";
import { tenantId } from "../world/hosted.ts";
import { createWorld, type World } from "../world/world.ts";
import { thrown } from "./thrown.ts";

/** A history: what decides everything that happens in it, and where it is kept. */
export interface SeedOptions {
  readonly seed: number;
  readonly profile: ProfileName;
  readonly tracker: TrackerName;
  readonly switches: Switches;
  readonly createStorage: (clock: { now(): number; monotonic(): number }) => Storage;
  readonly withTrace: boolean;
  /** Needed for the tracker that is asked for, unless it is a thin one. @default none */
  readonly providers?: TrackerProviders;
}

/** What became of a history. */
export interface SeedResult {
  readonly violations: readonly string[];
  readonly figures: Figures;
  /** Stands for everything that happened, in order. */
  readonly hash: number;
  readonly trace: readonly string[];
}

/** Requests on their way, pauses and leases are over after this. */
const aftermathMs = 300_000;
const longestSettlingMs = 7_200_000;
const quietMs = 300_000;

async function isIdle({ inner, sources }: World): Promise<boolean> {
  const keys = sources.map((source) => [source.id]);
  const links = await inner.find({ tenantId }, { table: "link", by: "source", keys });
  return links.every(
    (link) => link.active === null || link.pausedAt !== null || (link.dueAt === null && link.leaseOwner === null),
  );
}

async function settle(world: World): Promise<void> {
  const until = world.loop.now() + longestSettlingMs;
  await world.loop.runUntil(world.loop.now() + aftermathMs);
  while (world.loop.now() < until && !(await isIdle(world))) await world.loop.runUntil(world.loop.now() + 30_000);
  if (!(await isIdle(world))) world.findings.add("I1 links are still due after two quiet hours");
}

/** Everybody comes back: sources, credentials, containers. */
async function restore(world: World): Promise<void> {
  for (const source of world.sources) {
    source.generation += 1;
    source.tracker.loseContainer(false);
    source.tracker.accept(source.generation);
    const auth = world.credential(source.tracker, source.generation);
    await world.drive(world.admin.sources.update(source.id, { enabled: true, auth }));
  }
}

async function checkQuiet(world: World): Promise<void> {
  const before = world.requests.writes.length;
  await world.loop.runUntil(world.loop.now() + quietMs);
  const after = world.requests.writes.slice(before);
  if (after.length > 0) world.findings.add(`I1 ${after.length} writes in a quiet time, such as "${after[0]?.text}"`);
}

/** People and trouble, quiet, judgement. */
async function live(world: World, { seed, switches, profile: name }: SeedOptions): Promise<void> {
  const { loop } = world;
  const profile = profileNamed(name);
  const begin = loop.now();
  for (const step of createPlan(seed, profile)) {
    if (switches.steps !== null && !switches.steps.has(step.number)) continue;
    loop.at(begin + step.atMs, () => act(world, step));
  }
  await loop.runUntil(begin + profile.activeMs);
  world.calm();
  world.trace("the trouble ends");
  await restore(world);
  await settle(world);
  await checkTruth(world);
  for (let round = 0; round < 3 && (await putRight(world)); round += 1) await settle(world);
  await judgeEnd(world);
  await checkQuiet(world);
}

/** One whole history. An exception in it is a violation like any other, so that its trace is there to be read. */
export async function runSeed(options: SeedOptions): Promise<SeedResult> {
  const { seed, switches, tracker } = options;
  const profile = profileNamed(options.profile);
  const trace: string[] = [];
  // Nothing is loaded inside a run: that would take real time.
  const createProvider = tracker === "cas" || tracker === "plain" ? undefined : options.providers?.[tracker];
  const provider = createProvider?.() ?? null;
  await provider?.preload?.();
  const world = await createWorld({
    seed,
    profile,
    switches,
    createStorage: options.createStorage,
    createTrackers: (now) =>
      createTrackers({
        seed,
        profile,
        name: tracker,
        now,
        dice: createDice(seed, "trackers"),
        provider,
        // GitHub's client is loaded by each of its providers, and nothing may be loaded inside a run.
        createProvider: tracker === "github" ? undefined : createProvider,
      }),
    trace: options.withTrace ? (text) => void trace.push(text) : null,
  });
  const { loop, findings } = world;
  try {
    await live(world, options);
  } catch (error) {
    findings.add(thrown(error));
  }
  world.workers.stop();
  findings.figures.events = loop.count;
  const isGuarded = world.sources.every(({ tracker }) => tracker.capabilities.compareAndSet);
  if (!isGuarded) findings.figures.exposedEdits = findings.figures.hostEdits + findings.figures.trackerEdits;
  return { violations: findings.violations, figures: findings.figures, hash: loop.hash, trace };
}
