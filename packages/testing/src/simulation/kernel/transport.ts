import type { Profile, RequestFaults } from "../plan/profile.ts";
import type { Switches } from "../plan/switches.ts";
import type { RemoteTracker, RequestDescription, ServerFault } from "../tracker/remote-tracker.ts";
import type { Dice } from "./dice.ts";
import type { EventLoop } from "./event-loop.ts";

/** One request from dispatch to answer, as the judge sees it. */
export interface RequestRecord {
  readonly id: number;
  readonly process: string;
  readonly tracker: RemoteTracker;
  readonly description: RequestDescription;
  /** When the engine let it go. */
  readonly askedAt: number;
  /** When its process last stood still. */
  readonly pausedAt: number;
  readonly fault: keyof RequestFaults | "none";
  readonly server: ServerFault;
  /** It is applied after the caller gave up, or left its process long after the last look at the lease. */
  readonly isLate: boolean;
}

export interface TransportOptions {
  readonly loop: EventLoop;
  readonly dice: Dice;
  readonly profile: Profile;
  readonly switches: Switches;
  /** False once the network works for good. */
  readonly isTroubled: () => boolean;
  readonly onAsk: (record: RequestRecord) => void;
  readonly onArrival: (record: RequestRecord, idleFields: readonly string[]) => void;
  readonly onLimited: (record: RequestRecord) => void;
}

type Answer = { readonly response: Response } | { readonly error: unknown };

export interface Transport {
  /** Sends one request; `done` is called with the answer, unless none ever comes. */
  send(
    request: {
      readonly process: string;
      readonly tracker: RemoteTracker;
      readonly input: string | URL | Request;
      readonly init: RequestInit | undefined;
      readonly pausedAt: number;
      /** The process stands still before the request leaves it, for so long; 0 for not at all. */
      readonly heldMs: number;
      /** False once the process is dead: what has not left it never will. */
      readonly isAlive: () => boolean;
    },
    done: (answer: Answer) => void,
  ): void;
}

const latestMs = 60_000;
const resetAfterMs = 300;
const limitWindowMs = 600_000;

const connectionError = (code: string) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });

/** The network between engine and trackers: latency, lost messages, late ones, and servers in trouble. */
export function createTransport(options: TransportOptions): Transport {
  const { loop, dice, profile, switches } = options;
  const windows = new Map<RemoteTracker, { startedAt: number; used: number; blockedUntil: number }>();
  let sent = 0;

  const draw = (kind: keyof RequestFaults): boolean => {
    const isHit = dice.chance(profile.requests[kind]);
    return isHit && options.isTroubled() && !switches.without.has(kind);
  };

  const choose = ({ kind, isWrite }: RequestDescription): keyof RequestFaults | "none" => {
    const possible: (keyof RequestFaults)[] = ["refused", "lostBefore", "lostAfter", "unavailable", "rateLimit"];
    if (isWrite) possible.push("late", "badGateway");
    if (kind === "update") possible.push("drop");
    if (kind === "other") possible.push("labelRefused");
    if (kind === "read") possible.push("stale");
    if (kind === "list") possible.push("indexLag");
    let chosen: keyof RequestFaults | "none" = "none";
    for (const fault of possible) if (draw(fault) && chosen === "none") chosen = fault;
    return chosen;
  };

  const serverFault = (fault: keyof RequestFaults | "none"): ServerFault => ({
    staleMs: fault === "stale" ? dice.between(0, 10_000) : fault === "indexLag" ? dice.between(0, 20_000) : 0,
    dropsField: fault === "drop",
    refusesLabels: fault === "labelRefused",
  });

  /** True where the tracker's budget is used up; it stays so until its own reset. */
  const limitOf = (tracker: RemoteTracker, fault: string): number | null => {
    const now = loop.now();
    const window = windows.get(tracker) ?? { startedAt: now, used: 0, blockedUntil: 0 };
    windows.set(tracker, window);
    if (now < window.blockedUntil) return Math.ceil((window.blockedUntil - now) / 1_000);
    if (now - window.startedAt > limitWindowMs) {
      window.startedAt = now;
      window.used = 0;
    }
    window.used += 1;
    const isOver = options.isTroubled() && profile.budget !== null && window.used > profile.budget;
    if (!isOver && fault !== "rateLimit") return null;
    const waitMs = fault === "rateLimit" ? dice.between(5_000, 60_000) : window.startedAt + limitWindowMs - now;
    window.blockedUntil = now + waitMs;
    return Math.ceil(waitMs / 1_000);
  };

  return {
    send({ process, tracker, input, init, pausedAt, heldMs, isAlive }, done) {
      sent += 1;
      const description = tracker.describe(input, init);
      const fault = choose(description);
      const record: RequestRecord = {
        id: sent,
        process,
        tracker,
        description,
        askedAt: loop.now(),
        pausedAt,
        fault,
        server: serverFault(fault),
        isLate: fault === "late" || heldMs > 0,
      };
      options.onAsk(record);
      const travelMs = dice.between(...profile.latencyMs);
      const thereMs = heldMs + travelMs;
      const backMs = dice.between(...profile.latencyMs);
      const isEarly = dice.chance(0.5);
      // However it comes about, nothing arrives later than the engine's grace period allows for.
      const lateMs = Math.min(dice.between(0, latestMs), Math.max(0, 2 * latestMs - heldMs));
      const answer = (delayMs: number, given: Answer) => void loop.after(delayMs, () => done(given));
      const depart = (delayMs: number, then: (response: Response) => void) => {
        const go = () => void loop.after(Math.max(0, delayMs - heldMs), () => void arrive(then));
        if (heldMs === 0) go();
        else loop.after(heldMs, () => (isAlive() ? go() : undefined));
      };
      const arrive = async (then: (response: Response) => void) => {
        options.onArrival(record, tracker.idleFields(input, init));
        const limit = limitOf(tracker, fault);
        if (limit !== null) {
          options.onLimited(record);
          then(tracker.limited(fault === "rateLimit" ? "secondary" : "primary", limit));
          return;
        }
        then(await tracker.handle({ input, init, fault: record.server, requestId: record.id }));
      };
      const error = (code: string) => ({ error: connectionError(code) });
      switch (fault) {
        case "refused":
          answer(thereMs, error("ECONNREFUSED"));
          return;
        case "lostBefore":
          // The caller learns of it by a reset, or not at all until its own time is over.
          if (isEarly) answer(thereMs + resetAfterMs, error("ECONNRESET"));
          return;
        case "unavailable":
          answer(thereMs + backMs, { response: new Response(null, { status: 503 }) });
          return;
        case "late":
          if (isEarly) answer(thereMs + resetAfterMs, error("ECONNRESET"));
          depart(heldMs + lateMs, () => {});
          return;
        case "lostAfter":
          depart(thereMs, () => (isEarly ? answer(backMs, error("ECONNRESET")) : undefined));
          return;
        case "badGateway":
          depart(thereMs, () => answer(backMs, { response: new Response(null, { status: 502 }) }));
          return;
        default:
          depart(thereMs, (response) => answer(backMs, { response }));
      }
    },
  };
}
