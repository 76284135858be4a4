import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CoverageRequest, ObservedObject } from "../../src/index.ts";
import { createTally, verdictOf } from "../../src/services/traceability/tally.ts";
import { collect } from "../support/collect.ts";
import { errorOf } from "../support/error-of.ts";
import { addGitHubSource, createGitHubWorld } from "../support/github-world.ts";

const projectId = "web";
const of = (id: string, outcome?: ObservedObject["outcome"]): ObservedObject => ({
  type: "test-case",
  id,
  ...(outcome === undefined ? {} : { outcome }),
});

/** Issues 1 to 6; 5 only as a defect, 6 only of a milestone. */
async function createCoverageWorld() {
  const world = await createGitHubWorld();
  const source = await addGitHubSource(world);
  for (let number = 1; number <= 6; number += 1) {
    world.github.as("lena").createIssue("acme/web", { title: `Issue ${number}` });
  }
  const add = async (id: string, issue: string, relation = "relates-to", more: object = {}) => {
    const object = { type: "test-case", id, projectId, ...more };
    return (await world.app.references.add({ object, sourceId: source.id, issue: `acme/web${issue}`, relation })).issue;
  };
  const ids = new Map<number, string>();
  for (const [id, number] of [
    ["A", 1],
    ["B", 1],
    ["C", 2],
    ["D", 3],
    ["E", 3],
    ["A", 4],
  ] as const) {
    ids.set(number, (await add(id, `#${number}`)).id);
  }
  await add("A", "#1", "blocks");
  ids.set(5, (await add("B", "#5", "defect")).id);
  ids.set(6, (await add("M", "#6", "relates-to", { type: "milestone" })).id);
  await add("A", "#2", "relates-to", { type: "test-case", id: "S", projectId: "shop" });
  const told = async (request: Partial<CoverageRequest>, app = world.app) => {
    const coverage = await app.traceability.coverage({ projectId, objects: [], ...request });
    const issues = await collect(coverage.issues);
    const lines = issues.map(({ issue, verdict, objects, named }) =>
      [issue.key.slice(8), verdict, objects, named.map(({ id }) => id).join("")].join(" "),
    );
    return { ...coverage, issues, lines };
  };
  return { ...world, source, add, ids, told };
}

const objects = [of("X"), of("B", "passed"), of("A", "failed"), of("C", "passed"), of("D", "passed"), of("E")];

describe("coverage", () => {
  test("says of each issue by what it is covered and how that came out", async () => {
    const { told } = await createCoverageWorld();
    const { lines, totals, objectsWithoutIssue, issues } = await told({ objects });
    expect(lines).toEqual([
      "#1 failing 2 AB",
      "#2 passing 1 C",
      "#3 incomplete 2 DE",
      "#4 failing 1 A",
      "#6 uncovered 0 ",
    ]);
    expect(totals).toEqual({
      issues: 5,
      covered: 4,
      uncovered: 1,
      failing: 2,
      incomplete: 1,
      passing: 1,
      objects: 6,
      objectsWithoutIssue: 1,
    });
    expect(issues[0]).toMatchObject({
      issue: { title: "Issue 1" },
      outcomes: { passed: 1, failed: 1, blocked: 0, skipped: 0, notRun: 0 },
      named: [
        { type: "test-case", id: "A", outcome: "failed" },
        { type: "test-case", id: "B", outcome: "passed" },
      ],
    });
    expect(objectsWithoutIssue).toEqual([{ type: "test-case", id: "X" }]);
  });

  test("an object that has only a defect covers nothing, and one of another project neither", async () => {
    const { told, ids } = await createCoverageWorld();
    const { lines, totals } = await told({
      objects: [of("S", "passed"), of("B", "passed")],
      issueIds: [ids.get(5) ?? ""],
    });
    expect(lines).toEqual(["#5 uncovered 0 "]);
    expect(totals).toMatchObject({ objects: 2, objectsWithoutIssue: 1 });
    expect((await told({ objects: [of("S", "passed")] })).totals).toMatchObject({ covered: 0, objectsWithoutIssue: 1 });
  });

  test("of relations and issues that are named", async () => {
    const { told, ids } = await createCoverageWorld();
    expect((await told({ objects, relations: ["blocks"] })).lines).toEqual(["#1 failing 1 A"]);
    expect((await told({ objects, relations: ["defect"] })).lines).toEqual(["#5 passing 1 B"]);
    const issueIds = [ids.get(6) ?? "", ids.get(2) ?? ""];
    expect((await told({ objects, issueIds })).lines).toEqual(["#2 passing 1 C", "#6 uncovered 0 "]);
  });

  test("takes objects in batches from wherever they come, and keeps no more of them than was asked for", async () => {
    const { told, add } = await createCoverageWorld();
    await add("N-450", "#6");
    let given = 0;
    const many = async function* () {
      for (; given < 1_001; given += 1) yield of(`N-${given}`, given % 2 === 0 ? "skipped" : "blocked");
    };
    const { lines, totals, objectsWithoutIssue } = await told({ objects: many(), objectsWithoutIssue: 3 });
    expect(lines.at(-1)).toBe("#6 incomplete 1 N-450");
    expect(totals).toMatchObject({ objects: 1_001, objectsWithoutIssue: 1_000, covered: 1 });
    expect(objectsWithoutIssue.map(({ id }) => id)).toEqual(["N-0", "N-1", "N-2"]);
    const none = await told({ objects, objectsPerIssue: 0, objectsWithoutIssue: 0 });
    expect([none.lines[0], none.objectsWithoutIssue]).toEqual(["#1 failing 2 ", []]);
  });

  test("is of what the actor sees", async () => {
    const { told, backref, source, app, ids } = await createCoverageWorld();
    await app.sources.update(source.id, { projects: ["web"] });
    const seller = backref.as({ tenantId: "acme", userId: "sam", projects: { shop: "viewer" } });
    expect(await errorOf(told({}, seller))).toMatchObject({ code: "not-found" });
    const shop = await told({ projectId: "shop", objects: [of("S", "passed")] }, seller);
    expect(shop.issues).toMatchObject([{ verdict: "passing", issue: { details: "hidden", title: null } }]);
    const hidden = told({ projectId: "shop", objects: [], issueIds: [ids.get(1) ?? ""] }, seller);
    expect(await errorOf(hidden)).toMatchObject({ code: "not-found" });
  });

  test.each([
    [{ objects: 7 }],
    [{ objects: undefined }],
    [{ objects: [{ type: "test-case", id: "" }] }],
    [{ objects: [{ type: "test-case", id: "A", outcome: "green" }] }],
    [{ objects: [], objectsPerIssue: -1 }],
    [{ objects: [], relation: "defect" }],
  ])("%j is refused", async (request) => {
    const { told } = await createCoverageWorld();
    expect(await errorOf(told(request as never))).toMatchObject({ code: "invalid-input" });
  });

  test("a wrong object is named by its position, and the host's iterable is closed", async () => {
    const { told } = await createCoverageWorld();
    let closed = false;
    const wrong = async function* () {
      try {
        for (const object of objects) yield object;
        yield { type: "test-case" } as ObservedObject;
        yield of("never");
      } finally {
        closed = true;
      }
    };
    expect(await errorOf(told({ objects: wrong() }))).toMatchObject({ message: expect.stringContaining("position 6") });
    expect(closed).toBe(true);
    expect(await errorOf(told({ relations: ["no-such"] }))).toMatchObject({ code: "not-found" });
  });
});

test("counts and named objects agree with a plain computation, in any order", () => {
  const outcome = fc.constantFrom("passed", "failed", "blocked", "skipped", undefined);
  fc.assert(
    fc.property(fc.array(outcome), fc.nat(5), (outcomes, most) => {
      const tally = createTally();
      for (const [index, one] of outcomes.entries()) tally.add(of(String(index), one), most);
      const given = outcomes.map((one, index) => of(String(index), one));
      const failed = given.filter((one) => one.outcome === "failed");
      const failedFirst = [...failed, ...given.filter((one) => one.outcome !== "failed")];
      expect(tally.named).toEqual(failedFirst.slice(0, most));
      expect(tally.count).toBe(outcomes.length);
      const verdict =
        outcomes.length === 0
          ? "uncovered"
          : failed.length > 0
            ? "failing"
            : outcomes.every((one) => one === "passed")
              ? "passing"
              : "incomplete";
      expect(verdictOf(tally)).toBe(verdict);
    }),
  );
});
