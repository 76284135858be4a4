import { describe, expect, it } from "vitest";
import { createLinkedWorld } from "../support/linked-world.ts";
import { storages } from "../support/storages.ts";
import { createTroubledStorage } from "../support/troubled-storage.ts";
import { member } from "../support/world.ts";

describe.each(storages())("references.update, on %s", (_name, create) => {
  it("gives a reference another relation, and tells who did it", async () => {
    const world = await createLinkedWorld(await create());
    const id = await world.refer();
    const max = world.as(member({ web: "member" }));
    const { reference, merged } = await max.references.update(id, { relation: "blocks" });
    expect([reference.id, reference.relation.name, merged]).toEqual([id, "Blocks", false]);
    expect(await world.app.references.get(id)).toEqual(reference);
    const { items } = await world.app.activity.list({ referenceId: id });
    expect(items).toMatchObject([
      {
        type: "reference-updated",
        actorId: "max",
        data: { projectId: "web", relation: "blocks", before: { relation: "relates-to" } },
      },
      { type: "reference-added" },
    ]);
    expect((await max.references.update(id, { relation: "blocks" })).merged).toBe(false);
    expect((await world.app.activity.list({ referenceId: id })).items).toHaveLength(2);
  });

  it("makes one of two that become the same: the one that was there first stays", async () => {
    const world = await createLinkedWorld(await create());
    const [blocks, relates] = [await world.refer({ relation: "blocks" }), await world.refer()];
    const { reference, merged } = await world.app.references.update(relates, { relation: "blocks" });
    expect([reference.id, merged]).toEqual([blocks, true]);
    expect(await world.stored()).toEqual(["test-case/T blocks blue#1"]);
    await expect(world.app.references.get(relates)).rejects.toMatchObject({ code: "not-found" });
    expect(world.events.at(-1)).toMatchObject({
      type: "reference-removed",
      referenceId: relates,
      data: { mergedInto: blocks },
    });
  });

  it("makes one of them also when both are changed at the same moment", async () => {
    const storage = createTroubledStorage(await create());
    const world = await createLinkedWorld(storage);
    const [blocks, relates] = [await world.refer({ relation: "blocks" }), await world.refer()];
    const { references } = world.app;
    storage.beforeNextAnswer("relation", () => references.update(blocks, { relation: "defect" }));
    await references.update(relates, { relation: "defect" });
    expect(await world.stored()).toEqual(["test-case/T defect blue#1"]);
  });

  it("loses nothing where the reference that was there first is removed at the same moment", async () => {
    const storage = createTroubledStorage(await create());
    const world = await createLinkedWorld(storage);
    const [blocks, relates] = [await world.refer({ relation: "blocks" }), await world.refer()];
    const { references } = world.app;
    // The first look is at the reference itself, the second finds its double.
    storage.beforeNextAnswer("reference", async () => {
      storage.beforeNextAnswer("reference", () => references.remove(blocks));
    });
    expect((await references.update(relates, { relation: "blocks" })).merged).toBe(false);
    expect(await world.stored()).toEqual(["test-case/T blocks blue#1"]);
  });

  it("changes no reference that is taken to another object at the same moment", async () => {
    const storage = createTroubledStorage(await create());
    const world = await createLinkedWorld(storage);
    const id = await world.refer();
    const from = { type: "test-case", id: "T" };
    const move = () => world.app.references.move({ from, to: { ...from, id: "U", projectId: "web" } });
    storage.beforeNextAnswer("relation", move);
    const { reference } = await world.app.references.update(id, { relation: "blocks" });
    expect(reference.object.id).toBe("U");
    expect(await world.stored()).toEqual(["test-case/U blocks blue#1"]);
  });

  it("refuses relations that new references could not get either", async () => {
    const world = await createLinkedWorld(await create());
    const { relations, references } = world.app;
    const id = await world.refer();
    const other = await relations.create({ name: "App only", projects: ["app"] });
    await relations.disable("blocks");
    await expect(references.update(id, { relation: "blocks" })).rejects.toMatchObject({ code: "invalid-input" });
    for (const relation of [other.id, "nope"]) {
      await expect(references.update(id, { relation })).rejects.toMatchObject({ code: "not-found" });
    }
    await expect(references.update("nope", { relation: "defect" })).rejects.toMatchObject({ code: "not-found" });
    await expect(references.update(id, {} as never)).rejects.toMatchObject({ code: "invalid-input" });
    for (const [projects, code] of [
      [{ web: "viewer" }, "permission-denied"],
      [{ app: "admin" }, "not-found"],
    ] as const) {
      const refusal = world.as(member(projects)).references.update(id, { relation: "defect" });
      await expect(refusal).rejects.toMatchObject({ code });
    }
    expect(await world.stored()).toEqual(["test-case/T relates-to blue#1"]);
  });

  it("finds a relation deleted at the same moment gone, and leaves nothing behind that has it", async () => {
    const storage = createTroubledStorage(await create());
    const world = await createLinkedWorld(storage);
    const id = await world.refer();
    const covers = await world.app.relations.create({ name: "Covers" });
    storage.beforeNextAnswer("relation", () => world.app.relations.delete(covers.id));
    const refusal = world.app.references.update(id, { relation: covers.id });
    await expect(refusal).rejects.toMatchObject({ code: "not-found" });
    expect(await world.stored()).toEqual(["test-case/T relates-to blue#1"]);
  });

  it("leaves the reference of a living sync link the kind defect", async () => {
    const world = await createLinkedWorld(await create());
    const { references, relations } = world.app;
    const regression = await relations.create({ name: "Regression", kind: "defect" });
    const id = await world.refer({ type: "defect", id: "D-1", relation: "defect" });
    const beside = await world.refer({ type: "defect", id: "D-1", relation: "blocks" });
    await world.keepInStep(id);
    await expect(references.update(id, { relation: "relates-to" })).rejects.toMatchObject({ code: "source-in-use" });
    expect((await references.update(id, { relation: regression.id })).reference.relation.kind).toBe("defect");
    expect((await references.update(beside, { relation: "relates-to" })).merged).toBe(false);
    await references.remove(beside);
    await expect(references.remove(id)).rejects.toMatchObject({ code: "source-in-use" });
  });

  it("shows nobody a reference of another project that has the same object", async () => {
    const world = await createLinkedWorld(await create());
    const id = await world.refer();
    await world.refer({ projectId: "app", relation: "blocks" });
    const refusal = world.as(member({ web: "member" })).references.update(id, { relation: "blocks" });
    await expect(refusal).rejects.toMatchObject({ code: "not-found" });
    expect(await world.stored()).toHaveLength(2);
  });
});
