import type { JsonValue } from "../domain/json.ts";
import { BackrefError } from "../errors/backref-error.ts";
import { messageOf } from "../errors/message-of.ts";
import { type LogEventCode, type LogEventData, logEvents } from "../ports/log-events.ts";
import type { Logger } from "../ports/logger.ts";

/** Logs an event of the list: its code, its level, and all that it has to say. */
export function logEvent<Event extends LogEventCode>(
  { logger }: { readonly logger: Logger },
  event: Event,
  data: LogEventData<Event>,
): void {
  const { level, message } = logEvents[event];
  logger.log(level, message, { event, ...(data as Readonly<Record<string, JsonValue>>) });
}

/** An error as a log tells it. */
export function loggedError(error: unknown): { readonly code: string; readonly reason: string } {
  return { code: BackrefError.isInstance(error) ? error.code : "internal", reason: messageOf(error) };
}
