import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, poll, settle } from "../support/github-world.ts";
import { createHostWorld } from "../support/host-world.ts";
import { createTroubledStorage, marksLinks } from "../support/troubled-storage.ts";

describe("a poll whose findings could not be stored", () => {
  test("finds a change at the tracker again", async () => {
    const time = createVirtualTime();
    const storage = createTroubledStorage(createMemoryStorage({ clock: time.clock }));
    const world = await createGitHubWorld({ time, storage });
    await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
    await world.app.defects.push(defect.id);
    await poll(world, 2);
    world.github.as("lena").editIssue("acme/web", 1, { title: "Theirs" });
    storage.failNextCommit(marksLinks);
    await poll(world, 3);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Theirs" });
  });

  test("finds a change in the host again", async () => {
    const world = await createHostWorld({ feed: "exclusive" });
    world.table.edit("BUG-1", { title: "Ours" });
    world.storage.failNextCommit(marksLinks);
    for (let time = 0; time < 3; time += 1) await world.quiet();
    expect(world.github.issue("acme/web", 1)?.title).toBe("Ours");
  });
});

describe("an issue that was moved to a place where no target is", () => {
  test("is polled there from then on", async () => {
    const world = await createGitHubWorld({ repositories: ["acme/web", "acme/archive"] });
    await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
    const link = await world.app.defects.push(defect.id);
    await poll(world);
    const moved = world.github.transferIssue("acme/web", 1, "acme/archive");
    await world.app.defects.retry(link.id);
    await settle(world);
    await poll(world, 2);
    world.github.as("lena").editIssue("acme/archive", moved.number, { title: "Theirs" });
    await poll(world, 2);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Theirs" });
  });
});
