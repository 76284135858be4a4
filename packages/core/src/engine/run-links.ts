import type { TelemetrySpan } from "../ports/telemetry.ts";
import { logEvent, loggedError } from "../runtime/log-event.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { openSession, type SourceSession } from "../runtime/session.ts";
import type { LinkRow } from "../storage/rows/link-rows.ts";
import type { SourceRow, TargetRow } from "../storage/rows/source-rows.ts";
import type { ClaimResult, StorageScope } from "../storage/storage.ts";
import { createBulkGuard } from "./bulk-guard.ts";
import { createCommitCombiner } from "./commit-combiner.ts";
import { judgeFailure } from "./failure.ts";
import type { Flights } from "./flights.ts";
import { mappingOfLink } from "./link-mapping.ts";
import { loadLinks } from "./load-links.ts";
import { judgeContainers } from "./lost-containers.ts";
import { mayLagBehindUs, needsObservation, type Observation, observe, readIssues } from "./observe.ts";
import type { Pass } from "./pass.ts";
import { accountOf, ensureLabels } from "./pass-services.ts";
import { reconcileLink } from "./reconcile-link.ts";
import type { Semaphore } from "./semaphore.ts";
import { sendByOf } from "./send-by.ts";
import { blockBudget, changeHealth } from "./source-health.ts";
import type { SourceSlots } from "./source-slots.ts";
import { judgeVanished } from "./vanished-issues.ts";
import type { Workspace } from "./workspace.ts";

/** What all passes of one process share. */
export interface SharedWork {
  readonly slots: SourceSlots;
  readonly flights: Flights;
}

export interface ClaimedLinks extends ClaimResult<"link"> {
  /** The clock's `monotonic` from before the claim was asked for. */
  readonly claimedAt: number;
  /** Somebody waits for what becomes of them. */
  readonly isUrgent: boolean;
}

function createPass(
  runtime: Runtime,
  session: SourceSession,
  targets: readonly TargetRow[],
  claimed: ClaimedLinks,
  slots: Semaphore,
  flights: Flights,
): Pass {
  const { source, capabilities } = session;
  const scope: StorageScope = { tenantId: source.tenantId };
  const sendBy = sendByOf(runtime, claimed.claimedAt);
  const share = <Value>(what: string, task: () => Promise<Value>) =>
    flights.share(`${source.tenantId} ${source.id} ${source.credentialVersion} ${what}`, task);
  return {
    runtime,
    session,
    scope,
    targets,
    // Storages keep whole milliseconds, and a monotonic clock may tell finer ones.
    now: () => claimed.now + Math.floor(runtime.clock.monotonic() - claimed.claimedAt),
    call: (options) => session.call({ sendBy, isUrgent: claimed.isUrgent, ...options }),
    slots,
    commits: createCommitCombiner(runtime.storage, scope, runtime.limits.claimBatch),
    guard: createBulkGuard(runtime, scope, source),
    account: () => share("account", () => accountOf(runtime, session, session.call({ sendBy, isUrgent: true }))),
    async labels(target, names) {
      const { mapping } = mappingOfLink({
        runtime,
        capabilities,
        source,
        targets,
        link: { targetId: target.id, projectId: target.projectId, token: "" },
      });
      const own = capabilities.priority === "labels" ? mapping.priority.map((entry) => entry.remote) : [];
      const all = [...new Set([...own, ...names])];
      const refused = await share(`labels ${target.id} ${all.join(" ")}`, () =>
        ensureLabels(runtime, session, scope, {
          target,
          mapping,
          names: all,
          call: session.call({ sendBy, isUrgent: true }),
        }),
      );
      return new Map([...refused].filter(([name]) => names.includes(name)));
    },
  };
}

/** Gives back links whose source cannot be spoken to at all. */
async function releaseUnopened(
  runtime: Runtime,
  source: SourceRow,
  links: readonly LinkRow[],
  error: unknown,
  claimed: ClaimedLinks,
): Promise<void> {
  const whole = judgeFailure(runtime, error, 0, claimed.now);
  if (whole.source === "reconnect") await changeHealth(runtime, source, "reconnect-required", whole.failure.message);
  if (whole.source === "wait") await blockBudget(runtime, source, whole.nextAfterMs ?? 0, whole.failure.message);
  await runtime.storage.commit(
    { tenantId: source.tenantId },
    links.map((link) => {
      const verdict = judgeFailure(runtime, error, link.attempts, claimed.now);
      return {
        write: [
          {
            type: "release",
            table: "link",
            id: link.id,
            fence: link.fence,
            seenMark: link.mark,
            nextAfterMs: verdict.nextAfterMs,
            set: {
              failure: verdict.failure,
              attempts: verdict.attempts,
              checkIssue: link.checkIssue,
              checkComments: link.checkComments,
            },
          },
        ],
      };
    }),
  );
}

/** Works on links of one source, in a span of their own. */
function runSource(
  runtime: Runtime,
  links: readonly LinkRow[],
  claimed: ClaimedLinks,
  slots: Semaphore,
  flights: Flights,
): Promise<void> {
  const { tenantId = "", sourceId = "" } = links[0] ?? {};
  const attributes = {
    "backref.tenant.id": tenantId,
    "backref.source.id": sourceId,
    "backref.work.count": links.length,
  };
  return runtime.telemetry.span({ name: "backref.links", attributes }, async (span) => {
    try {
      await runLinks(runtime, links, claimed, slots, flights, span);
    } catch (error) {
      span.fail(loggedError(error).code);
      throw error;
    }
  });
}

/** The container answers, but may not have when its issues were looked for: what is missing is missed by a second look, too. */
async function missAgain(
  pass: Pass,
  works: readonly Workspace[],
  observations: Map<string, Observation>,
  hindrances: Map<Workspace, unknown>,
): Promise<void> {
  const isMissing = ({ link }: Workspace) => observations.get(link.id)?.outcome.kind === "no-access";
  const missing = works.filter((work) => isMissing(work) && !hindrances.has(work) && !mayLagBehindUs(work));
  if (missing.length === 0) return;
  try {
    for (const [linkId, second] of await readIssues(pass, missing)) observations.set(linkId, second);
  } catch (error) {
    for (const work of missing) hindrances.set(work, error);
  }
}

async function runLinks(
  runtime: Runtime,
  links: readonly LinkRow[],
  claimed: ClaimedLinks,
  slots: Semaphore,
  flights: Flights,
  span: TelemetrySpan,
): Promise<void> {
  const [first] = links;
  if (first === undefined) return;
  const scope: StorageScope = { tenantId: first.tenantId };
  const [sources, targets] = await Promise.all([
    runtime.storage.find(scope, { table: "source", by: "id", keys: [[first.sourceId]] }),
    runtime.storage.find(scope, { table: "target", by: "source", keys: [[first.sourceId]] }),
  ]);
  const [source] = sources;
  if (source === undefined) return;
  span.set({ "backref.provider": source.providerId });
  let session: SourceSession;
  try {
    session = await openSession(runtime, source);
  } catch (error) {
    await releaseUnopened(runtime, source, links, error, claimed);
    return;
  }
  const pass = createPass(runtime, session, targets, claimed, slots, flights);
  const works = await loadLinks(pass, links);
  const toRead = works.filter(needsObservation);
  let observations = new Map<string, Observation>();
  const hindrances = new Map<Workspace, unknown>();
  try {
    observations = new Map(await observe(pass, toRead));
  } catch (error) {
    for (const work of toRead) hindrances.set(work, error);
  }
  for (const [work, loss] of await judgeContainers(toRead, observations)) hindrances.set(work, loss);
  const reached = toRead.filter((work) => !hindrances.has(work));
  for (const [work, vanished] of await judgeVanished(pass, reached, observations)) hindrances.set(work, vanished);
  await missAgain(pass, reached, observations, hindrances);
  const results = await Promise.allSettled(
    works.map((work) => reconcileLink(work, observations.get(work.link.id), hindrances.get(work) ?? null)),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/**
 * Begins to work on claimed links: one task per source, so that a slow tracker holds up nobody else. A task ends when each
 * of its links is released, and never rejects.
 */
export function startLinkTasks(runtime: Runtime, claimed: ClaimedLinks, shared: SharedWork): readonly Promise<void>[] {
  const groups = Map.groupBy(claimed.rows, (link) => `${link.tenantId}\n${link.sourceId}`);
  return [...groups].map(async ([sourceKey, links]) => {
    try {
      await shared.slots.use(sourceKey, (slots) => runSource(runtime, links, claimed, slots, shared.flights));
    } catch (error) {
      const [first] = links;
      const { tenantId = "", sourceId = "" } = first ?? {};
      logEvent(runtime, "links-left", { tenantId, sourceId, ...loggedError(error) });
    }
  });
}
