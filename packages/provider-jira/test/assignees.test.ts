import { describe, expect, test } from "vitest";
import { createWorld } from "./world.ts";

describe.each(["cloud", "data-center"] as const)("an assignee of %s", (deployment) => {
  async function createPairedWorld() {
    const world = await createWorld(deployment, { mapping: { fields: { assignee: { direction: "two-way" } } } });
    const { app, jira, source } = world;
    const ids = { ada: jira.addUser("Ada"), ben: jira.addUser("Ben") };
    for (const [userId, remoteId] of Object.entries(ids)) {
      await app.people.set({ sourceId: source.id, userId, remoteId, login: null, displayName: userId });
    }
    return { ...world, ids };
  }

  test("travels both ways, also to nobody", async () => {
    const { app, jira, settle, poll, errors } = await createPairedWorld();
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", assignee: "ada" });
    await app.defects.push(defect.id);
    expect(jira.issue("WEB-1")?.assignee).toBe("Ada");

    jira.as("lena").editIssue("WEB-1", { assignee: "Ben" });
    await poll();
    expect((await app.defects.get(defect.id))?.assignee).toBe("ben");

    await app.defects.update(defect.id, { assignee: "ada" });
    await settle();
    expect(jira.issue("WEB-1")?.assignee).toBe("Ada");
    await app.defects.update(defect.id, { assignee: null });
    await settle();
    expect(jira.issue("WEB-1")?.assignee).toBeNull();

    jira.as("lena").editIssue("WEB-1", { assignee: "Ada" });
    await poll();
    jira.as("lena").editIssue("WEB-1", { assignee: null });
    await poll();
    expect((await app.defects.get(defect.id))?.assignee).toBeNull();
    expect([errors, jira.violations]).toEqual([[], []]);
  });

  test("whose account is gone holds up nothing else, neither of a push nor of a change", async () => {
    const { app, jira, settle } = await createPairedWorld();
    jira.removeUser("Ada");
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", assignee: "ada" });
    await app.defects.push(defect.id);
    expect(jira.issue("WEB-1")).toMatchObject({ summary: "Total is wrong", assignee: null });
    await app.defects.update(defect.id, { assignee: "ben" });
    await settle();
    expect(jira.issue("WEB-1")?.assignee).toBe("Ben");

    await app.defects.update(defect.id, { assignee: "ada", title: "Total is still wrong" });
    await settle();
    expect(jira.issue("WEB-1")).toMatchObject({ summary: "Total is still wrong", assignee: "Ben" });
    const [link] = await app.defects.links(defect.id);
    expect(link?.status).toBe("partial");
    expect(JSON.stringify(link)).toContain("assignee");
  });
});
