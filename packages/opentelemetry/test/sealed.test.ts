import { logEvents, type TelemetryMetric, telemetryMetrics, telemetrySpans } from "@backref/core";
import { expect, test } from "vitest";
import { createObservedWorld } from "./support/observed-world.ts";

const title = "Kontonummer falsch";
const description = "Seen by Zoe Example, account DE02 1203 0000";
const remoteTitle = "Umbenannt von Lena";
const comment = "Please call Zoe";

/** Everything that people wrote, and everything that must stay secret. */
async function troubledWorld() {
  const world = await createObservedWorld();
  const { app, github, backref, settle, time } = world;
  const { id } = await app.defects.create({ projectId: "web", title, description });
  github.faults.add({ kind: "status-before", status: 500, match: { method: "POST" } });
  const link = await app.defects.push(id, { waitMs: 0 });
  await settle();
  await time.advance(700_000);
  await settle();
  await app.comments.add({ defectId: id, body: comment });
  await app.sources.registerWebhooks(world.source.id, { url: "https://tests.example.com/hook?key=s3cr3t-query" });
  await settle();
  // Both sides change one field; the tracker refuses, waits, falls silent.
  github.as("lena").editIssue("acme/web", 1, { title: remoteTitle });
  await app.defects.update(id, { title: `${title} again` });
  await world.deliver();
  await settle();
  github.faults.add({ kind: "status-before", status: 422, match: { method: "PATCH" } });
  await app.defects.update(id, { title: `${title} once more` });
  await settle();
  github.faults.add({ kind: "rate-limit-secondary", retryAfterSeconds: 5, match: { method: "PATCH" } });
  await app.defects.update(id, { title: `${title} at last` });
  await settle();
  github.faults.add({ kind: "lost-after", match: { method: "PATCH" } });
  await app.defects.update(id, { description: `${description}!` });
  await settle();
  await backref.webhooks.handle(new Request("https://tests.example.com/x", { method: "POST", body: title }), {
    endpoint: (await app.sources.webhook(world.source.id)).endpoint,
  });
  await backref.webhooks.handle(new Request("https://tests.example.com/x", { method: "POST" }), { endpoint: "none" });
  github.faults.add({ kind: "status-before", status: 401, times: 20 });
  await time.advance(61_000);
  await settle();
  return { ...world, link };
}

test("spans, metrics and logs hold no secret and nothing that people wrote, and only what is documented", async () => {
  const world = await troubledWorld();
  await world.measured("backref.conflicts");
  const spans = world.spans.getFinishedSpans().map(({ name, attributes, status, links, events }) => {
    return { name, attributes, status, links, events };
  });
  const metrics = world.metrics.getMetrics().flatMap((one) => one.scopeMetrics.flatMap((scope) => scope.metrics));
  const { endpoint } = await world.app.sources.webhook(world.source.id);
  const forbidden = [title, "Zoe", remoteTitle, world.github.token, endpoint, "s3cr3t-query", "access_token="];

  const told = { spans, metrics, logs: world.logs };
  for (const [kind, entries] of Object.entries(told)) {
    expect(entries.length, kind).toBeGreaterThan(5);
    const text = JSON.stringify(entries);
    if (kind !== "logs") expect(text, "paths and queries hold anything").not.toMatch(/\/repos\/|https?:/);
    expect(
      forbidden.filter((part) => text.includes(part)),
      kind,
    ).toEqual([]);
  }
  // The history was as troubled as it was meant to be.
  const events = new Set(world.logs.map(({ data }) => data.event));
  const expected = ["link-retried-later", "conflict-recorded", "link-blocked", "source-waits", "delivery-refused"];
  expect(expected.filter((event) => !events.has(event))).toEqual([]);
  expect(events).toContain("source-health-changed");

  // Names and attributes are those of the tables.
  const patternOf = (name: string) =>
    /^[A-Z]+$/.test(name) ? "{method}" : name.replace(/^backref\.call [a-z][\w]*\.\w+$/i, "backref.call {operation}");
  for (const span of spans) {
    const type = span.attributes["error.type"] ?? "none";
    expect(type, "a code or the name of a class, not an error's words").toMatch(/^[\w-]+$/);
    const definition = telemetrySpans[patternOf(span.name) as keyof typeof telemetrySpans];
    expect(definition, span.name).toBeDefined();
    const known: readonly string[] = definition.attributes;
    expect(
      Object.keys(span.attributes).filter((name) => !known.includes(name)),
      span.name,
    ).toEqual([]);
  }
  for (const { descriptor, dataPoints } of metrics) {
    const definition = telemetryMetrics[descriptor.name as TelemetryMetric];
    const known: readonly string[] = definition.attributes;
    const used = new Set(dataPoints.flatMap((point) => Object.keys(point.attributes)));
    expect(
      [...used].filter((name) => !known.includes(name)),
      descriptor.name,
    ).toEqual([]);
    expect(descriptor).toMatchObject({ unit: definition.unit, description: definition.description });
  }
  for (const { level, message, data } of world.logs) {
    if (data.event === "provider-message") continue;
    const definition = logEvents[data.event as keyof typeof logEvents];
    expect({ level, message }).toEqual({ level: definition.level, message: definition.message });
    expect(Object.keys(data).sort()).toEqual(["event", ...definition.data].sort());
  }
}, 60_000);
