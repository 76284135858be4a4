import { BackrefError } from "../errors/backref-error.ts";
import { ProviderError } from "../errors/provider-error.ts";
import { StorageError } from "../errors/storage-error.ts";
import { isSameItem } from "../issues/issue-cache.ts";
import { logEvent, loggedError } from "../runtime/log-event.ts";
import type { LinkRow } from "../storage/rows/link-rows.ts";
import { cacheIssue } from "./cache-issue.ts";
import { isUncounted } from "./comment-count.ts";
import { createOrAdopt } from "./create-issue.ts";
import { judgeFailure } from "./failure.ts";
import { HeldBack, holdBack } from "./held-back.ts";
import { DefectMoved, LeaseLost } from "./lease-lost.ts";
import { containerLoss } from "./lost-containers.ts";
import { mayLagBehindUs, needsObservation, type Observation, observe } from "./observe.ts";
import { observeLink, placeOf } from "./observe-link.ts";
import { lookAfter, polledContainers } from "./poll-scopes.ts";
import { reconcileComments } from "./reconcile-comments.ts";
import { type FieldsOutcome, reconcileFields } from "./reconcile-fields.ts";
import { failureBehind } from "./refused-credential.ts";
import { sendAttachments } from "./send-attachments.ts";
import { blockBudget, changeHealth } from "./source-health.ts";
import type { Workspace } from "./workspace.ts";

/** Deleting a defect keeps the issue; the link ends. */
async function detachFromDeadDefect(work: Workspace): Promise<void> {
  work.activity("link-detached", { reason: "defect-deleted" });
  await work.release(null, { endedAt: work.pass.runtime.clock.now(), active: null });
}

/** The issue did not answer as a live one: told apart before anything is concluded. */
async function handleGone(work: Workspace, { outcome }: Observation): Promise<void> {
  const { pass, issue } = work;
  if (issue === null || outcome.kind === "live") return;
  if (outcome.kind === "no-access") {
    if (mayLagBehindUs(work)) return work.release(pass.session.capabilities.readLagMs, { checkIssue: true });
    // An issue is only missed while its container answers.
    const loss = await containerLoss(work, issue.container, outcome.reason);
    if (loss !== null) throw loss;
  }
  await cacheIssue(work, outcome);
  const isElsewhere =
    outcome.kind === "moved" && outcome.to !== null && work.issue?.canonicalKey !== issue.canonicalKey;
  // The row points to the new place now; the next look is there.
  if (isElsewhere) {
    const isSame = outcome.kind === "moved" && outcome.to !== null && isSameItem(issue, outcome.to);
    const seen = isSame ? {} : { seenVersion: 0, hintVersion: 0, seenDigest: null, unconfirmed: null };
    // Nobody may have asked at the new place so far, and what happened on the way was told to nobody.
    const { runtime, session } = pass;
    const containers = polledContainers(session.provider, [work.issue ?? issue]);
    work.stage({ write: lookAfter(runtime, session.source, containers) });
    return work.release(0, { checkIssue: true, checkComments: true, ...seen });
  }
  work.activity("issue-gone", { issue: issue.displayKey, how: outcome.kind });
  await work.release(null, { failure: null, attempts: 0 });
}

async function finish(
  work: Workspace,
  fields: FieldsOutcome,
  count: number | null,
  hasUnrouted: boolean,
): Promise<void> {
  if (fields.kind === "defect-gone") return detachFromDeadDefect(work);
  if (fields.kind === "gone") return handleGone(work, fields.observation);
  if (fields.kind === "again") return work.release(fields.afterMs, { ...fields.set, ...keepChecks(work, fields.set) });
  const comments = await reconcileComments(work, count);
  if (comments.kind === "defect-gone") return detachFromDeadDefect(work);
  const filesAgain = await sendAttachments(work);
  const failure = fields.failure ?? comments.failure;
  const settled: Partial<LinkRow> = {
    failure,
    attempts: 0,
    refused: work.link.refused.filter((row) => isStillWanted(work, row)),
    ...(failure === null && work.link.heldEpoch === null ? { syncedAt: work.pass.runtime.clock.now() } : {}),
  };
  if (fields.failure !== null) {
    work.activity("link-blocked", { field: fields.failure.field, message: fields.failure.message });
  }
  const again = comments.againAfterMs;
  if (again !== null)
    return work.release(Math.min(again, filesAgain ?? again), {
      ...settled,
      checkComments: true,
      checkIssue: hasUnrouted,
    });
  const checkComments = hasUnrouted && isUncounted(work.issue);
  return work.release(hasUnrouted ? 0 : filesAgain, { ...settled, checkIssue: hasUnrouted, checkComments });
}

/** A refused value that was taken back is nothing to complain about. */
function isStillWanted({ defect }: Workspace, row: LinkRow["refused"][number]): boolean {
  return row.direction === "in" || row.field === "comments" || defect?.[row.field] === row.value;
}

/** What has not been looked at yet stays to be looked at. */
function keepChecks(work: Workspace, set: Partial<LinkRow>): Partial<LinkRow> {
  return { checkIssue: set.checkIssue ?? work.link.checkIssue, checkComments: work.link.checkComments };
}

async function reconcile(work: Workspace, observed: Observation | undefined): Promise<void> {
  const { pass, link } = work;
  if (work.defect === null) return detachFromDeadDefect(work);
  let observation = observed;
  let hasUnrouted = false;
  if (link.issueId === null) {
    const created = await createOrAdopt(work);
    if (created.kind === "in-doubt") return work.release(created.afterMs);
    ({ observation, hasUnrouted } = created);
  }
  if (observation === undefined && needsObservation(work)) {
    observation = (await observe(pass, [work])).get(link.id);
  }
  if (observation === undefined) return finish(work, { kind: "settled", failure: null }, null, false);
  const fields = await reconcileFields(work, observation);
  const count = observation.outcome.kind === "live" ? observation.outcome.issue.commentCount : null;
  return finish(work, fields, count, hasUnrouted);
}

/** Gives the link back as it is: what it was working with does not hold any more. */
function takeUpAgain(work: Workspace): Promise<void> {
  return work.release(0, { checkIssue: work.link.checkIssue, checkComments: work.link.checkComments });
}

async function fail(work: Workspace, thrown: unknown): Promise<void> {
  const { pass } = work;
  const { runtime, session } = pass;
  const behind = await failureBehind(session, thrown);
  if ("renewed" in behind) return takeUpAgain(work);
  const hasIssue = work.link.issueId !== null || work.link.intent !== null;
  const verdict = judgeFailure(runtime, behind.error, work.link.attempts, pass.now(), hasIssue);
  const { failure } = verdict;
  if (verdict.source === "wait") await blockBudget(runtime, session.source, verdict.nextAfterMs ?? 0, failure.message);
  if (verdict.source === "reconnect")
    await changeHealth(runtime, session.source, "reconnect-required", failure.message);
  if (verdict.source === "probe") {
    try {
      await session.provider.connect?.account(pass.call());
    } catch (probeError) {
      if (ProviderError.isInstance(probeError) && probeError.failure === "auth") {
        if ("renewed" in (await failureBehind(session, probeError))) return takeUpAgain(work);
        await changeHealth(runtime, session.source, "reconnect-required", probeError.message);
      }
    }
  }
  if (verdict.nextAfterMs === null) {
    const type =
      failure.failure === "retry" || failure.failure === "ambiguous" || failure.failure === "internal"
        ? "link-failed"
        : "link-blocked";
    work.activity(type, { code: failure.code, message: failure.message, field: failure.field });
  }
  const hasOpenWrites = failure.failure === "ambiguous" || failure.failure === "gone";
  await work.release(verdict.nextAfterMs, {
    failure,
    attempts: verdict.attempts,
    checkIssue: work.link.checkIssue || (hasOpenWrites && work.link.issueId !== null),
    checkComments: work.link.checkComments,
  });
}

/**
 * Works on one link until it is released, whatever happens. Never throws for a failure that belongs to the link.
 * @param hindrance what kept the shared read from answering, or its answer from being believed; null where nothing did
 */
export function reconcileLink(
  work: Workspace,
  observation: Observation | undefined,
  hindrance: unknown = null,
): Promise<void> {
  return observeLink(work, () => reconcileUnobserved(work, observation, hindrance));
}

async function reconcileUnobserved(
  work: Workspace,
  observation: Observation | undefined,
  hindrance: unknown,
): Promise<void> {
  try {
    try {
      if (hindrance !== null) throw hindrance;
      await reconcile(work, observation);
    } catch (error) {
      if (error instanceof LeaseLost || StorageError.isInstance(error)) throw error;
      if (error instanceof HeldBack) {
        await holdBack(work, error);
        return;
      }
      if (error instanceof DefectMoved) {
        work.discard();
        // Nothing came of the look, but what it has shown is known: an older copy is not believed after it.
        const version = work.issue?.version ?? 0;
        work.stage({ write: [{ type: "mark", table: "link", by: "id", keys: [[work.link.id]], afterMs: 0, version }] });
        await work.release(0, { checkIssue: true, checkComments: work.link.checkComments });
        return;
      }
      if (!ProviderError.isInstance(error)) {
        logEvent(work.pass.runtime, "link-error", { ...placeOf(work), ...loggedError(error) });
      }
      // What an unexpected error left behind would fail again; everything in it is found out anew.
      if (!BackrefError.isInstance(error)) work.discard();
      try {
        await fail(work, error);
      } catch (second) {
        if (!(second instanceof DefectMoved)) throw second;
        // What was decided before it failed no longer holds; that it failed does.
        work.discard();
        await fail(work, error);
      }
    }
  } catch (error) {
    // The lease is lost or the storage is away: what was not committed is found out again by the next holder.
    if (!(error instanceof LeaseLost) && !StorageError.isInstance(error)) throw error;
    logEvent(work.pass.runtime, "link-left", { ...placeOf(work), ...loggedError(error) });
  }
}
