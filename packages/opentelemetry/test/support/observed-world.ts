import { createBackref, type Limits, type LogFields, type Logger } from "@backref/core";
import { createGitHubProvider } from "@backref/provider-github";
import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom, createVirtualTime } from "@backref/testing";
import { createFakeGitHub } from "@backref/testing/github";
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { createOpenTelemetry } from "../../src/index.ts";

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

export interface LoggedLine {
  readonly level: string;
  readonly message: string;
  readonly data: Readonly<Partial<Record<keyof LogFields | "event", unknown>>>;
}

/** A host with OpenTelemetry's own SDK, over memory storage and the fake GitHub, under one virtual clock. */
export async function createObservedWorld(options: { readonly limits?: Partial<Limits> } = {}) {
  const time = createVirtualTime();
  const spans = new InMemorySpanExporter();
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 3_600_000 });
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const github = createFakeGitHub({
    repositories: ["acme/web"],
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    webhooks: "manual",
  });
  const logs: LoggedLine[] = [];
  const logger: Logger = { log: (level, message, data = {}) => logs.push({ level, message, data }) };
  const backref = createBackref({
    storage: createMemoryStorage({ clock: time.clock }),
    limits: options.limits ?? {},
    providers: [createGitHubProvider()],
    secretKeys: [{ id: "test", key: Buffer.alloc(32, 7).toString("base64") }],
    clock: time.clock,
    scheduler: time.scheduler,
    random: createSeededRandom(1),
    fetch: github.fetch,
    telemetry: createOpenTelemetry({ tracerProvider, meterProvider }),
    logger,
  });
  const app = backref.as({ tenantId: "acme", userId: "u1", displayName: "Ann", role: "owner" });
  const source = await app.sources.create({
    name: "Our GitHub",
    provider: "github",
    auth: { type: "token", token: github.token },
    targets: [{ projectId: "web", container: "acme/web" }],
  });
  const named = (name: string): readonly ReadableSpan[] =>
    spans.getFinishedSpans().filter((span) => span.name === name);
  /** Sends all pending deliveries; with `waitUntil` the work that follows is awaited. */
  const deliver = async (waitUntil?: (task: Promise<unknown>) => void): Promise<void> => {
    const { endpoint } = await app.sources.webhook(source.id);
    while (github.webhooks.pending.length > 0) {
      const { url, headers, body } = github.webhooks.drop();
      const request = new Request(url, { method: "POST", headers, body });
      await backref.webhooks.handle(request, { endpoint, ...(waitUntil === undefined ? {} : { waitUntil }) });
    }
  };
  const settle = async (): Promise<void> => {
    for (let pass = 0; pass < 5; pass += 1) {
      await time.advance(2_000);
      await backref.sync.run();
    }
  };
  /** Points of a metric: attributes and value, of a histogram the count. */
  const measured = async (name: string) => {
    await reader.forceFlush();
    const all =
      metrics
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
    const points = all.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
    return points.map(({ attributes, value }) => ({
      attributes,
      value: typeof value === "number" ? value : value.count,
    }));
  };
  return { time, github, backref, app, source, spans, named, deliver, settle, measured, logs, tracerProvider, metrics };
}

export type ObservedWorld = Awaited<ReturnType<typeof createObservedWorld>>;

export function parentOf(world: ObservedWorld, span: ReadableSpan | undefined): ReadableSpan | undefined {
  const id = span?.parentSpanContext?.spanId;
  return world.spans.getFinishedSpans().find((candidate) => candidate.spanContext().spanId === id);
}
