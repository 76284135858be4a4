import { describe, expect, test } from "vitest";
import type { BackrefError, ReferenceQuery, ReferenceSelection } from "../../src/index.ts";
import { collect } from "../support/collect.ts";
import { errorOf } from "../support/error-of.ts";
import { addGitHubSource, createGitHubWorld } from "../support/github-world.ts";

/** Three projects, two sources; issues 1 to 4 of acme/web, of which 2 is closed, 3 is deleted and 4 was never read. */
async function createSelection() {
  const world = await createGitHubWorld({ repositories: ["acme/web", "acme/api"] });
  const source = await addGitHubSource(world);
  const other = await addGitHubSource(world, "acme/api");
  const lena = world.github.as("lena");
  for (const title of ["One", "Two", "Three"]) lena.createIssue("acme/web", { title });
  lena.createIssue("acme/api", { title: "Elsewhere" });
  lena.closeIssue("acme/web", 2);
  const add = async (id: string, issue: string, relation = "relates-to", more: object = {}) => {
    const object = { type: "test-case", id, projectId: "web", ...more };
    const sourceId = issue.startsWith("acme/api") ? other.id : source.id;
    return (await world.app.references.add({ object, sourceId, issue, relation })).reference;
  };
  await add("A", "acme/web#1");
  await add("B", "acme/web#2", "defect");
  await add("C", "acme/web#3", "blocks");
  await add("D", "acme/api#1", "defect");
  await add("R", "acme/web#1", "relates-to", { type: "test-run" });
  await add("E", "acme/web#1", "defect", { projectId: "shop" });
  world.github.as("acme").deleteIssue("acme/web", 3);
  await world.app.issues.refresh({ projectId: "web" });
  const idsOf = async (query: ReferenceSelection, app = world.app) => {
    const { items } = await app.references.list(query as ReferenceQuery);
    const iterated = await collect(app.references.iterate(query));
    expect(iterated.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
    return items.map(({ object }) => object.id);
  };
  return { ...world, source, other, add, idsOf };
}

describe("references are found", () => {
  test("by project, narrowed down by relation, source, type of object and the issue's state and status", async () => {
    const { idsOf, other } = await createSelection();
    const projectId = "web";
    expect(await idsOf({ projectId })).toEqual(["A", "B", "C", "D", "R"]);
    expect(await idsOf({ projectId, relationKind: "defect" })).toEqual(["B", "D"]);
    expect(await idsOf({ projectId, relationKind: "general" })).toEqual(["A", "C", "R"]);
    expect(await idsOf({ projectId, relation: "blocks" })).toEqual(["C"]);
    expect(await idsOf({ projectId, sourceId: other.id })).toEqual(["D"]);
    expect(await idsOf({ projectId, objectTypes: ["test-run", "milestone"] })).toEqual(["R"]);
    expect(await idsOf({ projectId, issueStates: ["deleted"] })).toEqual(["C"]);
    expect(await idsOf({ projectId, statusCategories: ["closed"] })).toEqual(["B"]);
    expect(await idsOf({ projectId, statusCategories: ["open"], relationKind: "general" })).toEqual(["A", "C", "R"]);
    expect(await idsOf({ projectId, relationKind: "defect", sourceId: other.id, issueStates: [] })).toEqual([]);
  });

  test("by issue, across objects and projects, as far as the actor sees", async () => {
    const { idsOf, app, backref } = await createSelection();
    const [first] = (await app.references.list({ projectId: "web" })).items;
    const issueId = first?.issue.id ?? "";
    expect(await idsOf({ issueId })).toEqual(["A", "R", "E"]);
    const seller = backref.as({ tenantId: "acme", userId: "sam", projects: { shop: "viewer" } });
    expect(await idsOf({ issueId }, seller)).toEqual(["E"]);
    expect(await idsOf({ object: { type: "test-case", id: "A" } }, seller)).toEqual([]);
    expect(await errorOf(collect(seller.references.iterate({ projectId: "web" })))).toMatchObject({
      code: "not-found",
    });
  });

  test("nothing is found out of an issue by filtering that is not shown of it", async () => {
    const { idsOf, app, backref, source } = await createSelection();
    await app.sources.update(source.id, { projects: ["web"] });
    const seller = backref.as({ tenantId: "acme", userId: "sam", projects: { shop: "viewer" } });
    const [shown] = (await seller.references.list({ projectId: "shop" })).items;
    expect(shown?.issue).toMatchObject({ details: "hidden", status: null });
    expect(await idsOf({ projectId: "shop", statusCategories: ["open"] })).toEqual(["E"]);
    expect(await idsOf({ projectId: "shop", statusCategories: ["open"] }, seller)).toEqual([]);
  });

  test("in pages that go on where the one before ended, whatever is written meanwhile", async () => {
    const { app, add } = await createSelection();
    const query = { projectId: "web", relationKind: "general", limit: 1 } as const;
    const first = await app.references.list(query);
    await app.references.remove(first.items[0]?.id ?? "");
    await add("Z", "acme/web#2");
    const rest: string[] = [];
    for (let cursor = first.nextCursor; cursor !== null; ) {
      const page = await app.references.list({ ...query, cursor });
      rest.push(...page.items.map(({ object }) => object.id));
      cursor = page.nextCursor;
    }
    expect(rest).toEqual(["C", "R", "Z"]);
  });

  test("a page looks at so many and no more, and the next goes on behind them", async () => {
    const { app, storage, source } = await createSelection();
    const [issue] = await storage.find({ tenantId: "acme" }, { table: "issue", by: "source", keys: [[source.id]] });
    for (let start = 0; start < 12_000; start += 1_000) {
      const write = Array.from({ length: 1_000 }, (_, index) => {
        const id = `a${String(start + index).padStart(8, "0")}`;
        const row = { tenantId: "acme", id, objectType: "test-case", objectId: id, projectId: "large" };
        const relationId = start + index === 11_990 ? "defect" : "relates-to";
        const about = { relationId, issueId: issue?.id ?? "", sourceId: source.id, createdBy: null, createdAt: 1 };
        return { type: "insert", table: "reference", row: { ...row, ...about } } as const;
      });
      expect(await storage.commit({ tenantId: "acme" }, [{ write }])).toMatchObject([{ status: "committed" }]);
    }
    const query = { projectId: "large", relationKind: "defect" } as const;
    const sizes: number[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await app.references.list({ ...query, ...(cursor === undefined ? {} : { cursor }) });
      sizes.push(page.items.length);
      cursor = page.nextCursor;
    }
    expect(sizes).toEqual([0, 0, 1]);
    const found = await collect(app.references.iterate(query));
    expect(found.map(({ object }) => object.id)).toEqual(["a00011990"]);
  });
});

describe("a cursor is good for its own list", () => {
  test("not for another filter, another project, another tenant", async () => {
    const { app, backref } = await createSelection();
    const query = { projectId: "web", relationKind: "general", limit: 1 } as const;
    const { nextCursor } = await app.references.list(query);
    const cursor = nextCursor ?? "";
    const stranger = backref.as({ tenantId: "other", userId: "eve", role: "owner" });
    const attempts = [
      app.references.list({ ...query, relationKind: "defect", cursor }),
      app.references.list({ projectId: "web", cursor }),
      app.references.list({ ...query, projectId: "shop", cursor }),
      stranger.references.list({ ...query, cursor }),
    ];
    for (const attempt of attempts) {
      expect(await errorOf(attempt)).toMatchObject({ code: "invalid-input", issues: [{ path: ["cursor"] }] });
    }
    expect(await collect(stranger.references.iterate({ projectId: "web" }))).toEqual([]);
  });

  test("a filter with a word that does not exist is refused", async () => {
    const { app } = await createSelection();
    const wrong = { projectId: "web", statusCategories: ["done"] } as unknown as ReferenceSelection;
    const errors = [
      await errorOf(app.references.list(wrong)),
      await errorOf(collect(app.references.iterate(wrong))),
      await errorOf(collect(app.references.iterate({ projectId: "web", limit: 5 } as ReferenceSelection))),
    ] as readonly BackrefError[];
    expect(errors.map(({ code }) => code)).toEqual(["invalid-input", "invalid-input", "invalid-input"]);
  });
});
