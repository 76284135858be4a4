import { expect, test } from "vitest";
import { createObservedWorld } from "./support/observed-world.ts";

test("metrics count requests, links, conflicts, retries, waits, polls and deliveries", async () => {
  const world = await createObservedWorld();
  const { app, github, settle } = world;
  const { id } = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  await app.defects.push(id);
  await app.sources.registerWebhooks(world.source.id, { url: "https://tests.example.com/hook" });
  await settle();
  await world.deliver();
  github.faults.add({ kind: "status-before", status: 502, match: { method: "PATCH" } });
  github.as("lena").editIssue("acme/web", 1, { title: "Sum is wrong" });
  await app.defects.update(id, { title: "Total is off", status: "closed" });
  await world.deliver();
  await settle();

  const sum = async (name: string, wanted: Readonly<Record<string, unknown>>) => {
    const points = await world.measured(name);
    const fitting = points.filter(({ attributes }) =>
      Object.entries(wanted).every(([attribute, value]) => attributes[attribute] === value),
    );
    return fitting.reduce((total, { value }) => total + value, 0);
  };
  const creations = { "backref.operation": "create.create", "backref.outcome": "ok" };
  expect(await sum("backref.request.duration", creations)).toBe(1);
  const refused = { "backref.outcome": "server-error", "http.response.status_code": 502, "error.type": "502" };
  expect(await sum("backref.request.duration", refused)).toBe(1);
  expect(await sum("backref.request.duration", { "backref.provider": "github" })).toBe(github.requestCount());
  expect(await sum("backref.conflicts", { "backref.field": "title" })).toBe(1);
  expect(await sum("backref.link.retries", { "backref.provider": "github" })).toBe(1);
  expect(await sum("backref.link.duration", { "backref.outcome": "settled" })).toBeGreaterThan(1);
  expect(await sum("backref.deliveries", { "backref.outcome": "stored" })).toBeGreaterThan(0);
  expect(await sum("backref.rate_limit.wait", { "backref.outcome": "granted" })).toBeGreaterThan(0);

  github.faults.add({ kind: "rate-limit-secondary", retryAfterSeconds: 30, match: { method: "PATCH" } });
  await app.defects.update(id, { title: "Total is off by one" });
  await settle();
  expect(await sum("backref.tracker.waits", { "backref.provider": "github" })).toBe(1);
  await world.time.advance(61_000);
  await settle();
  expect(await sum("backref.polls", { "backref.outcome": "ok" })).toBeGreaterThan(0);
});

test("gauges tell how much work is left, and for how long it has been", async () => {
  const world = await createObservedWorld({ limits: { claimBatch: 1 } });
  for (const title of ["Total is wrong", "Sum is wrong", "Tax is wrong"]) {
    const { id } = await world.app.defects.create({ projectId: "web", title });
    await world.app.defects.push(id, { waitMs: 0 });
  }
  await world.backref.sync.run();
  const defects = await world.app.defects.list({ projectId: "web" });
  for (const { id } of defects.items) await world.app.defects.update(id, { priority: "minor" });
  await world.time.advance(20_000);
  await world.backref.sync.run({ maxMs: 0 });

  const links = async (name: string) => {
    const points = await world.measured(name);
    return points.find(({ attributes }) => attributes["backref.work.kind"] === "link")?.value;
  };
  expect(await links("backref.work.due")).toBe(2);
  expect(await links("backref.work.oldest_due_age")).toBe(20);
  await world.time.advance(1_000);
  await world.backref.sync.run();
  expect(await links("backref.work.due"), "measured every 15 seconds only").toBe(2);
  await world.time.advance(20_000);
  await world.backref.sync.run();
  expect(await links("backref.work.due")).toBe(0);
  expect(await links("backref.work.oldest_due_age")).toBe(0);
});
