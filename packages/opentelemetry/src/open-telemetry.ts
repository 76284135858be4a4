import type { SpanRequest, Telemetry, TelemetryCause, TelemetrySpan } from "@backref/core";
import {
  type Context,
  context,
  type MeterProvider,
  metrics,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { createInstruments } from "./instruments.ts";

/** Where spans and measurements go. */
export interface OpenTelemetryOptions {
  /** @default the global one, as the host's SDK has registered it by the time of the first span */
  readonly tracerProvider?: TracerProvider;
  /** @default the global one, as the host's SDK has registered it by the time of the first measurement */
  readonly meterProvider?: MeterProvider;
}

const scopeName = "@backref/core";

/** Causes are handed about as what they are: contexts of spans. */
const causeOf = (spanContext: SpanContext): TelemetryCause => spanContext;
const spanContextOf = (cause: TelemetryCause): SpanContext => cause as SpanContext;

function wrapped(span: Span): TelemetrySpan {
  return {
    set(attributes) {
      span.setAttributes({ ...attributes });
    },
    fail(errorType) {
      span.setAttribute("error.type", errorType);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
  };
}

function startSpan(tracer: Tracer, request: SpanRequest, parent: Context): Span {
  const { name, kind = "internal", attributes = {}, causes = [] } = request;
  return tracer.startSpan(
    name,
    {
      kind: kind === "client" ? SpanKind.CLIENT : SpanKind.INTERNAL,
      attributes: { ...attributes },
      links: causes.map((cause) => ({ context: spanContextOf(cause) })),
    },
    parent,
  );
}

/**
 * The `telemetry` option of `createBackref` for hosts with OpenTelemetry. Registers nothing: the host's SDK decides what is
 * sampled, collected and exported. Spans follow one another through the context manager that the host has registered.
 */
export function createOpenTelemetry(options: OpenTelemetryOptions = {}): Telemetry {
  const tracer = () => (options.tracerProvider ?? trace).getTracer(scopeName);
  const instruments = createInstruments(() => (options.meterProvider ?? metrics).getMeter(scopeName));
  return {
    async span(request, work) {
      const parent = request.isRoot === true ? ROOT_CONTEXT : context.active();
      const span = startSpan(tracer(), request, parent);
      try {
        return await context.with(trace.setSpan(parent, span), () => work(wrapped(span)));
      } catch (error) {
        // Not its message: that may quote what people wrote.
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
    current() {
      const active = trace.getSpanContext(context.active());
      return active === undefined ? null : causeOf(active);
    },
    measure: (metric, value, attributes) => instruments.measure(metric, value, { ...attributes }),
  };
}
