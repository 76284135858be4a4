import { describe, expect, it } from "vitest";
import type { Actor } from "../../src/domain/actor.ts";
import { createWorld, member, owner, type World } from "../support/world.ts";

const object = { type: "test-case", id: "TC-7", projectId: "web" };
const auth = { token: "t" };

async function withSource(input: object = {}): Promise<{ world: World; sourceId: string }> {
  const world = createWorld();
  const targets = [{ projectId: "web", container: "blue" }];
  const source = await world.as(owner).sources.create({ name: "Ours", provider: "shelf", auth, targets, ...input });
  return { world, sourceId: source.id };
}

const add = (world: World, issue: string, more: object = {}, actor: Actor = owner) =>
  world.as(actor).references.add({ object, issue, relation: "defect", ...more });

describe("references.add", () => {
  it("links a test object to an issue, reading it once", async () => {
    const { world, sourceId } = await withSource();
    world.tracker.put("blue", "1", { title: "It breaks" });
    const { reference, issue, created } = await add(world, "blue#1", { sourceId }, member({ web: "member" }));
    expect(created).toBe(true);
    expect(issue).toMatchObject({
      key: "blue#1",
      url: "https://shelf.example/blue/1",
      title: "It breaks",
      state: "live",
      ageMs: 0,
    });
    expect(reference).toMatchObject({ object, relation: { id: "defect", kind: "defect" }, sourceId, createdBy: "max" });
    expect(world.tracker.reads).toEqual([["blue#1"]]);
    expect(await world.rows("activity")).toMatchObject([
      { type: "source-created" },
      {
        type: "reference-added",
        actorId: "max",
        referenceId: reference.id,
        data: { projectId: "web", issueKey: "blue#1" },
      },
    ]);
  });

  it("answers the first where the same link is there already, without another read", async () => {
    const { world, sourceId } = await withSource();
    world.tracker.put("blue", "1");
    const first = await add(world, "blue#1");
    const spellings = ["BLUE#1", " #1 ", "https://shelf.example/blue/1/?x=1#top", "https://SHELF.example/Blue/1"];
    for (const issue of spellings) {
      const again = await add(world, issue, { sourceId });
      expect(again).toEqual({ ...first, created: false });
    }
    expect(await world.rows("reference")).toHaveLength(1);
    expect(await world.rows("issue")).toHaveLength(1);
    expect(world.tracker.reads).toHaveLength(1);
    expect(world.events.filter(({ type }) => type === "reference-added")).toHaveLength(1);
  });

  it("links once when asked from several places at once", async () => {
    const { world } = await withSource();
    world.tracker.put("blue", "1");
    const results = await Promise.all(Array.from({ length: 8 }, () => add(world, "#1")));
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(results.map(({ reference }) => reference.id)).size).toBe(1);
    expect(await world.rows("issue")).toHaveLength(1);
  });

  it("shares one issue between objects and relations", async () => {
    const { world } = await withSource();
    world.tracker.put("blue", "1");
    await add(world, "#1");
    await add(world, "#1", { relation: "blocks" });
    await add(world, "#1", { object: { ...object, id: "TC-8" } });
    expect(await world.rows("reference")).toHaveLength(3);
    expect(await world.rows("issue")).toHaveLength(1);
    expect(world.tracker.reads).toHaveLength(1);
  });

  it("stores nothing for an issue that the tracker does not know", async () => {
    const { world } = await withSource();
    world.tracker.answers.set("blue#2", { kind: "deleted" }).set("blue#3", { kind: "moved", to: null });
    for (const issue of ["#1", "#2", "#3"]) {
      await expect(add(world, issue)).rejects.toMatchObject({ code: "issue-not-found" });
    }
    for (const table of ["issue", "reference"] as const) expect(await world.rows(table)).toEqual([]);
  });

  it.each(["retry", "wait", "ambiguous", "auth", "forbidden"] as const)(
    "stores it unread while the tracker is in trouble (%s), and without a reader",
    async (failure) => {
      const { world, sourceId } = await withSource();
      world.tracker.failure = { failure, message: "token ghp_0123456789abcdefghijABCDEFGHIJ012345 refused" };
      const { issue } = await add(world, "#1", { sourceId });
      expect(issue).toMatchObject({ key: "blue#1", title: null, status: null, fetchedAt: null, ageMs: null });
      expect(JSON.stringify(world.logs)).toContain("token [redacted] refused");
      await world.as(owner).sources.create({ name: "Toy", provider: "toy", auth: null });
      expect((await add(world, "https://toy.example/a/1")).issue.title).toBeNull();
    },
  );

  it("reads it with the next link, once the tracker answers again", async () => {
    const { world } = await withSource();
    world.tracker.failure = { failure: "retry", message: "Bad gateway" };
    const first = await add(world, "#1");
    world.tracker.failure = null;
    world.tracker.put("blue", "1");
    const again = await add(world, "#1");
    expect(again).toMatchObject({ created: false, issue: { id: first.issue.id, title: "Issue 1" } });
  });

  it("finds the source by the URL, and by the project's target for a bare key", async () => {
    const { world, sourceId } = await withSource();
    world.tracker.put("blue", "1");
    const { sources } = world.as(owner);
    const toy = await sources.create({ name: "Toy", provider: "toy", auth: null });
    expect((await add(world, "https://toy.example/a/1")).reference.sourceId).toBe(toy.id);
    expect((await add(world, "https://shelf.example/blue/1")).reference.sourceId).toBe(sourceId);
    expect((await add(world, "#1")).reference.sourceId).toBe(sourceId);
  });

  it("takes the source that may reach the place, where several know it", async () => {
    const { world } = await withSource({ containers: ["blue"] });
    const { sources } = world.as(owner);
    const red = await sources.create({ name: "Red", provider: "shelf", auth, containers: ["Red"] });
    world.tracker.put("red", "1");
    expect((await add(world, "red#1")).reference.sourceId).toBe(red.id);
    await expect(add(world, "green#1")).rejects.toMatchObject({ code: "invalid-input" });
  });

  it("asks which source is meant where several fit", async () => {
    const { world, sourceId } = await withSource();
    const second = await world.as(owner).sources.create({ name: "Second", provider: "shelf", auth });
    await expect(add(world, "https://shelf.example/blue/1")).rejects.toMatchObject({
      code: "invalid-input",
      issues: [{ path: ["sourceId"] }],
      data: { candidates: [{ sourceId, name: "Ours" }, { sourceId: second.id }] },
    });
  });

  it("asks for the container where the key names none and no target decides", async () => {
    const { world, sourceId } = await withSource({ targets: [{ projectId: "app", container: "red" }] });
    await expect(add(world, "#12", { sourceId })).rejects.toMatchObject({
      code: "container-required",
      data: { candidates: ["red"] },
    });
    world.tracker.put("green", "12");
    await world.as(owner).sources.update(sourceId, { targets: { upsert: [{ projectId: "*", container: "green" }] } });
    expect((await add(world, "#12", { sourceId })).issue.key).toBe("green#12");
  });

  it("stays within the allowed containers", async () => {
    const { world } = await withSource({ containers: ["blue"] });
    world.tracker.put("blue", "1");
    await expect(add(world, "red#1")).rejects.toMatchObject({
      code: "container-not-allowed",
      data: { candidates: ["blue"] },
    });
    expect((await add(world, "Blue#1")).issue.key).toBe("blue#1");
    expect(world.tracker.reads).toEqual([["blue#1"]]);
  });

  it.each(["garbage", "https://elsewhere.example/blue/1", "https://shelf.example/blue", "javascript:alert(1)"])(
    "does not recognise %s",
    async (issue) => {
      const { world, sourceId } = await withSource();
      await expect(add(world, issue)).rejects.toMatchObject({ code: "issue-not-recognised" });
      await expect(add(world, issue, { sourceId })).rejects.toMatchObject({ code: "issue-not-recognised" });
      expect(await world.rows("issue")).toEqual([]);
    },
  );

  it("refuses disabled and unknown relations, sources and projects", async () => {
    const { world, sourceId } = await withSource();
    world.tracker.put("blue", "1");
    const { relations, sources } = world.as(owner);
    await relations.disable("blocks");
    const other = await relations.create({ name: "App only", projects: ["app"] });
    await expect(add(world, "#1", { relation: "blocks" })).rejects.toMatchObject({ code: "invalid-input" });
    for (const relation of ["nope", other.id]) {
      await expect(add(world, "#1", { relation })).rejects.toMatchObject({ code: "not-found" });
    }
    await expect(add(world, "#1", { sourceId: "nope" })).rejects.toMatchObject({ code: "not-found" });
    await sources.update(sourceId, { enabled: false });
    await expect(add(world, "#1", { sourceId })).rejects.toMatchObject({ code: "source-not-runnable" });
    await expect(add(world, "#1")).rejects.toMatchObject({ code: "source-not-runnable" });
    await sources.update(sourceId, { enabled: true, projects: ["app"], targets: { delete: ["web"] } });
    await expect(add(world, "#1", { sourceId })).rejects.toMatchObject({ code: "not-found" });
    await expect(add(world, "blue#1")).rejects.toMatchObject({ code: "issue-not-recognised" });
    expect(await world.rows("reference")).toEqual([]);
  });

  it("is for project members", async () => {
    const { world } = await withSource();
    world.tracker.put("blue", "1");
    await expect(add(world, "#1", {}, member({ web: "viewer" }))).rejects.toMatchObject({ code: "permission-denied" });
    await expect(add(world, "#1", {}, member({ app: "admin" }))).rejects.toMatchObject({ code: "not-found" });
    await expect(add(world, "#1", {}, member({ web: "admin" }, "other"))).rejects.toMatchObject({
      code: "issue-not-recognised",
    });
    expect(world.tracker.reads).toEqual([]);
  });

  it.each([
    [{ issue: "" }, ["issue"]],
    [{ issue: "#1", object: { ...object, id: "" } }, ["object", "id"]],
    [{ issue: "#1", object: { ...object, type: "a\0" } }, ["object", "type"]],
  ])("refuses %j", async (input, path) => {
    const { world } = await withSource();
    await expect(add(world, input.issue, input)).rejects.toMatchObject({ code: "invalid-input", issues: [{ path }] });
  });

  it("does not show the reference of another project to somebody who claims its object", async () => {
    const { world } = await withSource();
    world.tracker.put("blue", "1");
    await add(world, "blue#1", { object: { ...object, projectId: "app" } });
    const actor = member({ web: "member" });
    await expect(add(world, "blue#1", {}, actor)).rejects.toMatchObject({ code: "not-found" });
    expect((await world.as(actor).references.list({ object })).items).toEqual([]);
  });
});

describe("one row per remote issue", () => {
  it("knows a moved issue by its id: re-keys the row and remembers the former key", async () => {
    const { world } = await withSource();
    const issue = world.tracker.put("blue", "1");
    const first = await add(world, "blue#1");
    const moved = { ...issue, container: "red", item: "9", version: 2 };
    world.tracker.answers.set("red#9", { kind: "live", issue: moved });
    const second = await add(world, "red#9", { relation: "blocks" });
    expect(second.issue).toMatchObject({ id: first.issue.id, key: "red#9", formerKeys: ["blue#1"] });
    expect(await world.rows("issue")).toHaveLength(1);
  });

  it("resolves a key that the tracker redirects to the row that is there", async () => {
    const { world } = await withSource();
    const issue = world.tracker.put("red", "9");
    const first = await add(world, "red#9");
    world.tracker.answers.set("blue#1", { kind: "live", issue });
    const second = await add(world, "blue#1");
    expect(second).toMatchObject({ created: false, reference: { id: first.reference.id }, issue: { key: "red#9" } });
  });

  it("makes one of two rows that turn out to be one, and references follow", async () => {
    const { world } = await withSource();
    const issue = world.tracker.put("red", "9");
    await add(world, "red#9");
    world.tracker.failure = { failure: "retry", message: "Bad gateway" };
    const unread = await add(world, "blue#1", { relation: "blocks" });
    const twice = await add(world, "blue#1");
    expect(await world.rows("issue")).toHaveLength(2);
    world.tracker.failure = null;
    world.tracker.answers.set("blue#1", { kind: "live", issue });
    await add(world, "blue#1", { relation: "relates-to" });
    expect(await world.rows("issue")).toMatchObject([{ displayKey: "red#9", formerKeys: ["blue#1"] }]);
    const { items } = await world.as(owner).references.list({ object });
    expect(items.map(({ relation }) => relation.id).sort()).toEqual(["blocks", "defect", "relates-to"]);
    expect(new Set(items.map((item) => item.issue.key))).toEqual(new Set(["red#9"]));
    expect(items.some(({ id }) => id === unread.reference.id)).toBe(true);
    expect(items.some(({ id }) => id === twice.reference.id)).toBe(false);
  });

  it("follows a move whose destination the tracker names", async () => {
    const { world } = await withSource();
    const to = { remoteId: "id-red-9", container: "red", item: "9", raw: null };
    world.tracker.answers.set("blue#1", { kind: "moved", to });
    const { issue } = await add(world, "blue#1");
    expect(issue).toMatchObject({ key: "red#9", formerKeys: ["blue#1"], state: "moved", title: null });
  });
});

describe("references.addMany", () => {
  it("shares reads and round trips, and lets one bad input harm no other", async () => {
    const { world } = await withSource();
    for (let item = 1; item <= 150; item += 1) world.tracker.put("blue", String(item));
    const inputs = Array.from({ length: 300 }, (_, index) => ({
      object: { ...object, id: `TC-${index}` },
      issue: `#${(index % 150) + 1}`,
      relation: "defect",
    }));
    const bad = [
      { ...inputs[0], issue: "garbage" },
      { ...inputs[0], issue: "#999" },
      { ...inputs[0], relation: "nope" },
    ] as typeof inputs;
    const outcomes = await world.as(owner).references.addMany([...bad, ...inputs, ...inputs.slice(0, 1)]);
    const codes = outcomes.map((outcome) => (outcome.ok ? outcome.created : outcome.error.code));
    expect(codes.slice(0, 3)).toEqual(["issue-not-recognised", "issue-not-found", "not-found"]);
    expect(codes.slice(3, 303)).toEqual(Array.from({ length: 300 }, () => true));
    expect(codes[303]).toBe(false);
    expect(world.tracker.reads).toHaveLength(2);
    expect(await world.rows("issue")).toHaveLength(150);
    expect(await world.rows("reference")).toHaveLength(300);
    await expect(
      world.as(owner).references.addMany(Array.from({ length: 1001 }, () => inputs[0] as never)),
    ).rejects.toThrow();
  });
});

describe("references.list and remove", () => {
  it("list by object, issue and project, in pages, only what the actor may see", async () => {
    const { world } = await withSource();
    world.tracker.put("blue", "1");
    const objects = ["a", "b", "c"].map((id) => ({ ...object, id }));
    for (const one of objects) await add(world, "blue#1", { object: one });
    const { issue } = await add(world, "blue#1", { object: { ...object, id: "d", projectId: "app" } });
    const { references } = world.as(member({ web: "viewer" }));
    const ids = (page: { items: readonly { object: { id: string } }[] }) => page.items.map((item) => item.object.id);
    expect(ids(await references.list({ object: { type: "test-case", id: "b" } }))).toEqual(["b"]);
    expect(ids(await references.list({ issueId: issue.id }))).toEqual(["a", "b", "c"]);
    const first = await references.list({ projectId: "web", limit: 2 });
    expect(ids(first)).toEqual(["a", "b"]);
    expect(ids(await references.list({ projectId: "web", limit: 2, cursor: first.nextCursor ?? "" }))).toEqual(["c"]);
    await expect(references.list({ projectId: "app" })).rejects.toMatchObject({ code: "not-found" });
    expect(ids(await world.as(owner).references.list({ issueId: issue.id }))).toEqual(["a", "b", "c", "d"]);
  });

  it("remove takes the link away and keeps the issue", async () => {
    const { world } = await withSource();
    world.tracker.put("blue", "1");
    const { reference, issue } = await add(world, "#1");
    await expect(world.as(member({ web: "viewer" })).references.remove(reference.id)).rejects.toMatchObject({
      code: "permission-denied",
    });
    await world.as(owner).references.remove(reference.id);
    await expect(world.as(owner).references.remove(reference.id)).rejects.toMatchObject({ code: "not-found" });
    expect((await world.as(owner).issues.get(issue.id)).title).toBe("Issue 1");
    expect(world.events.at(-1)).toMatchObject({ type: "reference-removed", data: { projectId: "web" } });
  });

  it("does not take the reference of a living sync link away", async () => {
    const { world, sourceId } = await withSource();
    world.tracker.put("blue", "1");
    const { reference, issue } = await add(world, "#1", { object: { type: "defect", id: "D-1", projectId: "web" } });
    const link = await world.link({ sourceId, issueId: issue.id, defectId: "D-1" });
    await expect(world.as(owner).references.remove(reference.id)).rejects.toMatchObject({ code: "source-in-use" });
    await world.storage.commit({ tenantId: "acme" }, [
      { write: [{ type: "update", table: "link", id: link.id, set: { active: null } }] },
    ]);
    await world.as(owner).references.remove(reference.id);
  });

  it("options say what a project may link with", async () => {
    const { world, sourceId } = await withSource();
    await world.as(owner).sources.create({ name: "App", provider: "toy", auth: null, projects: ["app"] });
    await world.as(owner).relations.disable("blocks");
    const options = await world.as(member({ web: "viewer" })).references.options({ projectId: "web" });
    expect(options.sources).toEqual([
      { id: sourceId, name: "Ours", provider: "shelf", container: "blue", createUrl: null },
    ]);
    expect(options.relations.map(({ id }) => id)).toEqual(["relates-to", "defect"]);
  });
});
