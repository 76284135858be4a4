import { describe, expect, test } from "vitest";
import type { ObservedObject, RetestCandidate } from "../../src/index.ts";
import { collect } from "../support/collect.ts";
import { errorOf } from "../support/error-of.ts";
import { addGitHubSource, createGitHubWorld, poll, settle } from "../support/github-world.ts";
import { createHostWorld } from "../support/host-world.ts";

const projectId = "web";

async function createRetestWorld() {
  const world = await createGitHubWorld();
  const source = await addGitHubSource(world);
  const { app, time } = world;
  const lena = world.github.as("lena");
  const failed = (id: string, at = time.now(), type = "test-case"): ObservedObject => ({
    type,
    id,
    outcome: "failed",
    at,
  });
  const report = async (caseId: string, runId = "R-1") => {
    const { defect } = await app.defects.report({ projectId, failure: { caseId, runId, title: `${caseId} fails` } });
    return defect;
  };
  const link = async (id: string, issue: string, relation = "defect") => {
    const object = { type: "test-case", id, projectId };
    return (await app.references.add({ object, sourceId: source.id, issue, relation })).issue;
  };
  const candidates = (objects: Iterable<ObservedObject>, actor = app) =>
    collect(actor.traceability.retestCandidates({ projectId, objects }));
  return { ...world, source, lena, failed, report, link, candidates };
}

const told = (all: readonly RetestCandidate[]) =>
  all.map(({ object, ready, closed, open }) => [object.id, ready, closed.length, open.length]);

describe("what to run again", () => {
  test("objects whose defects were closed after they failed, ready once none is open", async () => {
    const { app, time, failed, report, candidates } = await createRetestWorld();
    const first = await report("A");
    const second = await app.defects.create({ projectId, title: "Also wrong" });
    await report("B");
    const at = time.now();
    expect(await candidates([failed("A", at), failed("B", at)])).toEqual([]);
    await time.advance(1_000);
    await app.defects.update(first.id, { status: "closed" });
    const closedAt = time.now();
    expect(await candidates([failed("A", at), failed("B", at), failed("C", at)])).toEqual([
      {
        object: { type: "test-case", id: "A", projectId },
        failedAt: at,
        ready: true,
        closed: [
          {
            issue: null,
            defect: { id: first.id, title: "A fails", status: "closed" },
            closedAt,
            closedAtIs: "known",
          },
        ],
        open: [],
      },
    ]);
    // It failed again with the fix in place: that is no reason to run it once more.
    expect(await candidates([failed("A", time.now())])).toEqual([]);
    // Passed since, or never run: nothing to repeat.
    expect(
      await candidates([
        { type: "test-case", id: "A", outcome: "passed", at },
        { type: "test-case", id: "A" },
      ]),
    ).toEqual([]);
    await app.defects.update(first.id, { status: "open" });
    expect(await candidates([failed("A", at)])).toEqual([]);
    expect(second.status).toBe("open");
  });

  test("one that has another open defect is named, but not ready", async () => {
    const { app, time, lena, failed, report, link, candidates } = await createRetestWorld();
    lena.createIssue("acme/web", { title: "Still open" });
    const defect = await report("A");
    await link("A", "#1");
    const at = time.now();
    await time.advance(1_000);
    await app.defects.update(defect.id, { status: "achieved" });
    const [candidate] = await candidates([failed("A", at)]);
    expect(candidate).toMatchObject({ ready: false, closed: [{ defect: { id: defect.id } }] });
    expect(candidate?.open).toMatchObject([{ issue: { title: "Still open" }, defect: null, closedAt: null }]);
  });

  test("issues without a defect, by their last change; those by which an object is only related do not count", async () => {
    const { app, time, lena, failed, link, candidates } = await createRetestWorld();
    for (const title of ["One", "Two", "Three"]) lena.createIssue("acme/web", { title });
    await link("A", "#1");
    await link("B", "#2", "relates-to");
    await link("C", "#3");
    lena.closeIssue("acme/web", 3);
    await time.advance(10_000);
    const at = time.now();
    await time.advance(10_000);
    lena.closeIssue("acme/web", 1, "completed");
    lena.closeIssue("acme/web", 2);
    const closedAt = Math.floor(time.now() / 1_000) * 1_000;
    await app.issues.refresh({ projectId });
    const objects = ["A", "B", "C"].map((id) => failed(id, at));
    const found = await candidates(objects);
    expect(told(found)).toEqual([["A", true, 1, 0]]);
    expect(found[0]?.closed).toMatchObject([
      { issue: { status: { reason: "completed" } }, defect: null, closedAt, closedAtIs: "latest" },
    ]);
  });

  test("a defect and the issue it is kept in step with are one problem, closed wherever that was", async () => {
    const world = await createRetestWorld();
    const { app, time, lena, failed, report, link, candidates } = world;
    const defect = await report("A");
    await app.defects.push(defect.id);
    await settle(world);
    await link("A", "#1");
    await link("B", "#1");
    const at = time.now();
    await time.advance(10_000);
    lena.closeIssue("acme/web", 1);
    await poll(world, 2);
    const run: ObservedObject = failed("R-1", at, "test-run");
    const found = await candidates([failed("A", at), failed("B", at), run]);
    expect(told(found)).toEqual([
      ["A", true, 1, 0],
      ["B", true, 1, 0],
      ["R-1", true, 1, 0],
    ]);
    for (const { closed } of found) {
      expect(closed).toMatchObject([{ defect: { id: defect.id }, issue: { key: "acme/web#1" }, closedAtIs: "known" }]);
    }
  });

  test("is of what the actor sees, and of the project", async () => {
    const { app, backref, time, failed, report, candidates } = await createRetestWorld();
    const defect = await report("A");
    const at = time.now();
    await time.advance(1_000);
    await app.defects.update(defect.id, { status: "closed" });
    const seller = backref.as({ tenantId: "acme", userId: "sam", projects: { shop: "viewer" } });
    expect(await errorOf(candidates([failed("A", at)], seller))).toMatchObject({ code: "not-found" });
    const shop = seller.traceability.retestCandidates({ projectId: "shop", objects: [failed("A", at)] });
    expect(await collect(shop)).toEqual([]);
  });

  test("an object that failed nobody knows when is refused by its name", async () => {
    const { candidates } = await createRetestWorld();
    const error = await errorOf(candidates([{ type: "test-case", id: "A", outcome: "failed" }]));
    expect(error).toMatchObject({ code: "invalid-input", issues: [{ path: ["at"] }] });
    expect(error.message).toContain('test-case "A"');
  });

  test("objects are taken as the answer is", async () => {
    const { app, time, failed, report } = await createRetestWorld();
    const defect = await report("N-0");
    const at = time.now();
    await time.advance(1_000);
    await app.defects.update(defect.id, { status: "closed" });
    let given = 0;
    const endless = async function* () {
      for (;;) {
        yield failed(`N-${given}`, at);
        given += 1;
      }
    };
    for await (const { object } of app.traceability.retestCandidates({ projectId, objects: endless() })) {
      expect(object.id).toBe("N-0");
      break;
    }
    expect(given).toBeLessThan(300);
  });

  test("works on defects of the host's that are linked", async () => {
    const { app, time, table, quiet, source } = await createHostWorld();
    const object = { type: "test-case", id: "A", projectId };
    await app.references.add({ object, sourceId: source.id, issue: "#1", relation: "defect" });
    const at = time.now();
    await time.advance(5_000);
    table.edit("BUG-1", { status: "closed" });
    await app.defects.changed(["BUG-1"]);
    await quiet();
    const found = app.traceability.retestCandidates({ projectId, objects: [{ ...object, outcome: "failed", at }] });
    expect(await collect(found)).toMatchObject([
      { ready: true, closed: [{ defect: { id: "BUG-1", status: "closed" }, issue: { key: "acme/web#1" } }] },
    ]);
  });
});
