import { describe, expect, test } from "vitest";
import { createWorld } from "./world.ts";

async function createPairedWorld() {
  const world = await createWorld({}, { mapping: { fields: { assignee: { direction: "two-way" } } } });
  const { app, linear, source } = world;
  const ids = { ada: linear.addUser("Ada"), ben: linear.addUser("Ben") };
  for (const [userId, remoteId] of Object.entries(ids)) {
    await app.people.set({ sourceId: source.id, userId, remoteId, login: userId, displayName: userId });
  }
  return { ...world, ids };
}

describe("an assignee", () => {
  test("travels both ways, also to nobody", async () => {
    const { app, linear, settle, poll, errors } = await createPairedWorld();
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", assignee: "ada" });
    await app.defects.push(defect.id);
    expect(linear.issue("ENG-1")?.assignee).toBe("Ada");

    linear.as("lena").editIssue("ENG-1", { assignee: "Ben" });
    await poll();
    expect((await app.defects.get(defect.id))?.assignee).toBe("ben");

    await app.defects.update(defect.id, { assignee: "ada" });
    await settle();
    expect(linear.issue("ENG-1")?.assignee).toBe("Ada");
    await app.defects.update(defect.id, { assignee: null });
    await settle();
    expect(linear.issue("ENG-1")?.assignee).toBeNull();

    linear.as("lena").editIssue("ENG-1", { assignee: "Ada" });
    await poll();
    linear.as("lena").editIssue("ENG-1", { assignee: null });
    await poll();
    expect((await app.defects.get(defect.id))?.assignee).toBeNull();
    expect([errors, linear.violations]).toEqual([[], []]);
  });

  test("whose account was deleted holds up nothing else, neither of a push nor of a change", async () => {
    const { app, linear, settle } = await createPairedWorld();
    linear.removeUser("Ada");
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", assignee: "ada" });
    await app.defects.push(defect.id);
    expect(linear.issue("ENG-1")).toMatchObject({ title: "Total is wrong", assignee: null });
    await app.defects.update(defect.id, { assignee: "ben" });
    await settle();
    expect(linear.issue("ENG-1")?.assignee).toBe("Ben");

    await app.defects.update(defect.id, { assignee: "ada", title: "Total is still wrong" });
    await settle();
    expect(linear.issue("ENG-1")).toMatchObject({ title: "Total is still wrong", assignee: "Ben" });
    const [link] = await app.defects.links(defect.id);
    expect(link?.status).toBe("partial");
    expect(JSON.stringify(link)).toContain("assignee");
  });
});
