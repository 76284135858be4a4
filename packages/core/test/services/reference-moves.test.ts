import { describe, expect, it } from "vitest";
import { createLinkedWorld } from "../support/linked-world.ts";
import { storages } from "../support/storages.ts";
import { createTroubledStorage } from "../support/troubled-storage.ts";
import { member, type Services } from "../support/world.ts";

const at = (id: string, projectId = "web") => ({ type: "test-case", id, projectId });
const codes = ({ kept }: Awaited<ReturnType<Services["references"]["move"]>>) => kept.map(({ error }) => error.code);

describe.each(storages())("references.move, on %s", (_name, create) => {
  it("brings all references of one object to another, however many; doubles become one", async () => {
    const world = await createLinkedWorld(await create());
    await world.referMany(Array.from({ length: 1_100 }, (_, index) => ({ issue: `blue#${index + 1}` })));
    const there = await world.refer({ id: "U", issue: "blue#7" });
    const moving = await world.app.references.list({ object: at("T"), limit: 1 });
    const result = await world.app.references.move({ from: at("T"), to: at("U") });
    expect(result).toEqual({ transferred: 1_099, merged: 1, kept: [] });
    const keys = await world.stored();
    expect(keys.filter((key) => key.startsWith("test-case/U relates-to"))).toHaveLength(1_100);
    expect(keys).toHaveLength(1_100);
    const [first] = moving.items;
    expect(await world.app.references.get(first?.id ?? "")).toEqual({ ...first, object: at("U") });
    expect((await world.app.references.get(there)).object.id).toBe("U");
    expect((await world.app.activity.list({ referenceId: first?.id ?? "" })).items[0]).toMatchObject({
      type: "reference-updated",
      data: { object: { id: "U" }, before: { object: { id: "T" } } },
    });
    expect(await world.app.references.move({ from: at("T"), to: at("U") })).toMatchObject({
      transferred: 0,
      merged: 0,
    });
  });

  it("goes on after dying half-way", async () => {
    const storage = createTroubledStorage(await create());
    const world = await createLinkedWorld(storage);
    await world.referMany(Array.from({ length: 600 }, (_, index) => ({ issue: `blue#${index + 1}` })));
    let parts = 0;
    storage.failNextCommit(() => {
      parts += 1;
      return parts > 500;
    });
    const request = { from: at("T"), to: at("U") };
    await expect(world.app.references.move(request)).rejects.toMatchObject({ code: "storage-unavailable" });
    expect(await world.app.references.move(request)).toEqual({ transferred: 100, merged: 0, kept: [] });
    expect((await world.stored()).every((key) => key.startsWith("test-case/U"))).toBe(true);
  });

  it("follows an object to another project, where its references are from then on", async () => {
    const world = await createLinkedWorld(await create());
    const id = await world.refer();
    await world.app.references.move({ from: at("T"), to: at("T", "app") });
    expect((await world.app.references.get(id)).object).toEqual(at("T", "app"));
    expect((await world.app.references.list({ projectId: "web" })).items).toEqual([]);
    expect((await world.app.references.list({ projectId: "app" })).items).toHaveLength(1);
    expect(await world.app.references.move({ from: at("T"), to: at("T", "app") })).toMatchObject({ transferred: 0 });
  });

  it("keeps behind what the other project may not use, and says why for each", async () => {
    const world = await createLinkedWorld(await create());
    const { references, relations, sources } = world.app;
    const ours = await relations.create({ name: "Ours", projects: ["web"] });
    const [scoped, free] = [await world.refer({ relation: ours.id }), await world.refer()];
    const request = { from: at("T"), to: at("U", "app") };
    const first = await references.move(request);
    expect(first).toMatchObject({ transferred: 1, merged: 0, kept: [{ referenceId: scoped }] });
    expect(first.kept[0]?.error.message).toMatch(/"Ours" may not be used in project "app"/);
    expect((await references.get(free)).object).toEqual(at("U", "app"));

    await relations.update(ours.id, { projects: null });
    await sources.update(world.sourceId, { projects: ["web"] });
    const second = await references.move(request);
    expect(second.kept[0]?.error.message).toMatch(/source "Toy" may not be used in project "app"/);
    await sources.delete(world.sourceId);
    expect((await references.move(request)).kept[0]?.error.message).toMatch(/source was deleted/);
    expect((await references.get(scoped)).object).toEqual(at("T"));
    // Within its project nothing new is made of it.
    expect(await references.move({ from: at("T"), to: at("U") })).toMatchObject({ transferred: 1, kept: [] });
  });

  it("finds a source that is taken from the project at the same moment", async () => {
    const storage = createTroubledStorage(await create());
    const world = await createLinkedWorld(storage);
    const id = await world.refer();
    const { references, sources } = world.app;
    storage.beforeNextAnswer("source", () => sources.update(world.sourceId, { projects: ["web"] }));
    const result = await references.move({ from: at("T"), to: at("U", "app") });
    expect([result.transferred, codes(result)]).toEqual([0, ["invalid-input"]]);
    expect((await references.get(id)).object.projectId).toBe("web");
  });

  it("takes along what is switched off", async () => {
    const world = await createLinkedWorld(await create());
    await world.refer({ relation: "blocks" });
    await world.app.relations.disable("blocks");
    await world.app.sources.update(world.sourceId, { enabled: false });
    expect(await world.app.references.move({ from: at("T"), to: at("U", "app") })).toMatchObject({ transferred: 1 });
  });

  it("leaves a living sync link its reference", async () => {
    const world = await createLinkedWorld(await create());
    const owned = await world.refer({ type: "defect", id: "D-1", relation: "defect" });
    await world.refer({ type: "defect", id: "D-1", issue: "blue#2" });
    await world.keepInStep(owned);
    const to = { type: "defect", id: "D-2", projectId: "web" };
    const result = await world.app.references.move({ from: { type: "defect", id: "D-1" }, to });
    expect(result).toMatchObject({ transferred: 1, kept: [{ referenceId: owned, error: { code: "source-in-use" } }] });
    expect(await world.stored()).toEqual(["defect/D-1 defect blue#1", "defect/D-2 relates-to blue#2"]);
  });

  it("is for those who may take them here and add them there, and touches nothing else", async () => {
    const world = await createLinkedWorld(await create());
    await world.refer();
    await world.refer({ projectId: "app", issue: "blue#2" });
    await world.refer({ projectId: "secret", issue: "blue#3" });
    const hidden = await world.refer({ projectId: "secret", id: "U", issue: "blue#2" });
    const request = { from: at("T"), to: at("U") };
    const move = (projects: Parameters<typeof member>[0]) => world.as(member(projects)).references.move(request);
    await expect(move({ app: "admin" })).rejects.toMatchObject({ code: "not-found" });
    await expect(move({ web: "viewer" })).rejects.toMatchObject({ code: "permission-denied" });
    await expect(move({ web: "member", app: "viewer" })).rejects.toMatchObject({ code: "permission-denied" });
    expect((await world.stored()).filter((key) => key.startsWith("test-case/T"))).toHaveLength(3);
    // The double of one of them is none of their business: that one stays where it is, and so does the other.
    const result = await move({ web: "member", app: "member" });
    expect([result.transferred, result.merged, codes(result)]).toEqual([1, 0, ["not-found"]]);
    const left = (await world.stored()).filter((key) => key.startsWith("test-case/T"));
    expect(left).toEqual(["test-case/T relates-to blue#2", "test-case/T relates-to blue#3"]);
    expect((await world.app.references.get(hidden)).object.projectId).toBe("secret");
  });
});

describe.each(storages())("references.copy, on %s", (_name, create) => {
  it("gives another object the same references, and a repeat adds none", async () => {
    const world = await createLinkedWorld(await create());
    const first = await world.refer();
    await world.refer({ relation: "blocks", issue: "blue#2" });
    await world.refer({ id: "U" });
    const max = world.as(member({ web: "viewer", app: "member" }));
    await expect(max.references.copy({ from: at("T"), to: at("U") })).rejects.toMatchObject({
      code: "permission-denied",
    });
    expect(await world.app.references.copy({ from: at("T"), to: at("U") })).toEqual({
      transferred: 1,
      merged: 1,
      kept: [],
    });
    expect(await max.references.copy({ from: at("T"), to: at("V", "app") })).toMatchObject({ transferred: 2 });
    expect(await max.references.copy({ from: at("T"), to: at("V", "app") })).toMatchObject({
      transferred: 0,
      merged: 2,
    });
    expect(await world.app.references.copy({ from: at("T"), to: at("T") })).toMatchObject({ transferred: 0 });
    const [copy] = (await world.app.references.list({ object: at("V") })).items;
    expect(copy).toMatchObject({ object: at("V", "app"), createdBy: "max", relation: { id: "relates-to" } });
    expect(copy?.id).not.toBe(first);
    expect((await world.app.activity.list({ referenceId: copy?.id ?? "" })).items).toMatchObject([
      { type: "reference-added", actorId: "max", data: { copiedFrom: { type: "test-case", id: "T" } } },
    ]);
    expect(await world.stored()).toHaveLength(6);
  });

  it("keeps out what new references cannot have", async () => {
    const world = await createLinkedWorld(await create());
    const { references, relations, sources } = world.app;
    const ours = await relations.create({ name: "Ours", projects: ["web"] });
    await world.refer({ relation: ours.id });
    await world.refer({ relation: "blocks" });
    await world.refer({ relation: "defect" });
    await relations.disable("blocks");
    const result = await references.copy({ from: at("T"), to: at("U", "app") });
    expect(result.transferred).toBe(1);
    expect(result.kept.map(({ error }) => error.message).join("\n")).toMatch(
      /"Ours" may not be used in project "app".*\n.*"Blocks" is switched off/,
    );
    await sources.update(world.sourceId, { enabled: false });
    expect(codes(await references.copy({ from: at("T"), to: at("V", "app") }))).toEqual([
      "invalid-input",
      "source-not-runnable",
      "source-not-runnable",
    ]);
    expect((await world.stored()).filter((key) => !key.startsWith("test-case/T"))).toHaveLength(1);
  });

  it("makes of a sync link's reference a reference and nothing more", async () => {
    const world = await createLinkedWorld(await create());
    await world.keepInStep(await world.refer({ type: "defect", id: "D-1", relation: "defect" }));
    const to = { type: "defect", id: "D-2", projectId: "web" };
    expect(await world.app.references.copy({ from: { type: "defect", id: "D-1" }, to })).toMatchObject({
      transferred: 1,
    });
    const [copy] = (await world.app.references.list({ object: to })).items;
    await world.app.references.remove(copy?.id ?? "");
  });
});

describe.each(storages())("references.removeAll, on %s", (_name, create) => {
  it("removes every reference of an object that is deleted, and keeps the issues", async () => {
    const world = await createLinkedWorld(await create());
    await world.referMany(Array.from({ length: 700 }, (_, index) => ({ issue: `blue#${index + 1}` })));
    await world.refer({ id: "U" });
    const [one] = (await world.app.references.list({ object: at("T"), limit: 1 })).items;
    expect(await world.app.references.removeAll({ object: at("T") })).toEqual({ removed: 700 });
    expect(await world.stored()).toEqual(["test-case/U relates-to blue#1"]);
    expect((await world.app.issues.get(one?.issue.id ?? "")).key).toBe("blue#1");
    expect(await world.app.references.removeAll({ object: at("T") })).toEqual({ removed: 0 });
    expect((await world.app.activity.list({ referenceId: one?.id ?? "" })).items[0]).toMatchObject({
      type: "reference-removed",
      data: { projectId: "web", object: { id: "T" } },
    });
  });

  it("is for those who may remove them all", async () => {
    const world = await createLinkedWorld(await create());
    await world.refer();
    await world.refer({ projectId: "app", issue: "blue#2" });
    const remove = (projects: Parameters<typeof member>[0]) =>
      world.as(member(projects)).references.removeAll({ object: at("T") });
    await expect(remove({ web: "member", app: "viewer" })).rejects.toMatchObject({ code: "permission-denied" });
    expect(await world.stored()).toHaveLength(2);
    expect(await remove({ elsewhere: "admin" })).toEqual({ removed: 0 });
    expect(await remove({ web: "member" })).toEqual({ removed: 1 });
  });

  it("detaches a defect that is deleted, when asked to, and not by the way", async () => {
    const world = await createLinkedWorld(await create());
    await world.refer({ type: "defect", id: "D-1" });
    const link = await world.keepInStep(await world.refer({ type: "defect", id: "D-1", relation: "defect" }));
    const object = { type: "defect", id: "D-1" };
    await expect(world.app.references.removeAll({ object })).rejects.toMatchObject({ code: "source-in-use" });
    expect(await world.stored()).toHaveLength(2);
    expect(await world.app.references.removeAll({ object, detach: true })).toEqual({ removed: 2 });
    const [row] = await world.rows("link");
    expect([row?.id, row?.active, row?.endedAt]).toEqual([link.id, null, world.time.now()]);
    expect(world.events.filter(({ type }) => type === "link-detached")).toMatchObject([{ linkId: link.id }]);
  });

  it("tells nobody of a defect that is none of their business", async () => {
    const world = await createLinkedWorld(await create());
    const link = await world.keepInStep(await world.refer({ type: "defect", id: "D-1", relation: "defect" }));
    const object = { type: "defect", id: "D-1" };
    for (const detach of [false, true]) {
      const { references } = world.as(member({ elsewhere: "admin" }));
      expect(await references.removeAll({ object, detach })).toEqual({ removed: 0 });
    }
    expect((await world.rows("link")).map(({ id, active }) => [id, active])).toEqual([[link.id, 1]]);
    expect(await world.stored()).toHaveLength(1);
  });
});
