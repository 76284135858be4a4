import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, settle } from "../support/github-world.ts";

describe("the main job on GitHub", () => {
  test("pushes a defect, and both sides follow each other", async () => {
    const world = await createGitHubWorld();
    const { app, github, time } = world;
    await addGitHubSource(world);
    const defect = await app.defects.create({
      projectId: "web",
      title: "Total is wrong",
      description: "Steps",
      priority: "critical",
    });
    const link = await app.defects.push(defect.id);
    expect(world.errors).toEqual([]);
    expect(link).toMatchObject({ status: "synced", badge: { text: "#1" } });
    expect(github.issue("acme/web", 1)).toMatchObject({
      title: "Total is wrong",
      state: "open",
      labels: ["priority:high"],
    });

    await time.advance(2_000);
    await app.defects.update(defect.id, { status: "closed" });
    await settle(world);
    expect(github.issue("acme/web", 1)).toMatchObject({ state: "closed", stateReason: "completed" });

    await time.advance(61_000);
    github.as("lena").reopenIssue("acme/web", 1);
    github.as("lena").comment("acme/web", 1, "Still broken");
    await time.advance(61_000);
    await settle(world);
    expect(await app.defects.get(defect.id)).toMatchObject({ status: "open" });
    expect((await app.comments.list({ defectId: defect.id })).items).toMatchObject([
      { body: "Still broken", origin: "tracker" },
    ]);

    await app.comments.add({ defectId: defect.id, body: "Looking, @lena" });
    await settle(world);
    expect(github.issue("acme/web", 1)?.comments).toHaveLength(2);
    expect(world.errors).toEqual([]);
    expect(github.violations).toEqual([]);
  });
});
