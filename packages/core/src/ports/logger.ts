import type { JsonValue } from "../domain/json.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Structured log hook. Data is redacted before it arrives; a logger must not throw. */
export interface Logger {
  log(level: LogLevel, message: string, data?: Readonly<Record<string, JsonValue | undefined>>): void;
}

export const silentLogger: Logger = { log: () => {} };
