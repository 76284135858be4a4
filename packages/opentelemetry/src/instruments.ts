import { type TelemetryMetric, telemetryMetrics } from "@backref/core";
import type { Attributes, Meter } from "@opentelemetry/api";

type Measure = (value: number, attributes: Attributes) => void;

/** Upper ends of buckets in seconds, as OpenTelemetry advises for requests, and longer ones for work that waits. */
const secondsBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export interface Instruments {
  measure(metric: TelemetryMetric, value: number, attributes: Attributes): void;
}

function createInstrument(meter: Meter, metric: TelemetryMetric): Measure {
  const { kind, unit, description } = telemetryMetrics[metric];
  switch (kind) {
    case "counter": {
      const counter = meter.createCounter(metric, { unit, description });
      return (value, attributes) => counter.add(value, attributes);
    }
    case "gauge": {
      const gauge = meter.createGauge(metric, { unit, description });
      return (value, attributes) => gauge.record(value, attributes);
    }
    case "histogram": {
      const advice = { explicitBucketBoundaries: secondsBoundaries };
      const histogram = meter.createHistogram(metric, { unit, description, advice });
      return (value, attributes) => histogram.record(value, attributes);
    }
  }
}

/**
 * Makes an instrument when it is first measured with.
 * @param meterOf the meter that is registered by then
 */
export function createInstruments(meterOf: () => Meter): Instruments {
  const made = new Map<TelemetryMetric, Measure>();
  return {
    measure(metric, value, attributes) {
      const measure = made.get(metric) ?? createInstrument(meterOf(), metric);
      made.set(metric, measure);
      measure(value, attributes);
    },
  };
}
