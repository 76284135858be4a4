import type { TelemetryAttributes, TelemetryMetric } from "./telemetry-names.ts";

/** A piece of work that is under way. */
export interface TelemetrySpan {
  /** Adds attributes, or replaces those of the same name. */
  set(attributes: TelemetryAttributes): void;
  /** The work went wrong. @param errorType a code or a class; never an error's words, which may hold anything */
  fail(errorType: string): void;
}

/** Stands for a span that other work can name as its cause. What it is, only the adapter knows. */
export type TelemetryCause = object;

/** A piece of work that is to be measured. */
export interface SpanRequest {
  /** One of `telemetrySpans`, with its word filled in. */
  readonly name: string;
  /** @default "internal" */
  readonly kind?: "internal" | "client";
  /** What is known of it at the beginning. @default none */
  readonly attributes?: TelemetryAttributes;
  /** Begins a trace of its own, whatever is under way. @default false */
  readonly isRoot?: boolean;
  /** What this work is done because of, as `current` gave it. @default none */
  readonly causes?: readonly TelemetryCause[];
}

/**
 * Where spans and measurements go. `createOpenTelemetry` of `@backref/opentelemetry` makes one; without any nothing is
 * measured. What is handed over holds no secret, no text of people, no address beyond a host name. A failure of this harms nobody.
 */
export interface Telemetry {
  /**
   * Calls `work` once, before it returns, within a span that ends when the work does, and answers what the work answers.
   * Spans that the work begins are its children.
   */
  span<Result>(request: SpanRequest, work: (span: TelemetrySpan) => Promise<Result>): Promise<Result>;
  /** The span that is under way here; null for none. */
  current(): TelemetryCause | null;
  /** Adds to a counter, sets a gauge, or adds a value to a histogram: `telemetryMetrics` says which. */
  measure(metric: TelemetryMetric, value: number, attributes: TelemetryAttributes): void;
}

const silentSpan: TelemetrySpan = { set: () => {}, fail: () => {} };

export const silentTelemetry: Telemetry = {
  span: (_request, work) => work(silentSpan),
  current: () => null,
  measure: () => {},
};
