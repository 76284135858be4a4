import {
  type Clock,
  type FetchFunction,
  type Logger,
  type Random,
  type Scheduler,
  type Storage,
  StorageError,
} from "@backref/core";
import { createSeededRandom } from "../../time/seeded-random.ts";
import type { ProcessFaults } from "../plan/profile.ts";
import type { Switches } from "../plan/switches.ts";
import type { RemoteTracker } from "../tracker/remote-tracker.ts";
import type { Dice } from "./dice.ts";
import type { EventLoop } from "./event-loop.ts";
import type { Transport } from "./transport.ts";

/** One process of the host: it may die or stand still at every call to the outside. What it awaits then never comes. */
export interface SimulatedProcess {
  readonly name: string;
  readonly isAlive: boolean;
  readonly storage: Storage;
  readonly fetch: FetchFunction;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly logger: Logger;
  /** A call to something outside of the process. */
  call<Result>(effect: () => Promise<Result>): Promise<Result>;
  kill(): void;
}

export interface ProcessOptions {
  readonly name: string;
  readonly seed: number;
  readonly loop: EventLoop;
  readonly dice: Dice;
  readonly faults: ProcessFaults;
  readonly switches: Switches;
  readonly isTroubled: () => boolean;
  /** How far this machine's wall clock is off. */
  readonly clockOffsetMs: number;
  readonly storage: Storage;
  readonly transport: Transport;
  readonly trackerOf: (input: string | URL | Request) => RemoteTracker;
  readonly onDeath: () => void;
  readonly onPause: (durationMs: number) => void;
  readonly onLog: (level: string, message: string) => void;
}

/** What a storage in trouble says. */
export const lostDatabase = "The connection to the database was lost.";

type Fate = "none" | "dies-before" | "dies-after" | "trouble-before" | "trouble-after";

const pauseMs: readonly [number, number] = [30_000, 120_000];
const storageMs: readonly [number, number] = [0.5, 4];

export function createSimulatedProcess(options: ProcessOptions): SimulatedProcess {
  const { loop, dice, faults, switches } = options;
  const bornAt = loop.now();
  let isAlive = true;
  let asleepUntil = 0;
  let pausedAt = 0;

  const happens = (kind: "death" | "pause" | "storageTrouble") => {
    const isHit = dice.chance(faults[kind]);
    return isHit && options.isTroubled() && !switches.without.has(kind);
  };
  // Node keeps a combined signal for as long as somebody listens to it, so whoever waits stops listening, and so do the dead.
  const listening = new Set<() => void>();
  const listen = (signal: AbortSignal | null | undefined, onAbort: () => void): (() => void) => {
    const stop = () => {
      signal?.removeEventListener("abort", onAbort);
      listening.delete(stop);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    listening.add(stop);
    return stop;
  };
  const kill = () => {
    if (!isAlive) return;
    isAlive = false;
    for (const stop of listening) stop();
    options.onDeath();
  };
  /** Goes on in this process, once it is awake; never, if it is dead by then. */
  const resume = (run: () => void) => {
    if (!isAlive) return;
    if (loop.now() >= asleepUntil) run();
    else loop.at(asleepUntil, () => resume(run));
  };
  const mayPause = () => {
    if (!happens("pause")) return;
    const durationMs = dice.between(...pauseMs);
    asleepUntil = Math.max(asleepUntil, loop.now() + durationMs);
    pausedAt = loop.now();
    options.onPause(durationMs);
  };
  const fateOf = (): Fate => {
    if (happens("death")) return dice.chance(0.5) ? "dies-before" : "dies-after";
    if (happens("storageTrouble")) return dice.chance(0.5) ? "trouble-before" : "trouble-after";
    return "none";
  };
  const trouble = () => new StorageError({ code: "storage-unavailable", message: lostDatabase });

  const call = <Result>(effect: () => Promise<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      if (!isAlive) return;
      const fate = fateOf();
      const thereMs = dice.between(...storageMs);
      const backMs = dice.between(...storageMs);
      const back = (run: () => void) => void loop.after(backMs, () => resume(run));
      mayPause();
      loop.after(thereMs, () => {
        if (fate === "dies-before") return kill();
        if (fate === "trouble-before") return back(() => reject(trouble()));
        void effect().then(
          (result) => {
            if (fate === "dies-after") kill();
            else back(() => (fate === "trouble-after" ? reject(trouble()) : resolve(result)));
          },
          (error: unknown) => back(() => reject(error)),
        );
      });
    });

  const storage: Storage = {
    ...options.storage,
    find: (scope, query) => call(() => options.storage.find(scope, query)),
    commit: (scope, units) => call(() => options.storage.commit(scope, units)),
    system: {
      claim: (request) => call(() => options.storage.system.claim(request)),
      nextDueInMs: (table) => call(() => options.storage.system.nextDueInMs(table)),
      sourceByEndpoint: (endpoint) => call(() => options.storage.system.sourceByEndpoint(endpoint)),
      sourcesByAppScope: (request) => call(() => options.storage.system.sourcesByAppScope(request)),
      readActivity: (request) => call(() => options.storage.system.readActivity(request)),
      claimConsumer: (request) => call(() => options.storage.system.claimConsumer(request)),
      commitConsumer: (request) => call(() => options.storage.system.commitConsumer(request)),
      installation: (request) => call(() => options.storage.system.installation(request)),
      reserve: (request) => call(() => options.storage.system.reserve(request)),
      overview: (request) => call(() => options.storage.system.overview(request)),
      prune: (request) => call(() => options.storage.system.prune(request)),
    },
  };

  const fetch: FetchFunction = (input, init) =>
    new Promise((resolve, reject) => {
      if (!isAlive) return;
      const signal = init?.signal ?? null;
      if (signal?.aborted) return reject(signal.reason);
      const diesAt = happens("death") ? dice.weighted({ before: 1, after: 1 }) : null;
      if (diesAt === "before") return kill();
      const stopListening = listen(signal, () => resume(() => reject(signal?.reason)));
      mayPause();
      // A process may stand still between its last look at the lease and the moment its request leaves.
      const heldMs = dice.chance(0.5) ? Math.max(0, asleepUntil - loop.now()) : 0;
      const tracker = options.trackerOf(input);
      const request = { process: options.name, tracker, input, init, pausedAt, heldMs, isAlive: () => isAlive };
      options.transport.send(request, (answer) =>
        resume(() => {
          stopListening();
          if ("response" in answer) resolve(answer.response);
          else reject(answer.error);
        }),
      );
      if (diesAt === "after") kill();
    });

  const sleep: Scheduler["sleep"] = (durationMs, signal) =>
    new Promise((resolve, reject) => {
      if (!isAlive) return;
      if (signal?.aborted) return reject(signal.reason);
      const wake = loop.after(durationMs, () =>
        resume(() => {
          stopListening();
          resolve();
        }),
      );
      const stopListening = listen(signal, () => {
        wake.cancel();
        reject(signal?.reason);
      });
    });

  return {
    name: options.name,
    get isAlive() {
      return isAlive;
    },
    storage,
    fetch,
    clock: {
      now: () => Math.floor(loop.now() + options.clockOffsetMs),
      monotonic: () => loop.now() - bornAt,
    },
    scheduler: { sleep },
    random: createSeededRandom(options.seed),
    logger: { log: (level, message, data) => options.onLog(level, `${message} ${JSON.stringify(data ?? {})}`) },
    call,
    kill,
  };
}
