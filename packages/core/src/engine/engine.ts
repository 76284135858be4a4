import { logEvent, loggedError } from "../runtime/log-event.ts";
import { noLongerAwaited } from "../runtime/no-longer-awaited.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { LinkRow } from "../storage/rows/link-rows.ts";
import { type Background, createBackground } from "./background.ts";
import { createDoorbell, type Doorbell } from "./doorbell.ts";
import { createFlights } from "./flights.ts";
import { createWorkMeasure } from "./measure-work.ts";
import { startPollTasks } from "./poll.ts";
import { type SharedWork, startLinkTasks } from "./run-links.ts";
import { createSourceSlots } from "./source-slots.ts";
import { createWorkerRecord, type WorkerRecord } from "./worker-record.ts";

/** What one pass did, and when to come again. */
export interface SyncRunResult {
  /** Links and poll scopes worked on. */
  readonly processed: number;
  /** When the next work is due, milliseconds since 1970 UTC by this process's clock; null where none is in sight. */
  readonly nextDueAt: number | null;
  /** Work is due now, but the time was over. */
  readonly more: boolean;
}

/** Does the work that is due, of all tenants. Any number of processes may do so at once: they share the work. */
export interface SyncService {
  /**
   * One bounded pass: works until nothing is due or `maxMs` is over. Work that was begun is finished. Trouble with a tracker
   * or a link is no exception; it is kept with the link and the source.
   * @param request.maxMs how long new work is begun, milliseconds @default 5_000
   * @throws BackrefError `storage-unavailable`, `installation-mismatch`, `closed`
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const backref: Backref;
   *
   * // In a cron job or a serverless function:
   * const { more, nextDueAt } = await backref.sync.run({ maxMs: 25_000 });
   * ```
   */
  run(request?: { readonly maxMs?: number }): Promise<SyncRunResult>;
  /**
   * Keeps going in this process until the returned function is called; it resolves when all begun work is done.
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const backref: Backref;
   *
   * const stop = backref.sync.start();
   * process.once("SIGTERM", async () => {
   *   await stop();
   *   await backref.close();
   * });
   * ```
   */
  start(): () => Promise<void>;
}

/** The engine as services use it: passes, and work on single links while somebody waits. */
export interface SyncEngine extends SyncService {
  /** The same where nobody waits for it: it begins a trace of its own. */
  runApart(request?: { readonly maxMs?: number }): Promise<SyncRunResult>;
  /** Works on one link now, for at most `maxMs`, and returns how it stands then. */
  workOn(link: { readonly tenantId: string; readonly id: string }, maxMs: number): Promise<LinkRow | null>;
  /**
   * Works on many links of one tenant as a pass does, for at most `maxMs` or until the signal is aborted. Those that have to
   * wait longer, or cannot run, are left to the next pass.
   */
  workOnMany(
    links: { readonly tenantId: string; readonly ids: readonly string[] },
    request: { readonly maxMs: number; readonly signal: AbortSignal },
  ): Promise<void>;
  readonly worker: WorkerRecord;
  readonly doorbell: Doorbell;
  readonly background: Background;
}

const usualPassMs = 5_000;
const longestIdleMs = 1_000;
const pollsAtOnce = 8;
const tasksAtOnce = 32;
const pruneIntervalMs = 3_600_000;
const prunedAtOnce = 10_000;
/** Somebody else has the link: looked at again so soon. */
const heldWaitMs = 25;

export function createSyncEngine(runtime: Runtime): SyncEngine {
  const { storage, clock, limits, scheduler } = runtime;
  const owner = runtime.ids.id();
  const worker = createWorkerRecord(clock);
  const measureWork = createWorkMeasure(runtime, owner);
  const doorbell = createDoorbell();
  const background = createBackground((error) => {
    logEvent(runtime, "background-failed", { workerId: owner, ...loggedError(error) });
  });

  const shared: SharedWork = { slots: createSourceSlots(limits.concurrencyPerSource), flights: createFlights() };

  /** Claims what is due and begins to work on it. */
  const begin = async (): Promise<{ readonly count: number; readonly tasks: readonly Promise<void>[] }> => {
    await runtime.installation.check();
    const claimedAt = clock.monotonic();
    const [links, scopes] = await Promise.all([
      storage.system.claim({
        table: "link",
        owner,
        leaseMs: limits.leaseMs,
        limit: limits.claimBatch,
        limitPerSource: limits.claimBatch,
      }),
      storage.system.claim({
        table: "pollScope",
        owner,
        leaseMs: limits.leaseMs,
        limit: pollsAtOnce,
        limitPerSource: pollsAtOnce,
      }),
    ]);
    const tasks = [
      ...startLinkTasks(runtime, { ...links, claimedAt, isUrgent: false }, shared),
      ...startPollTasks(runtime, { ...scopes, claimedAt }),
    ];
    return { count: links.rows.length + scopes.rows.length, tasks };
  };

  const nextDueInMs = async () => {
    const [links, scopes] = await Promise.all([
      storage.system.nextDueInMs("link"),
      storage.system.nextDueInMs("pollScope"),
    ]);
    return links === null ? scopes : scopes === null ? links : Math.min(links, scopes);
  };

  let prunedAt = Number.NEGATIVE_INFINITY;
  const prune = async () => {
    if (clock.monotonic() - prunedAt < pruneIntervalMs) return;
    prunedAt = clock.monotonic();
    const deliveriesBefore = clock.now() - limits.deliveryRetentionMs;
    const { deliveriesPerSource } = limits;
    const removed = await storage.system.prune({ deliveriesBefore, deliveriesPerSource, limit: prunedAtOnce });
    // There may be more: the next pass goes on.
    if (removed === prunedAtOnce) prunedAt = Number.NEGATIVE_INFINITY;
  };

  /** Waits until a task has ended, work has come in, or enough time has passed for something else to be due. */
  const somethingToDo = async (running: ReadonlySet<Promise<void>>) => {
    const over = new AbortController();
    const pause = scheduler.sleep(longestIdleMs, AbortSignal.any([doorbell.signal(), over.signal])).catch(() => {});
    await Promise.race([...running, pause]);
    over.abort(noLongerAwaited);
  };

  const passOf = async (maxMs: number): Promise<SyncRunResult> => {
    const until = clock.monotonic() + maxMs;
    const running = new Set<Promise<void>>();
    let processed = 0;
    for (;;) {
      const mayClaim = running.size < tasksAtOnce && clock.monotonic() < until;
      const { count, tasks } = mayClaim || processed === 0 ? await begin() : { count: 0, tasks: [] };
      processed += count;
      for (const task of tasks) {
        running.add(task);
        void task.then(() => running.delete(task));
      }
      if (count > 0) continue;
      if (running.size === 0) break;
      await somethingToDo(running);
    }
    await prune();
    await measureWork();
    const dueInMs = await nextDueInMs();
    const nextDueAt = dueInMs === null ? null : clock.now() + dueInMs;
    return { processed, nextDueAt, more: dueInMs === 0 };
  };

  const observedPass = (maxMs: number, isRoot: boolean): Promise<SyncRunResult> => {
    const causes = doorbell.takeCauses();
    return runtime.telemetry.span({ name: "backref.pass", isRoot, causes }, async (span) => {
      const startedAt = clock.monotonic();
      try {
        const result = await passOf(maxMs);
        worker.passed();
        const { processed, more } = result;
        span.set({ "backref.work.count": processed });
        const durationMs = clock.monotonic() - startedAt;
        logEvent(runtime, "pass-ended", { workerId: owner, processed, more, durationMs });
        return result;
      } catch (error) {
        worker.failed(error);
        span.fail(loggedError(error).code);
        throw error;
      }
    });
  };
  const run: SyncEngine["run"] = async ({ maxMs = usualPassMs } = {}) => observedPass(maxMs, false);
  const runApart: SyncEngine["runApart"] = async ({ maxMs = usualPassMs } = {}) => observedPass(maxMs, true);

  const readLink = async (link: { readonly tenantId: string; readonly id: string }) => {
    const [row] = await storage.find({ tenantId: link.tenantId }, { table: "link", by: "id", keys: [[link.id]] });
    return row ?? null;
  };

  const workOn: SyncEngine["workOn"] = async (link, maxMs) => {
    const until = clock.monotonic() + maxMs;
    await runtime.installation.check();
    for (;;) {
      const claimedAt = clock.monotonic();
      const claimed = await storage.system.claim({
        table: "link",
        owner,
        leaseMs: limits.leaseMs,
        limit: 1,
        limitPerSource: 1,
        only: { tenantId: link.tenantId, ids: [link.id] },
      });
      await Promise.all(startLinkTasks(runtime, { ...claimed, claimedAt, isUrgent: true }, shared));
      const row = await readLink(link);
      if (row === null || (row.leaseOwner === null && row.dueAt === null)) return row;
      const now = claimed.now + (clock.monotonic() - claimedAt);
      const isHeld = row.leaseOwner !== null;
      const leftMs = until - clock.monotonic();
      const waitMs = isHeld ? heldWaitMs : Math.max(0, (row.dueAt ?? now) - now);
      const cannotRun = !isHeld && claimed.rows.length === 0;
      if (cannotRun || waitMs >= leftMs) return row;
      if (waitMs > 0) await scheduler.sleep(waitMs);
    }
  };

  const workOnMany: SyncEngine["workOnMany"] = async ({ tenantId, ids }, { maxMs, signal }) => {
    const until = clock.monotonic() + maxMs;
    await runtime.installation.check();
    let ready = ids;
    while (ready.length > 0 && !signal.aborted) {
      const claimedAt = clock.monotonic();
      const { claimBatch: limit, leaseMs } = limits;
      const claimed = await storage.system.claim({
        table: "link",
        owner,
        leaseMs,
        limit,
        limitPerSource: limit,
        only: { tenantId, ids: ready },
      });
      await Promise.all(startLinkTasks(runtime, { ...claimed, claimedAt, isUrgent: false }, shared));
      const rows = await storage.find({ tenantId }, { table: "link", by: "id", keys: ids.map((id) => [id]) });
      const now = claimed.now + (clock.monotonic() - claimedAt);
      const taken = new Set(claimed.rows.map(({ id }) => id));
      const waits = rows.flatMap((row) => {
        if (row.leaseOwner !== null) return { row, waitMs: heldWaitMs };
        if (row.dueAt === null) return [];
        const waitMs = Math.max(0, row.dueAt - now);
        // What was due and not to be had cannot run now.
        return waitMs === 0 && !taken.has(row.id) && taken.size < limit ? [] : { row, waitMs };
      });
      const waitMs = Math.min(...waits.map((wait) => wait.waitMs));
      if (waitMs >= until - clock.monotonic()) return;
      if (waitMs > 0) await scheduler.sleep(waitMs, signal).catch(() => {});
      ready = waits.filter((wait) => wait.waitMs <= waitMs).map(({ row }) => row.id);
    }
  };

  const start: SyncEngine["start"] = () => {
    let stopped = false;
    const stopping = new AbortController();
    const loop = async () => {
      while (!stopped) {
        const rung = doorbell.signal();
        let idleMs = longestIdleMs;
        try {
          const result = await runApart();
          if (result.nextDueAt !== null) idleMs = Math.max(0, Math.min(result.nextDueAt - clock.now(), longestIdleMs));
        } catch (error) {
          logEvent(runtime, "pass-failed", { workerId: owner, ...loggedError(error) });
        }
        if (stopped) return;
        await scheduler.sleep(idleMs, AbortSignal.any([rung, stopping.signal])).catch(() => {});
      }
    };
    worker.started();
    logEvent(runtime, "worker-started", { workerId: owner });
    const running = loop().finally(() => {
      worker.stopped();
      logEvent(runtime, "worker-stopped", { workerId: owner });
    });
    background.track(running);
    return async () => {
      stopped = true;
      stopping.abort();
      await running;
    };
  };

  return { run, runApart, worker, start, workOn, workOnMany, doorbell, background };
}
