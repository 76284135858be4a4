import { describe, expect, it } from "vitest";
import { createLinkedWorld } from "../support/linked-world.ts";
import { storages } from "../support/storages.ts";
import { createTroubledStorage } from "../support/troubled-storage.ts";
import { member } from "../support/world.ts";

describe.each(storages())("a relation that is deleted, on %s", (_name, create) => {
  async function createTroubled() {
    const storage = createTroubledStorage(await create());
    const world = await createLinkedWorld(storage);
    const { id } = await world.app.relations.create({ name: "Covers" });
    return { ...world, storage, id };
  }

  it("gives its references to another one, however many, and the same reference twice becomes the first", async () => {
    const { app, events, referMany, refer, stored, id } = await createTroubled();
    const many = Array.from({ length: 1_200 }, (_, index) => ({ id: `T${index}`, relation: id }));
    await referMany(many);
    const first = await refer({ id: "T7" });
    const before = (await app.references.list({ object: { type: "test-case", id: "T8" } })).items[0];
    events.length = 0;
    await app.relations.delete(id, { reassignTo: "relates-to" });
    expect(await stored()).toEqual(many.map((one) => `test-case/${one.id} relates-to blue#1`).sort());
    expect(await app.references.get(first)).toMatchObject({ object: { id: "T7" }, relation: { id: "relates-to" } });
    const after = await app.references.get(before?.id ?? "");
    expect(after).toEqual({ ...before, relation: { ...after.relation, id: "relates-to", name: "Relates to" } });
    await expect(app.relations.get(id)).rejects.toMatchObject({ code: "not-found" });
    const count = (type: string) => events.filter((event) => event.type === type).length;
    expect([count("reference-updated"), count("reference-removed")]).toEqual([1_199, 1]);
    expect(events[0]).toMatchObject({ type: "relation-updated", data: { enabled: false } });
    expect(events.at(-1)).toMatchObject({ type: "relation-deleted", data: { relationId: id } });
    expect(events.find(({ type }) => type === "reference-removed")?.data).toMatchObject({ mergedInto: first });
    const { items } = await app.activity.list({ referenceId: after.id });
    expect(items[0]).toMatchObject({
      type: "reference-updated",
      actorId: "olga",
      data: { relation: "relates-to", before: { relation: id } },
    });
  });

  it("and dies half-way is switched off, and a repeat goes on", async () => {
    const { app, storage, referMany, refer, stored, id } = await createTroubled();
    await referMany(Array.from({ length: 700 }, (_, index) => ({ id: `T${index}`, relation: id })));
    let parts = 0;
    storage.failNextCommit(({ write }) => {
      if (write[0]?.type === "update" && write[0].table === "reference") parts += 1;
      return parts > 500;
    });
    await expect(app.relations.delete(id, { reassignTo: "blocks" })).rejects.toMatchObject({
      code: "storage-unavailable",
    });
    expect((await app.relations.get(id)).enabled).toBe(false);
    const half = (await stored()).filter((one) => one.includes("blocks"));
    expect(half).toHaveLength(500);
    await expect(refer({ id: "new", relation: id })).rejects.toMatchObject({ code: "invalid-input" });
    await expect(app.relations.delete(id)).rejects.toMatchObject({ code: "invalid-input" });
    await app.relations.delete(id, { reassignTo: "blocks" });
    expect((await stored()).filter((one) => one.includes("blocks"))).toHaveLength(700);
    await expect(app.relations.get(id)).rejects.toMatchObject({ code: "not-found" });
  });

  it("is refused, and nothing changes, while nothing else can take its place", async () => {
    const { app, events, refer, stored, id } = await createTroubled();
    await refer({ relation: id });
    const other = await app.relations.create({ name: "App only", projects: ["app"] });
    await app.relations.disable("blocks");
    const before = await stored();
    events.length = 0;
    const wrong: readonly (readonly [string | undefined, string, string])[] = [
      [undefined, "invalid-input", "reassignTo"],
      [id, "invalid-input", "another relation"],
      ["nope", "not-found", "nope"],
      ["blocks", "invalid-input", "switched off"],
      ["defect", "invalid-input", "kind defect"],
      [other.id, "invalid-input", "may not be used in web"],
    ];
    for (const [reassignTo, code, words] of wrong) {
      const options = reassignTo === undefined ? {} : { reassignTo };
      const refusal = app.relations.delete(id, options);
      await expect(refusal, reassignTo).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    }
    for (const reassignTo of [undefined, "relates-to"]) {
      const options = reassignTo === undefined ? {} : { reassignTo };
      await expect(app.relations.delete("defect", options)).rejects.toMatchObject({ code: "invalid-input" });
    }
    expect(await stored()).toEqual(before);
    expect((await app.relations.get(id)).enabled).toBe(true);
    expect(events).toEqual([]);
  });

  it("waits for nobody who adds a reference at the last moment: that call wins, and the relation stays as it was", async () => {
    const { app, storage, refer, id } = await createTroubled();
    storage.beforeNextAnswer("reference", () => refer({ relation: id }));
    await expect(app.relations.delete(id)).rejects.toMatchObject({ code: "invalid-input" });
    expect((await app.relations.get(id)).enabled).toBe(true);
    expect((await app.references.list({ projectId: "web" })).items).toMatchObject([{ relation: { name: "Covers" } }]);
  });

  it("takes along the reference of a living sync link, which keeps the kind defect", async () => {
    const { app, keepInStep, refer, stored } = await createTroubled();
    const { id } = await app.relations.create({ name: "Regression", kind: "defect" });
    await keepInStep(await refer({ type: "defect", id: "D-1", relation: id }));
    await expect(app.relations.delete(id, { reassignTo: "relates-to" })).rejects.toMatchObject({
      code: "invalid-input",
    });
    await app.relations.delete(id, { reassignTo: "defect" });
    expect(await stored()).toEqual(["defect/D-1 defect blue#1"]);
  });

  it("changes references only for those who may edit them all", async () => {
    const world = await createTroubled();
    const { id } = await world.app.relations.create({ name: "Ours", projects: ["web", "app"] });
    await world.refer({ relation: id });
    await world.refer({ relation: id, id: "A", projectId: "app" });
    await world.app.relations.update(id, { projects: ["web"] });
    const lead = world.as(member({ web: "admin" }));
    await expect(lead.relations.delete(id, { reassignTo: "relates-to" })).rejects.toMatchObject({
      code: "permission-denied",
    });
    const both = world.as(member({ web: "admin", app: "member" }));
    await both.relations.delete(id, { reassignTo: "relates-to" });
    expect(await world.stored()).toEqual(["test-case/A relates-to blue#1", "test-case/T relates-to blue#1"]);
  });
});

describe.each(storages())("two people who change one relation at the same moment, on %s", (_name, create) => {
  it.each(["blocks", "own"])("lose nothing: %s", async (which) => {
    const storage = createTroubledStorage(await create());
    const { app } = await createLinkedWorld(storage);
    const id = which === "own" ? (await app.relations.create({ name: "Covers" })).id : which;
    storage.beforeNextAnswer("relation", () => app.relations.update(id, { projects: ["web"] }));
    await app.relations.update(id, { name: "Verifies" });
    expect(await app.relations.get(id)).toMatchObject({ name: "Verifies", projects: ["web"], enabled: true });
    storage.beforeNextAnswer("relation", () => app.relations.update(id, { inverseName: "Is verified by" }));
    await app.relations.update(id, { projects: null });
    expect(await app.relations.get(id)).toMatchObject({ inverseName: "Is verified by", projects: null });
  });

  it("bring nothing back that was deleted", async () => {
    const storage = createTroubledStorage(await create());
    const { app } = await createLinkedWorld(storage);
    const { id } = await app.relations.create({ name: "Covers" });
    storage.beforeNextAnswer("relation", () => app.relations.delete(id));
    await expect(app.relations.update(id, { name: "Verifies" })).rejects.toMatchObject({ code: "not-found" });
    await expect(app.relations.get(id)).rejects.toMatchObject({ code: "not-found" });
  });
});
