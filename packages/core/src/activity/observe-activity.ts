import type { ActivityEvent } from "../events/event-bus.ts";
import { logEvent } from "../runtime/log-event.ts";
import type { Runtime } from "../runtime/runtime.ts";

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** Logs and counts what is committed and worth an operator's look. Values of fields stay out: they are people's texts. */
export function observeActivity(runtime: Pick<Runtime, "events" | "logger" | "telemetry">): void {
  runtime.events.on("*", (event) => {
    log(runtime, event);
    if (event.type !== "conflict-recorded") return;
    const { field, winner } = event.data;
    const attributes = { "backref.field": textOf(field), "backref.winner": textOf(winner) };
    runtime.telemetry.measure("backref.conflicts", 1, attributes);
  });
}

function log(runtime: Pick<Runtime, "logger">, event: ActivityEvent): void {
  const { type, tenantId, linkId, defectId, data } = event;
  const source = { tenantId, sourceId: event.sourceId ?? "" };
  const link = { ...source, linkId, defectId };
  const field = textOrNull(data["field"]);
  const reason = textOrNull(data["message"] ?? data["reason"]);
  switch (type) {
    case "link-failed":
    case "link-blocked":
      logEvent(runtime, type, { ...link, code: textOf(data["code"]), field, reason });
      return;
    case "link-in-doubt":
      logEvent(runtime, type, { ...link, reason });
      return;
    case "issue-gone":
      logEvent(runtime, type, { ...link, outcome: textOf(data["how"]) });
      return;
    case "conflict-recorded":
      logEvent(runtime, type, { ...link, field, winner: textOf(data["winner"]) });
      return;
    case "field-frozen":
      logEvent(runtime, type, { ...link, field, outcome: textOf(data["reason"]) });
      return;
    case "field-refused":
    case "value-unmapped":
      logEvent(runtime, type, { ...link, field });
      return;
    case "source-held":
      logEvent(runtime, type, { ...source, reason });
      return;
    case "source-released":
      logEvent(runtime, type, { ...source, outcome: textOf(data["answer"]) });
      return;
    case "source-health-changed":
      logEvent(runtime, type, { ...source, from: textOf(data["from"]), to: textOf(data["to"]), reason });
      return;
    default:
  }
}
