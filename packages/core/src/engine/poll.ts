import { resolveCapabilities } from "../provider/resolved-capabilities.ts";
import { logEvent, loggedError } from "../runtime/log-event.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { openSession, type SourceSession } from "../runtime/session.ts";
import { providerFor } from "../runtime/source-provider.ts";
import type { PollScopeRow, SourceRow } from "../storage/rows/source-rows.ts";
import type { ClaimResult } from "../storage/storage.ts";
import { feedDefects } from "./defect-feed.ts";
import { backoffMs, judgeFailure } from "./failure.ts";
import { redeliverSinceSweep } from "./missed-deliveries.ts";
import { observePoll } from "./observe-poll.ts";
import { pollChanges } from "./poll-changes.ts";
import { failureBehind } from "./refused-credential.ts";
import { isRenewalDue, renewWebhook } from "./renew-webhook.ts";
import { sendByOf } from "./send-by.ts";
import { blockBudget, changeHealth } from "./source-health.ts";
import { recoverByTurn } from "./source-recovery.ts";
import { sweep } from "./sweep.ts";

export interface ClaimedScopes extends ClaimResult<"pollScope"> {
  readonly claimedAt: number;
}

/** How a scope's turn ended, and what its row remembers of it. */
interface TurnEnd {
  /** Null: it gets no other turn by itself. */
  readonly nextAfterMs: number | null;
  readonly set: Partial<PollScopeRow>;
  readonly isWell: boolean;
  /** The tracker was asked what changed. */
  readonly polled: boolean;
}

async function release(runtime: Runtime, row: PollScopeRow, { nextAfterMs, set }: TurnEnd): Promise<void> {
  const { id, fence, mark } = row;
  await runtime.storage.commit({ tenantId: row.tenantId }, [
    { write: [{ type: "release", table: "pollScope", id, fence, seenMark: mark, nextAfterMs, set }] },
  ]);
}

async function pollAndSweep(
  runtime: Runtime,
  source: SourceRow,
  row: PollScopeRow,
  claimed: ClaimedScopes,
): Promise<TurnEnd | null> {
  const provider = providerFor(runtime, source);
  const { changes } = provider;
  // Links only: there is nothing to look after.
  if (changes === undefined && provider.read === undefined) {
    return { nextAfterMs: null, set: {}, isWell: true, polled: false };
  }
  // A source made before its provider learned to poll has a scope that stands for no container.
  const isPollable = row.container !== "" || resolveCapabilities(provider.capabilities).pollScope === "source";
  const polled = changes !== undefined && isPollable;
  const sendBy = sendByOf(runtime, claimed.claimedAt);
  let set: Partial<PollScopeRow> = { failures: 0, problem: null };
  let session: SourceSession | null = null;
  if (polled) {
    session = await openSession(runtime, source);
    let cursor: string | null;
    try {
      cursor = await pollChanges(runtime, session, changes, row, sendBy);
    } catch (error) {
      const behind = await failureBehind(session, error);
      if ("error" in behind) throw behind.error;
      return { nextAfterMs: 0, set: {}, isWell: false, polled: false };
    }
    if (cursor === null) return null;
    set = { ...set, cursor, lastPolledAt: runtime.clock.now() };
  }
  const swept = await sweep(runtime, row);
  if (session !== null && swept.lastSweptAt !== undefined) await redeliverSinceSweep(runtime, session, row, sendBy);
  if (isRenewalDue(row.webhook, runtime.clock.now())) {
    session ??= await openSession(runtime, source);
    set = { ...set, ...(await renewWebhook(runtime, session, row, sendBy)) };
  }
  return { nextAfterMs: runtime.limits.pollIntervalMs, set: { ...set, ...swept }, isWell: true, polled };
}

async function endAfter(
  runtime: Runtime,
  source: SourceRow,
  row: PollScopeRow,
  claimed: ClaimedScopes,
  error: unknown,
): Promise<TurnEnd> {
  const failures = row.failures + 1;
  const verdict = judgeFailure(runtime, error, 0, claimed.now);
  const { message } = verdict.failure;
  logEvent(runtime, "poll-failed", {
    tenantId: source.tenantId,
    sourceId: source.id,
    container: row.container,
    failure: verdict.failure.failure,
    ...loggedError(error),
  });
  if (verdict.source === "wait") await blockBudget(runtime, source, verdict.nextAfterMs ?? 0, message);
  if (verdict.source === "reconnect") await changeHealth(runtime, source, "reconnect-required", message);
  const isLasting = verdict.nextAfterMs === null;
  if (isLasting && source.health === "ok") await changeHealth(runtime, source, "degraded", message);
  const nextAfterMs = isLasting
    ? runtime.limits.pollIntervalMs
    : verdict.source === "none"
      ? backoffMs(runtime, failures)
      : verdict.nextAfterMs;
  // One container that is lost must not keep the links of all others from being swept.
  const swept = isLasting ? await sweep(runtime, row) : {};
  const set = { failures, problem: isLasting ? message : row.problem, ...swept };
  return { nextAfterMs, set, isWell: false, polled: true };
}

/** One turn of a scope: what changed at the tracker, a part of the slow sweep, and what changed in the host. */
async function takeTurn(
  runtime: Runtime,
  source: SourceRow,
  row: PollScopeRow,
  claimed: ClaimedScopes,
  told: (outcome: string) => void,
): Promise<void> {
  let end: TurnEnd | null;
  try {
    end = await pollAndSweep(runtime, source, row, claimed);
    told(end === null ? "taken-over" : end.isWell ? "ok" : "repeated");
  } catch (error) {
    told("failed");
    end = await endAfter(runtime, source, row, claimed, error);
  }
  if (end === null) return;
  // The host's side does not depend on the tracker's: a poll that failed loses no change of a defect.
  if (end.nextAfterMs !== null) await feedDefects(runtime, row);
  await release(runtime, row, end);
  if (end.isWell && source.health === "degraded") await recoverByTurn(runtime, source, end.polled);
}

/** Begins the turns of claimed scopes: one task per scope, which never rejects. */
export function startPollTasks(runtime: Runtime, claimed: ClaimedScopes): readonly Promise<void>[] {
  return claimed.rows.map(async (row) => {
    try {
      const query = { table: "source", by: "id", keys: [[row.sourceId]] } as const;
      const [source] = await runtime.storage.find({ tenantId: row.tenantId }, query);
      if (source !== undefined) {
        await observePoll(runtime, source, row, (told) => takeTurn(runtime, source, row, claimed, told));
      }
    } catch (error) {
      logEvent(runtime, "poll-left", { tenantId: row.tenantId, sourceId: row.sourceId, ...loggedError(error) });
    }
  });
}
