import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { describe, expect, test } from "vitest";
import type { Storage } from "../../src/index.ts";
import { collect } from "../support/collect.ts";
import { errorOf } from "../support/error-of.ts";
import { addGitHubSource, createGitHubWorld, poll, settle } from "../support/github-world.ts";

const projectId = "web";
const dayMs = 86_400_000;

async function createTrendWorld() {
  const time = createVirtualTime();
  const inner = createMemoryStorage({ clock: time.clock });
  const counted = { activity: 0 };
  const storage: Storage = {
    ...inner,
    find: (scope, query) => {
      if (query.table === "activity") counted.activity += 1;
      return inner.find(scope, query);
    },
  };
  const world = await createGitHubWorld({ time, storage });
  const source = await addGitHubSource(world);
  const today = () => new Date(time.now()).toISOString().slice(0, 10);
  const first = today();
  const trend = (app = world.app, from = first) =>
    app.traceability.defectTrend({ projectId, from, to: today(), every: "day", timeZone: "UTC" });
  const days = async () =>
    (await trend()).periods.map(({ opened, closed, reopened, open }) => [opened, closed, reopened, open]);
  const report = (caseId: string, whenClosed: "reopen" | "new" = "new", runId = "R-1") =>
    world.app.defects.report({ projectId, failure: { caseId, runId, title: `${caseId} fails` }, whenClosed });
  const nextDay = () => time.advance(dayMs);
  return { ...world, source, today, first, trend, days, report, nextDay, counted };
}

describe("open and closed defects over time", () => {
  test("are those that people, reports and trackers opened, closed and opened again", async () => {
    const world = await createTrendWorld();
    const { app, github, days, report, nextDay, trend } = world;
    const { defect: a } = await report("A");
    const { defect: b } = await report("B");
    await app.defects.push(b.id);
    await settle(world);
    await nextDay();
    await app.defects.update(a.id, { status: "in-progress", title: "Other" });
    await app.defects.update(a.id, { status: "closed" });
    await app.defects.update(a.id, { status: "achieved" });
    await nextDay();
    github.as("lena").closeIssue("acme/web", 1);
    await poll(world, 2);
    expect((await app.defects.get(b.id)).status).toBe("closed");
    await nextDay();
    expect((await report("A", "reopen")).created).toBe(false);
    await app.defects.update(b.id, { status: "open" });
    await nextDay();
    await app.defects.update(a.id, { status: "closed" });
    await app.defects.update(a.id, { status: "open" });
    await app.defects.create({ projectId, title: "Born closed", status: "closed" });
    const expected = [
      [2, 0, 0, 2],
      [0, 1, 0, 1],
      [0, 1, 0, 0],
      [0, 0, 2, 2],
      [0, 1, 1, 2],
    ];
    expect(await days()).toEqual(expected);
    await nextDay();
    await app.defects.delete(b.id);
    // What was deleted was never there.
    expect((await trend()).periods.map(({ open }) => open)).toEqual([1, 0, 0, 1, 1, 1]);
  });

  test("nothing is read of the activity where no status changed since the window began", async () => {
    const world = await createTrendWorld();
    const { app, report, nextDay, trend, today, counted } = world;
    const { defect } = await report("A");
    await report("B");
    await nextDay();
    const closingDay = today();
    await app.defects.update(defect.id, { status: "closed" });
    await nextDay();
    await app.defects.update(defect.id, { title: "Other" });
    counted.activity = 0;
    const result = await trend(app, today());
    expect(result).toMatchObject({ openBefore: 1, periods: [{ opened: 0, closed: 0, reopened: 0, open: 1 }] });
    expect(counted.activity).toBe(0);
    const since = await trend(app, closingDay);
    expect(since).toMatchObject({
      openBefore: 2,
      periods: [
        { closed: 1, open: 1 },
        { closed: 0, open: 1 },
      ],
    });
    expect(counted.activity).toBe(1);
  });

  test("a change of which the activity says nothing counts from when the defect knows it was", async () => {
    const { app, storage, time, report, nextDay, days } = await createTrendWorld();
    const { defect } = await report("A");
    await nextDay();
    await app.defects.update(defect.id, { status: "closed" });
    await nextDay();
    const [row] = await storage.find({ tenantId: "acme" }, { table: "defect", by: "id", keys: [[defect.id]] });
    const changedAt = { ...row?.changedAt, status: time.now() };
    await storage.commit({ tenantId: "acme" }, [
      { write: [{ type: "update", table: "defect", id: defect.id, set: { status: "open", changedAt } }] },
    ]);
    expect(await days()).toEqual([
      [1, 0, 0, 1],
      [0, 1, 0, 0],
      [0, 0, 1, 1],
    ]);
  });

  test("are those of the project, for those who see it", async () => {
    const { app, backref, report, trend } = await createTrendWorld();
    await report("A");
    await app.defects.create({ projectId: "shop", title: "Another's" });
    expect((await trend()).periods).toMatchObject([{ opened: 1 }]);
    const seller = backref.as({ tenantId: "acme", userId: "sam", projects: { shop: "viewer" } });
    expect(await errorOf(trend(seller as never))).toMatchObject({ code: "not-found" });
    const stranger = backref.as({ tenantId: "other", userId: "eve", role: "owner" });
    expect((await trend(stranger as never)).periods).toMatchObject([{ opened: 0, open: 0 }]);
  });
});

describe("defects per run", () => {
  test("are counted with their failures and cases, and with how they stand now", async () => {
    const { app, report } = await createTrendWorld();
    const { defect } = await report("A");
    await report("A");
    await report("B");
    await report("A", "new", "R-2");
    await app.defects.update(defect.id, { status: "closed" });
    const runs = app.traceability.runs({ projectId, runIds: ["R-2", "R-0", "R-1"] });
    expect(await collect(runs)).toEqual([
      { runId: "R-2", occurrences: 1, cases: 1, defects: 1, open: 0, closed: 1 },
      { runId: "R-0", occurrences: 0, cases: 0, defects: 0, open: 0, closed: 0 },
      { runId: "R-1", occurrences: 3, cases: 2, defects: 2, open: 1, closed: 1 },
    ]);
  });

  test("take as many runs as the host has, in batches, and refuse what is no id", async () => {
    const { app, report } = await createTrendWorld();
    await report("A", "new", "R-249");
    const many = Array.from({ length: 250 }, (_, index) => `R-${index}`);
    const runs = await collect(app.traceability.runs({ projectId, runIds: many }));
    expect(runs.filter(({ defects }) => defects > 0)).toMatchObject([{ runId: "R-249" }]);
    expect(runs).toHaveLength(250);
    const wrong = [
      collect(app.traceability.runs({ projectId, runIds: [""] })),
      collect(app.traceability.runs({} as never)),
    ];
    for (const one of wrong) expect(await errorOf(one)).toMatchObject({ code: "invalid-input" });
    const text = app.traceability.runs({ projectId, runIds: "R-1" as never });
    expect(await errorOf(collect(text))).toMatchObject({ code: "invalid-input" });
  });
});
