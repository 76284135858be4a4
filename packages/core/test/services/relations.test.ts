import { describe, expect, it } from "vitest";
import { createWorld, member, owner } from "../support/world.ts";

describe("relations", () => {
  it("begin with the built-in ones, in every tenant", async () => {
    const { items } = await createWorld()
      .as(member({ web: "viewer" }))
      .relations.list();
    expect(items.map(({ id, kind, builtIn }) => [id, kind, builtIn])).toEqual([
      ["relates-to", "general", true],
      ["defect", "defect", true],
      ["blocks", "general", true],
    ]);
  });

  it("can be added, renamed, switched off and on, and deleted", async () => {
    const world = createWorld();
    const { relations } = world.as(owner);
    const added = await relations.create({ name: " Covers ", inverseName: "Is covered by" });
    expect(added).toMatchObject({ name: "Covers", kind: "general", enabled: true, projects: null, builtIn: false });
    expect((await relations.update(added.id, { name: "Verifies" })).name).toBe("Verifies");
    expect((await relations.disable(added.id)).enabled).toBe(false);
    expect((await relations.enable(added.id)).enabled).toBe(true);
    await relations.delete(added.id);
    await expect(relations.get(added.id)).rejects.toMatchObject({ code: "not-found" });
    expect(world.events.map(({ type }) => type)).toEqual([
      "relation-created",
      "relation-updated",
      "relation-updated",
      "relation-updated",
      "relation-updated", // switched off before it goes, so that no reference comes to have it
      "relation-deleted",
    ]);
  });

  it("of the built-in kind keep their id and cannot be deleted", async () => {
    const world = createWorld();
    const { relations } = world.as(owner);
    await relations.update("blocks", { name: "Prevents", enabled: false });
    expect(await relations.get("blocks")).toMatchObject({ name: "Prevents", enabled: false, builtIn: true });
    expect((await relations.list()).items.map(({ id }) => id)).toEqual(["relates-to", "defect", "blocks"]);
    await expect(relations.delete("blocks")).rejects.toMatchObject({ code: "invalid-input" });
    const elsewhere = world.as({ tenantId: "other", system: true });
    expect((await elsewhere.relations.get("blocks")).name).toBe("Blocks");
  });

  it("are not said to be changed where nothing changes", async () => {
    const world = createWorld();
    const { relations } = world.as(owner);
    const { id } = await relations.create({ name: "Covers", projects: ["web"] });
    await relations.disable("blocks");
    await relations.disable("blocks");
    await relations.enable(id);
    await relations.update(id, { name: "Covers", projects: ["web"] });
    expect(world.events.map(({ type }) => type)).toEqual(["relation-created", "relation-updated"]);
  });

  it("have names that are unique in the tenant, whatever the case", async () => {
    const { relations } = createWorld().as(owner);
    const { id } = await relations.create({ name: "Covers" });
    for (const name of ["covers", "DEFECT"]) {
      await expect(relations.create({ name })).rejects.toMatchObject({
        code: "invalid-input",
        issues: [{ path: ["name"] }],
      });
    }
    await expect(relations.update(id, { name: "Blocks" })).rejects.toMatchObject({ code: "invalid-input" });
    expect((await relations.update(id, { name: "COVERS" })).name).toBe("COVERS");
  });

  it("are listed on where a page ended, also when its last one is deleted meanwhile", async () => {
    const world = createWorld();
    const { relations } = world.as(owner);
    const own: string[] = [];
    for (const name of ["A", "B", "C"]) own.push((await relations.create({ name })).id);
    const first = await relations.list({ limit: 4 });
    const cursor = first.nextCursor ?? "";
    await relations.delete(own[0] ?? "");
    expect((await relations.list({ cursor })).items.map(({ id }) => id)).toEqual(own.slice(1));
    const elsewhere = world.as({ tenantId: "other", system: true });
    await expect(elsewhere.relations.list({ cursor })).rejects.toMatchObject({ code: "invalid-input" });
    const builtIn = await relations.list({ limit: 2 });
    expect((await relations.list({ cursor: builtIn.nextCursor ?? "" })).items.map(({ id }) => id)).toEqual([
      "blocks",
      ...own.slice(1),
    ]);
  });

  it("that references have can be switched off, not deleted", async () => {
    const world = createWorld();
    const { relations, references, sources } = world.as(owner);
    const { id } = await relations.create({ name: "Covers" });
    const source = await sources.create({ name: "Toy", provider: "toy", auth: null });
    const object = { type: "test-case", id: "T", projectId: "web" };
    const { reference } = await references.add({ object, sourceId: source.id, issue: "a#1", relation: id });
    await expect(relations.delete(id)).rejects.toMatchObject({ code: "invalid-input" });
    await relations.disable(id);
    expect((await references.get(reference.id)).relation.name).toBe("Covers");
    await references.remove(reference.id);
    await relations.delete(id);
  });

  it("belong to those whose projects they are all of", async () => {
    const world = createWorld();
    const lead = world.as(member({ web: "admin" })).relations;
    const mine = await lead.create({ name: "Mine", projects: ["web"] });
    await lead.update(mine.id, { inverseName: "Yours" });
    await expect(lead.create({ name: "For all" })).rejects.toMatchObject({ code: "permission-denied" });
    await expect(lead.update(mine.id, { projects: ["web", "app"] })).rejects.toMatchObject({
      code: "permission-denied",
    });
    await expect(lead.disable("defect")).rejects.toMatchObject({ code: "permission-denied" });
    const others = world.as(member({ app: "admin" })).relations;
    await expect(others.get(mine.id)).rejects.toMatchObject({ code: "not-found" });
    expect((await others.list()).items).toHaveLength(3);
    expect((await lead.list({ projectId: "app" })).items).toHaveLength(3);
  });

  it("page across built-in and own ones", async () => {
    const { relations } = createWorld().as(owner);
    await relations.create({ name: "Covers" });
    const first = await relations.list({ limit: 3 });
    const second = await relations.list({ limit: 3, cursor: first.nextCursor ?? "" });
    expect(second.items.map(({ name }) => name)).toEqual(["Covers"]);
    expect(second.nextCursor).toBeNull();
  });
});
