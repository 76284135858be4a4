export { type Clock, systemClock } from "./clock.ts";
export type { FetchFunction, OutgoingConnection, OutgoingFetch } from "./fetch.ts";
export { type LogEvent, type LogEventCode, type LogEventData, type LogFields, logEvents } from "./log-events.ts";
export { type Logger, type LogLevel, silentLogger } from "./logger.ts";
export { type Random, systemRandom } from "./random.ts";
export { type Scheduler, systemScheduler } from "./scheduler.ts";
export {
  type SpanRequest,
  silentTelemetry,
  type Telemetry,
  type TelemetryCause,
  type TelemetrySpan,
} from "./telemetry.ts";
export {
  type TelemetryAttribute,
  type TelemetryAttributes,
  type TelemetryMetric,
  telemetryMetrics,
  telemetrySpans,
} from "./telemetry-names.ts";
