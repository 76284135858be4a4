import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, poll, settle } from "../support/github-world.ts";

describe("a worker in the host's process", () => {
  test("works by itself when rung, keeps polling, and stops when told", async () => {
    const world = await createGitHubWorld();
    const { app, backref, github, time } = world;
    await addGitHubSource(world);
    const stop = backref.sync.start();
    const defect = await app.defects.create({ projectId: "web", title: "One" });
    const push = app.defects.push(defect.id);
    await time.advance(1_000);
    expect((await push).status).toBe("synced");
    await time.advance(5_000);
    await app.defects.update(defect.id, { status: "closed" });
    await time.advance(50);
    expect(github.issue("acme/web", 1)?.state).toBe("closed");
    await time.advance(2_000);
    github.as("lena").reopenIssue("acme/web", 1);
    await time.advance(62_000);
    expect(await app.defects.get(defect.id)).toMatchObject({ status: "open" });
    await stop();
    const mark = github.mark();
    await time.advance(300_000);
    expect(github.requestsSince(mark)).toEqual([]);
    expect(world.errors).toEqual([]);
  });

  test("a push that takes longer than it may wait goes on behind, and close waits for it", async () => {
    const world = await createGitHubWorld();
    const { app, backref, github, time } = world;
    await addGitHubSource(world);
    github.faults.add({
      kind: "delay",
      ms: 5_000,
      match: { method: "POST", operation: "/repos/{owner}/{repo}/issues" },
    });
    const defect = await app.defects.create({ projectId: "web", title: "Slow" });
    const push = app.defects.push(defect.id, { waitMs: 1_000 });
    await time.advance(1_500);
    expect(await push).toMatchObject({ status: "creating", issue: null });
    const closing = backref.close();
    await time.advance(10_000);
    await closing;
    expect(github.issues("acme/web")).toHaveLength(1);
    await expect(app.defects.get(defect.id)).rejects.toMatchObject({ code: "closed" });
  });

  test("a bounded pass says what is left and when", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    await settle(world);
    const { nextDueAt, more } = await world.backref.sync.run();
    expect(more).toBe(false);
    expect(nextDueAt).toBeGreaterThan(world.time.now() + 50_000);
  });

  test("a slow look at idle links shows what polling cannot: an issue that was deleted", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "Vanishes" });
    const link = await world.app.defects.push(defect.id);
    for (let minute = 0; minute < 3; minute += 1) {
      await world.time.advance(61_000);
      await settle(world);
    }
    world.github.as("acme").deleteIssue("acme/web", 1);
    await world.time.advance(61_000);
    await settle(world);
    expect((await world.app.defects.link(link.id)).status).toBe("synced");
    await world.time.advance(3_600_000);
    await settle(world);
    expect((await world.app.defects.link(link.id)).status).toMatch(/remote-deleted|no-access/);
    expect(world.github.issues("acme/web")).toEqual([]);
  });

  test("the slow look goes on although the container that is polled first is lost", async () => {
    const world = await createGitHubWorld({ repositories: ["acme/web", "acme/api"] });
    const source = await addGitHubSource(world, "acme/api");
    await world.app.sources.update(source.id, { targets: { upsert: [{ projectId: "app", container: "acme/web" }] } });
    const defect = await world.app.defects.create({ projectId: "app", title: "Vanishes" });
    const link = await world.app.defects.push(defect.id);
    await poll(world, 2);
    world.github.faults.add({ kind: "status-before", status: 404, times: 10_000, match: { operation: /acme\/api/ } });
    world.github.as("acme").deleteIssue("acme/web", 1);
    await poll(world, 2);
    expect((await world.app.defects.link(link.id)).status).toBe("synced");
    await poll(world, 62);
    expect((await world.app.defects.link(link.id)).status).toMatch(/remote-deleted|no-access/);
  });

  test("reports of one failure from many places at once make one defect", async () => {
    const world = await createGitHubWorld();
    const report = (resultId: string, details = "expected 3 but got 4 at /tmp/a/b.ts:12") =>
      world.app.defects.report({
        projectId: "web",
        failure: { caseId: "TC-7", runId: "R-1", resultId, title: "adds up", details },
      });
    const answers = await Promise.all([report("X-1"), report("X-2"), report("X-3"), report("X-3")]);
    expect(new Set(answers.map((answer) => answer.defect.id)).size).toBe(1);
    expect(answers.filter((answer) => answer.created)).toHaveLength(1);
    const [{ defect }] = answers;
    expect(await world.app.defects.occurrences(defect.id)).toHaveLength(3);
    expect((await report("X-4", "expected 3 but got 9 at /home/z/c.ts:99")).created).toBe(false);
    expect((await report("X-5", "no such element")).created).toBe(true);
    await world.app.defects.update(defect.id, { status: "closed" });
    const next = await report("X-6");
    expect(next.created).toBe(true);
    expect(await world.app.traceability.defectsOfRun({ projectId: "web", runId: "R-1" })).toHaveLength(3);
    expect(await world.app.traceability.defectsOfCase({ projectId: "web", caseId: "TC-7" })).toHaveLength(3);
    const reopened = await world.app.defects.report({
      projectId: "web",
      failure: { caseId: "TC-7", resultId: "X-7", title: "adds up", details: "no such element" },
      whenClosed: "reopen",
    });
    expect(reopened.created).toBe(false);
  });
});

describe("several sources", () => {
  test("a slow tracker holds up nobody else", async () => {
    const world = await createGitHubWorld({ repositories: ["acme/web", "acme/api"] });
    const { app, github, time, backref } = world;
    const slow = await addGitHubSource(world, "acme/web");
    const quick = await addGitHubSource(world, "acme/api");
    const make = async (title: string, sourceId: string) => {
      const defect = await app.defects.create({ projectId: "web", title });
      return app.defects.push(defect.id, { sourceId, waitMs: 0 });
    };
    github.faults.add({ kind: "delay", ms: 15_000, match: { operation: /repos\/acme\/web/ }, times: 100 });
    await make("Slow", slow.id);
    const stop = backref.sync.start();
    await time.advance(100);
    const link = await make("Quick", quick.id);
    await time.advance(1_500);
    expect(await app.defects.link(link.id)).toMatchObject({ status: "synced" });
    expect(github.issues("acme/web")).toEqual([]);
    const stopping = stop();
    await time.advance(60_000);
    await stopping;
  });
});
