import { describe, expect, it } from "vitest";
import { createWorld, member, owner } from "../support/world.ts";

const object = { type: "test-case", id: "TC-7", projectId: "web" };

async function lively() {
  const world = createWorld();
  const { sources, references } = world.as(owner);
  const source = await sources.create({ name: "Toy", provider: "toy", auth: null });
  const link = (id: string, projectId: string) =>
    references.add({ object: { ...object, id, projectId }, sourceId: source.id, issue: "a#1", relation: "defect" });
  const web = await link("A", "web");
  const app = await link("B", "app");
  return { world, sourceId: source.id, web: web.reference, app: app.reference };
}

describe("activity.list", () => {
  it("is newest first, in pages, without the storage's own columns", async () => {
    const { world, sourceId, web, app } = await lively();
    const { activity } = world.as(owner);
    const first = await activity.list({ limit: 2 });
    expect(first.items.map(({ type, referenceId }) => [type, referenceId])).toEqual([
      ["reference-added", app.id],
      ["reference-added", web.id],
    ]);
    expect(first.items[0]).not.toHaveProperty("sequence");
    const second = await activity.list({ limit: 2, cursor: first.nextCursor ?? "" });
    expect(second.items.map(({ type }) => type)).toEqual(["source-created"]);
    expect(second.nextCursor).toBeNull();
    expect((await activity.list({ referenceId: web.id })).items).toHaveLength(1);
    expect((await activity.list({ sourceId })).items).toHaveLength(3);
    await expect(activity.list({ sourceId, cursor: first.nextCursor ?? "" })).rejects.toMatchObject({
      code: "invalid-input",
    });
    await expect(activity.list({ sourceId, referenceId: web.id })).rejects.toMatchObject({ code: "invalid-input" });
  });

  it("leaves out what happened in other projects, also after records are gone", async () => {
    const { world, sourceId, web, app } = await lively();
    await world.as(owner).references.remove(web.id);
    await world.as(owner).references.remove(app.id);
    const { activity } = world.as(member({ web: "viewer" }));
    const seen = (await activity.list()).items.map(({ type, referenceId }) => [type, referenceId]);
    expect(seen).toEqual([
      ["reference-removed", web.id],
      ["reference-added", web.id],
      ["source-created", null],
    ]);
    expect((await activity.list({ sourceId })).items).toHaveLength(3);
    expect((await activity.list({ referenceId: app.id })).items).toEqual([]);
    const stranger = world.as({ tenantId: "other", userId: "x", role: "owner" });
    expect((await stranger.activity.list()).items).toEqual([]);
  });

  it("belongs to the project of the defect or link it is about", async () => {
    const { world, sourceId } = await lively();
    const snapshot = { revision: "1", title: "", description: "", status: "open", priority: null };
    world.defects.set("D-1", { id: "D-1", projectId: "web", ...snapshot });
    world.defects.set("D-2", { id: "D-2", projectId: "app", ...snapshot });
    const link = await world.link({ sourceId, defectId: "D-1", projectId: "web" });
    const blank = {
      tenantId: "acme",
      sequence: 0,
      at: 1,
      type: "defect-updated",
      actorId: null,
      referenceId: null,
      data: {},
    };
    const rows = [
      { ...blank, id: world.runtime.ids.id(), sourceId: null, linkId: null, defectId: "D-1" },
      { ...blank, id: world.runtime.ids.id(), sourceId: null, linkId: null, defectId: "D-2" },
      { ...blank, id: world.runtime.ids.id(), sourceId, linkId: link.id, defectId: null },
      { ...blank, id: world.runtime.ids.id(), sourceId: null, linkId: null, defectId: "gone" },
    ];
    await world.storage.commit(
      { tenantId: "acme" },
      rows.map((row) => ({ write: [{ type: "insert", table: "activity", row }] })),
    );
    const { activity } = world.as(member({ web: "viewer" }));
    expect((await activity.list({ defectId: "D-1" })).items).toHaveLength(1);
    expect((await activity.list({ defectId: "D-2" })).items).toEqual([]);
    expect((await activity.list({ defectId: "gone" })).items).toEqual([]);
    expect((await activity.list({ linkId: link.id })).items).toHaveLength(1);
    expect((await world.as(owner).activity.list({ defectId: "gone" })).items).toHaveLength(1);
  });
});
