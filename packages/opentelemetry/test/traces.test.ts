import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { describe, expect, test } from "vitest";
import { createObservedWorld, parentOf } from "./support/observed-world.ts";

describe("a trace", () => {
  test("leads from the host's own span over the push to every request", async () => {
    const world = await createObservedWorld();
    const { id } = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
    const link = await world.tracerProvider.getTracer("host").startActiveSpan("POST /defects/push", async (span) => {
      const pushed = await world.app.defects.push(id);
      span.end();
      return pushed;
    });
    await world.settle();

    const creating = world.named("POST").find((span) => span.attributes["backref.operation"] === "create.create");
    const chain = [creating];
    for (let parent = parentOf(world, creating); parent !== undefined; parent = parentOf(world, parent)) {
      chain.push(parent);
    }
    expect(chain.map((span) => span?.name)).toEqual([
      "POST",
      "backref.call create.create",
      "backref.link",
      "backref.links",
      "backref.push",
      "POST /defects/push",
    ]);
    expect(creating?.kind).toBe(SpanKind.CLIENT);
    expect(creating?.attributes).toEqual({
      "http.request.method": "POST",
      "http.response.status_code": 201,
      "server.address": "api.github.com",
      "server.port": 443,
      "backref.provider": "github",
      "backref.operation": "create.create",
    });
    expect(chain[1]?.attributes).toMatchObject({ "backref.request.count": 1, "backref.outcome": "ok" });
    expect(chain[2]?.attributes).toMatchObject({ "backref.link.id": link.id, "backref.outcome": "settled" });
    expect(chain[4]?.attributes).toMatchObject({ "backref.defect.id": id, "backref.outcome": "synced" });
  });

  test("of what a delivery has begun is its own, and links to the delivery", async () => {
    const world = await createObservedWorld();
    const { id } = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
    await world.app.defects.push(id);
    await world.app.sources.registerWebhooks(world.source.id, { url: "https://tests.example.com/hook" });
    await world.settle();
    await world.deliver();
    await world.settle();
    world.spans.reset();

    world.github.as("lena").closeIssue("acme/web", 1);
    const tasks: Promise<unknown>[] = [];
    await world.deliver((task) => tasks.push(task));
    await Promise.all(tasks);

    const [webhook] = world.named("backref.webhook");
    expect(webhook?.attributes).toMatchObject({
      "backref.outcome": "stored",
      "backref.provider": "github",
      "http.response.status_code": 202,
    });
    const [delivery] = world.named("backref.delivery");
    expect(parentOf(world, delivery)).toBe(webhook);
    expect(delivery?.attributes).toMatchObject({ "backref.source.id": world.source.id, "backref.outcome": "stored" });

    const passes = world.named("backref.pass");
    const pass = passes.find((span) => span.links.length > 0);
    expect(pass?.parentSpanContext).toBeUndefined();
    expect(pass?.spanContext().traceId).not.toBe(webhook?.spanContext().traceId);
    expect(pass?.links.map((one) => one.context.spanId)).toEqual([webhook?.spanContext().spanId]);
    const reads = world.named("backref.call read.issues");
    expect(reads.map((span) => span.spanContext().traceId)).toContain(pass?.spanContext().traceId);
  });

  test("of a worker belongs to nobody who started it", async () => {
    const world = await createObservedWorld();
    world.spans.reset();
    const stop = world.tracerProvider.getTracer("host").startActiveSpan("start-up", (span) => {
      const stopping = world.backref.sync.start();
      span.end();
      return stopping;
    });
    await world.time.advance(61_000);
    await stop();
    const passes = world.named("backref.pass");
    expect(passes.length).toBeGreaterThan(0);
    expect(passes.filter((span) => span.parentSpanContext !== undefined)).toEqual([]);
    expect(world.named("backref.poll").length).toBeGreaterThan(0);
    expect(world.logs.map(({ data }) => data.event)).toEqual(
      expect.arrayContaining(["worker-started", "pass-ended", "poll-ended", "worker-stopped"]),
    );
  });

  test("says which attempt failed, how, and with which status", async () => {
    const world = await createObservedWorld();
    const { id } = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
    await world.app.defects.push(id);
    await world.settle();
    world.spans.reset();
    world.github.faults.add({ kind: "status-before", status: 502, match: { method: "PATCH" } });
    await world.app.defects.update(id, { title: "Total is wrong with a voucher" });
    await world.backref.sync.run();

    const [patch] = world.named("PATCH");
    expect(patch?.status.code).toBe(SpanStatusCode.ERROR);
    expect(patch?.attributes).toMatchObject({ "http.response.status_code": 502, "error.type": "502" });
    const [call] = world.named("backref.call update.update");
    expect(call?.status.code).toBe(SpanStatusCode.ERROR);
    expect(call?.attributes["error.type"]).toMatch(/^tracker-/);
    const link = world.named("backref.link").find((span) => span.status.code === SpanStatusCode.ERROR);
    expect(link?.attributes["backref.attempt"]).toBe(0);
    expect(link?.attributes["error.type"]).toBe(call?.attributes["error.type"]);
  });
});

test("without a host's SDK nothing is recorded, and everything works", async () => {
  const { createOpenTelemetry } = await import("../src/index.ts");
  const telemetry = createOpenTelemetry();
  expect(telemetry.current()).toBeNull();
  telemetry.measure("backref.conflicts", 1, { "backref.field": "title" });
  const seen = await telemetry.span({ name: "backref.pass" }, async (span) => {
    span.set({ "backref.work.count": 1 });
    return trace.getActiveSpan()?.isRecording() ?? false;
  });
  expect(seen).toBe(false);
});
