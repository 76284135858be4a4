import type { JsonValue } from "../domain/json.ts";

/** How much a log entry matters. `warn`: somebody should look when there is time; `error`: now. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Structured log hook. Data is redacted before it arrives; a logger must not throw. */
export interface Logger {
  /** Called at once, in the middle of the work; what takes long should be put aside. */
  log(level: LogLevel, message: string, data?: Readonly<Record<string, JsonValue | undefined>>): void;
}

export const silentLogger: Logger = { log: () => {} };
