import type { LogFields } from "../ports/log-events.ts";
import { logEvent } from "../runtime/log-event.ts";
import type { LinkRow } from "../storage/rows/link-rows.ts";
import type { Workspace } from "./workspace.ts";

/** What a line of the log says a link is. */
export function placeOf({
  link,
}: Pick<Workspace, "link">): Pick<LogFields, "tenantId" | "sourceId" | "linkId" | "defectId"> {
  const { tenantId, sourceId, id: linkId, defectId } = link;
  return { tenantId, sourceId, linkId, defectId };
}

/** How a link stands after a pass, as far as its row tells. */
function outcomeOf(link: LinkRow): string {
  if (link.active === null) return "detached";
  if (link.failure !== null) return link.failure.failure;
  if (link.intent !== null && link.issueId === null) return "in-doubt";
  if (link.frozen.length > 0) return "conflict";
  return link.refused.length > 0 ? "partial" : "settled";
}

/** Works on a link and tells how it went. */
export function observeLink(work: Workspace, reconcile: () => Promise<void>): Promise<void> {
  const { runtime, session } = work.pass;
  const { tenantId, sourceId, id, defectId, attempts } = work.link;
  const attributes = {
    "backref.tenant.id": tenantId,
    "backref.source.id": sourceId,
    "backref.link.id": id,
    "backref.defect.id": defectId,
    "backref.attempt": attempts,
  };
  return runtime.telemetry.span({ name: "backref.link", attributes }, async (span) => {
    const startedAt = runtime.clock.monotonic();
    const told = (outcome: string, errorType: string | null) => {
      span.set({ "backref.outcome": outcome });
      if (errorType !== null) span.fail(errorType);
      const durationMs = runtime.clock.monotonic() - startedAt;
      const measured = { "backref.provider": session.provider.id, "backref.outcome": outcome };
      runtime.telemetry.measure("backref.link.duration", durationMs / 1_000, measured);
      logEvent(runtime, "link-ended", { ...placeOf(work), outcome, attempts: work.link.attempts, durationMs });
    };
    try {
      await reconcile();
    } catch (error) {
      told("left", "internal");
      throw error;
    }
    const { failure } = work.link;
    told(outcomeOf(work.link), failure?.code ?? null);
    if (failure === null || failure.retryAt === null) return;
    const { code, failure: kind, message: reason, retryAt } = failure;
    const measured = { "backref.provider": session.provider.id, "backref.failure": kind };
    runtime.telemetry.measure("backref.link.retries", 1, measured);
    const retryAfterMs = Math.max(0, retryAt - work.pass.now());
    const { attempts: failed } = work.link;
    const later = { code, failure: kind, attempts: failed, retryAfterMs, reason };
    logEvent(runtime, "link-retried-later", { ...placeOf(work), ...later });
  });
}
