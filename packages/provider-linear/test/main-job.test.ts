import { describe, expect, test } from "vitest";
import { createWorld } from "./world.ts";

describe("the main job on Linear", () => {
  test("pushes a defect, and both sides follow each other", async () => {
    const world = await createWorld();
    const { app, linear } = world;
    expect(await app.sources.test(world.source.id)).toMatchObject({ ok: true, problems: [] });
    const defect = await app.defects.create({
      projectId: "web",
      title: "Total is wrong",
      description: "Steps",
      priority: "critical",
    });
    const link = await app.defects.push(defect.id);
    expect(world.errors).toEqual([]);
    expect(link).toMatchObject({ status: "synced", badge: { text: "ENG-1" } });
    expect(link.issue?.url).toBe("https://linear.app/acme/issue/ENG-1");
    expect(linear.issue("ENG-1")).toMatchObject({ title: "Total is wrong", priority: 2, state: { type: "backlog" } });

    await app.defects.update(defect.id, { status: "in-progress", priority: "blocker" });
    await world.settle();
    expect(linear.issue("ENG-1")).toMatchObject({ priority: 1, state: { name: "In Progress" } });

    linear.as("lena").setState("ENG-1", "canceled");
    linear.as("lena").editIssue("ENG-1", { title: "Total is wrong with a voucher", priority: 4 });
    linear.as("lena").comment("ENG-1", "Not to be fixed");
    await world.poll();
    expect(await app.defects.get(defect.id)).toMatchObject({
      title: "Total is wrong with a voucher",
      status: "closed",
      priority: "minor",
    });
    expect((await app.comments.list({ defectId: defect.id })).items).toMatchObject([
      { body: "Not to be fixed", origin: "tracker" },
    ]);

    await app.comments.add({ defectId: defect.id, body: "Agreed, @lena" });
    await app.defects.update(defect.id, { status: "open" });
    await world.settle();
    expect(linear.issue("ENG-1")).toMatchObject({ state: { name: "Todo" } });
    expect(linear.issue("ENG-1")?.comments).toHaveLength(2);
    expect((await app.defects.links(defect.id)).map(({ status }) => status)).toEqual(["synced"]);
    const quiet = linear.mark();
    await world.settle();
    expect(world.operationsSince(quiet)).toEqual([]);
    expect([world.errors, linear.violations]).toEqual([[], []]);
  });

  test("learns from deliveries what happened, and follows an issue to another team", async () => {
    const world = await createWorld();
    const { app, linear } = world;
    const url = `https://host.example/hooks/${world.endpoint}`;
    const [hook] = await app.sources.registerWebhooks(world.source.id, { url });
    expect(linear.hooks).toMatchObject([{ id: hook?.hookId, url }]);
    // A team's hook tells nothing of what leaves the team; one of the workspace does.
    expect(await app.sources.unregisterWebhooks(world.source.id)).toBe(1);
    const { secret } = await app.sources.webhook(world.source.id);
    linear.addWebhook({ url, secret });
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
    await app.defects.push(defect.id);
    await linear.settle();
    await world.settle();

    linear.as("lena").comment("ENG-1", "Looking at it");
    linear.as("lena").setState("ENG-1", "started");
    await linear.settle();
    await world.settle();
    expect(await app.defects.get(defect.id)).toMatchObject({ status: "in-progress" });
    expect((await app.comments.list({ defectId: defect.id })).items).toHaveLength(1);

    linear.as("lena").moveIssue("ENG-1", "OPS");
    await linear.settle();
    await world.settle();
    const [link] = await app.defects.links(defect.id);
    expect(link).toMatchObject({ status: "synced", badge: { text: "OPS-1" } });

    linear.as("lena").deleteIssue("OPS-1");
    await linear.settle();
    await world.settle();
    expect((await app.defects.links(defect.id))[0]?.status).toBe("remote-deleted");
    expect([world.errors, linear.violations]).toEqual([[], []]);
  });
});

describe("what it costs", () => {
  test("a push is one request once the team is known, a change one read and one write, an idle poll one", async () => {
    const world = await createWorld();
    const { app } = world;
    const push = async (title: string) => {
      const defect = await app.defects.create({ projectId: "web", title });
      const mark = world.linear.mark();
      await app.defects.push(defect.id);
      return { id: defect.id, operations: world.operationsSince(mark) };
    };
    expect((await push("First")).operations).toEqual(["query account", "query team", "mutation issueCreate"]);
    const { id, operations } = await push("Second");
    expect(operations).toEqual(["mutation issueCreate"]);

    await world.poll();
    const before = world.linear.mark();
    await world.time.advance(10_000);
    await app.defects.update(id, { title: "Second, changed", status: "closed" });
    await world.settle();
    expect(world.operationsSince(before)).toEqual(["query issues", "mutation issueUpdate"]);
    await world.poll();
    const idle = world.linear.mark();
    await world.poll();
    expect(world.operationsSince(idle)).toEqual(["query changes"]);
  });

  test("10,000 issues are refreshed with 40 requests", async () => {
    const world = await createWorld();
    const { app, linear } = world;
    const lena = linear.as("lena");
    for (let number = 1; number <= 10_000; number += 1) {
      lena.createIssue("ENG", { title: `Issue ${number}`, labels: ["checkout", "totals"] });
    }
    for (let start = 1; start <= 10_000; start += 1_000) {
      const inputs = Array.from({ length: 1_000 }, (_, index) => ({
        object: { type: "test-case", id: `TC-${start + index}`, projectId: "web" },
        sourceId: world.source.id,
        issue: `ENG-${start + index}`,
        relation: "relates-to",
      }));
      expect((await app.references.addMany(inputs)).filter(({ ok }) => !ok)).toEqual([]);
    }
    for (const round of ["by key", "by id"]) {
      const mark = linear.mark();
      expect(await app.issues.refresh({ projectId: "web" }), round).toMatchObject({ read: 10_000, failed: 0 });
      expect(world.operationsSince(mark), round).toEqual(Array(40).fill("query issues"));
      await world.time.advance(1_000);
    }
    expect(linear.violations).toEqual([]);
  });
});

describe("a create whose answer is lost", () => {
  test("twice, makes one issue", async () => {
    const world = await createWorld();
    const { app, linear } = world;
    linear.faults.add({ kind: "lost-after", times: 2, match: { operation: "mutation issueCreate" } });
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
    await app.defects.push(defect.id, { waitMs: 0 });
    for (let round = 0; round < 5; round += 1) await world.poll();
    expect(linear.issues("ENG").map(({ title }) => title)).toEqual(["Total is wrong"]);
    expect((await app.defects.links(defect.id)).map(({ status }) => status)).toEqual(["synced"]);
  });

  test("and whose defect was edited before the next attempt, loses no edit", async () => {
    const world = await createWorld();
    const { app, linear } = world;
    linear.faults.add({ kind: "lost-after", match: { operation: "mutation issueCreate" } });
    linear.faults.add({ kind: "lost-before", match: { operation: "query issue" } });
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
    await app.defects.push(defect.id, { waitMs: 0 });
    while (linear.issues("ENG").length === 0) await world.backref.sync.run({ maxMs: 100 });
    await app.defects.update(defect.id, { title: "Total is wrong with a voucher" });
    for (let round = 0; round < 3; round += 1) await world.poll();
    expect(linear.issues("ENG").map(({ title }) => title)).toEqual(["Total is wrong with a voucher"]);
    expect(await app.defects.get(defect.id)).toMatchObject({ title: "Total is wrong with a voucher" });
  });

  test("and whose issue was moved before anybody looked, is found there", async () => {
    const world = await createWorld();
    const { app, linear } = world;
    linear.faults.add({ kind: "lost-after", match: { operation: "mutation issueCreate" } });
    linear.faults.add({ kind: "lost-before", times: 1_000, match: { operation: "query issue" } });
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
    await app.defects.push(defect.id, { waitMs: 0 });
    await world.poll();
    expect((await app.defects.links(defect.id))[0]?.status).toBe("outcome-unknown");
    expect(linear.issues("ENG")).toHaveLength(1);
    linear.as("lena").moveIssue("ENG-1", "OPS");
    linear.faults.clear();
    for (let round = 0; round < 5; round += 1) await world.poll();
    expect([linear.issues("ENG"), linear.issues("OPS")].map((issues) => issues.length)).toEqual([0, 1]);
    expect((await app.defects.links(defect.id))[0]).toMatchObject({ status: "synced", badge: { text: "OPS-1" } });
  });

  test("of a comment, twice, makes one comment", async () => {
    const world = await createWorld();
    const { app, linear } = world;
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
    await app.defects.push(defect.id);
    linear.faults.add({ kind: "lost-after", times: 2, match: { operation: "mutation commentCreate" } });
    await app.comments.add({ defectId: defect.id, body: "Only once" });
    for (let round = 0; round < 8; round += 1) await world.poll();
    expect(linear.issue("ENG-1")?.comments).toHaveLength(1);
  });
});
