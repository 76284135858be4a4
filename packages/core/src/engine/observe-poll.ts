import { logEvent } from "../runtime/log-event.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { PollScopeRow, SourceRow } from "../storage/rows/source-rows.ts";

/**
 * Takes a turn of a poll scope and tells how it went.
 * @param turn is given how to say what came of the poll itself
 */
export function observePoll(
  runtime: Runtime,
  source: SourceRow,
  row: PollScopeRow,
  turn: (told: (outcome: string) => void) => Promise<void>,
): Promise<void> {
  const { tenantId, id: sourceId, providerId } = source;
  const provider = { "backref.provider": providerId };
  const attributes = { "backref.tenant.id": tenantId, "backref.source.id": sourceId, ...provider };
  return runtime.telemetry.span({ name: "backref.poll", attributes }, async (span) => {
    const startedAt = runtime.clock.monotonic();
    let outcome = "left";
    try {
      await turn((told) => {
        outcome = told;
      });
    } finally {
      span.set({ "backref.outcome": outcome });
      if (outcome === "failed" || outcome === "left") span.fail(outcome);
      runtime.telemetry.measure("backref.polls", 1, { ...provider, "backref.outcome": outcome });
      const durationMs = runtime.clock.monotonic() - startedAt;
      logEvent(runtime, "poll-ended", { tenantId, sourceId, container: row.container, outcome, durationMs });
    }
  });
}
