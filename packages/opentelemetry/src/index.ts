/**
 * Backref's traces and metrics through the OpenTelemetry API.
 * @packageDocumentation
 */
export { createOpenTelemetry, type OpenTelemetryOptions } from "./open-telemetry.ts";
