import { messageOf } from "../errors/message-of.ts";
import type { ChangesPage } from "../provider/groups/changes.ts";
import type { WebhookHint } from "../provider/groups/webhooks.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { openSession, type SourceSession } from "../runtime/session.ts";
import type { PollScopeRow, SourceRow } from "../storage/rows/source-rows.ts";
import type { ClaimResult } from "../storage/storage.ts";
import { backoffMs, judgeFailure } from "./failure.ts";
import { routeHints } from "./route-hints.ts";
import { sendByOf } from "./send-by.ts";
import { blockBudget, changeHealth } from "./source-health.ts";
import { sweep } from "./sweep.ts";

export interface ClaimedScopes extends ClaimResult<"pollScope"> {
  readonly claimedAt: number;
}

/** A row of a poll is a hint like any other. */
function hintsOf(page: ChangesPage): readonly WebhookHint[] {
  const issues = page.issues.map(
    (issue): WebhookHint => ({
      aspect: "issue",
      container: issue.container,
      remoteId: issue.remoteId,
      item: issue.item,
      issue,
      comment: null,
      change: "changed",
    }),
  );
  const comments = page.comments.map(
    ({ container, issueItem, comment }): WebhookHint => ({
      aspect: "comments",
      container,
      remoteId: null,
      item: issueItem,
      issue: null,
      comment,
      change: "changed",
    }),
  );
  return [...issues, ...comments];
}

async function release(
  runtime: Runtime,
  scopeRow: PollScopeRow,
  nextAfterMs: number | null,
  set: Partial<PollScopeRow>,
): Promise<boolean> {
  const [outcome] = await runtime.storage.commit({ tenantId: scopeRow.tenantId }, [
    {
      write: [
        {
          type: "release",
          table: "pollScope",
          id: scopeRow.id,
          fence: scopeRow.fence,
          seenMark: scopeRow.mark,
          nextAfterMs,
          set,
        },
      ],
    },
  ]);
  return outcome?.status === "committed";
}

async function pollPages(runtime: Runtime, session: SourceSession, row: PollScopeRow, sendBy: number): Promise<void> {
  const { provider, source } = session;
  const scope = { tenantId: row.tenantId };
  let { cursor } = row;
  for (;;) {
    const page = await provider.changes?.list(session.call({ sendBy }), {
      container: row.container === "" ? null : row.container,
      cursor,
      startAt: row.startAt,
      withComments: provider.comments !== undefined && source.mapping.comments !== "never",
    });
    if (page === undefined) break;
    const routed = await routeHints(runtime, source, provider, hintsOf(page));
    const effects = [...(routed.marks.length > 0 ? [{ write: routed.marks }] : []), ...routed.cacheUnits];
    if (effects.length > 0) await runtime.storage.commit(scope, effects);
    const isStuck = page.more && page.cursor === cursor;
    cursor = page.cursor;
    if (!page.more || isStuck) break;
    // The cursor follows the effects it stands for, never the other way round.
    const [outcome] = await runtime.storage.commit(scope, [
      {
        require: [{ table: "pollScope", id: row.id, match: { fence: row.fence } }],
        write: [{ type: "update", table: "pollScope", id: row.id, set: { cursor } }],
      },
    ]);
    if (outcome?.status !== "committed") return;
  }
  const swept = await sweep(runtime, row);
  await release(runtime, row, runtime.limits.pollIntervalMs, {
    cursor,
    lastPolledAt: runtime.clock.now(),
    failures: 0,
    problem: null,
    ...swept,
  });
}

/** A source is well again only when all its scopes are. */
async function recover(runtime: Runtime, source: SourceRow): Promise<void> {
  const query = { table: "pollScope", by: "source", keys: [[source.id]] } as const;
  const scopes = await runtime.storage.find({ tenantId: source.tenantId }, query);
  if (scopes.every((scope) => scope.problem === null)) await changeHealth(runtime, source, "ok", null);
}

async function pollScope(
  runtime: Runtime,
  source: SourceRow,
  row: PollScopeRow,
  claimed: ClaimedScopes,
): Promise<void> {
  try {
    const session = await openSession(runtime, source);
    if (session.provider.changes === undefined) {
      await release(runtime, row, null, {});
      return;
    }
    await pollPages(runtime, session, row, sendByOf(runtime, claimed.claimedAt));
    if (source.health === "degraded") await recover(runtime, source);
  } catch (error) {
    const failures = row.failures + 1;
    const verdict = judgeFailure(runtime, error, 0, claimed.now);
    const { message } = verdict.failure;
    runtime.logger.log("warn", "A poll failed", { sourceId: source.id, container: row.container, message });
    if (verdict.source === "wait") await blockBudget(runtime, source, verdict.nextAfterMs ?? 0, message);
    if (verdict.source === "reconnect") await changeHealth(runtime, source, "reconnect-required", message);
    const isLasting = verdict.nextAfterMs === null;
    if (isLasting && source.health === "ok") await changeHealth(runtime, source, "degraded", message);
    const nextAfterMs = isLasting
      ? runtime.limits.pollIntervalMs
      : verdict.source === "none"
        ? backoffMs(runtime, failures)
        : verdict.nextAfterMs;
    await release(runtime, row, nextAfterMs, { failures, problem: isLasting ? message : row.problem });
  }
}

/** Begins to ask the trackers what changed: one task per scope, which never rejects. */
export function startPollTasks(runtime: Runtime, claimed: ClaimedScopes): readonly Promise<void>[] {
  return claimed.rows.map(async (row) => {
    try {
      const query = { table: "source", by: "id", keys: [[row.sourceId]] } as const;
      const [source] = await runtime.storage.find({ tenantId: row.tenantId }, query);
      if (source !== undefined) await pollScope(runtime, source, row, claimed);
    } catch (error) {
      const message = messageOf(error);
      runtime.logger.log("error", "A poll was left to its next holder", { message });
    }
  });
}
