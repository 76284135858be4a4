import type { Storage } from "@backref/core/storage";
import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, poll, settle } from "../support/github-world.ts";

async function synced(given?: GitHubWorld) {
  const world = given ?? (await createGitHubWorld());
  await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
  const link = await world.app.defects.push(defect.id);
  await poll(world);
  return { world, defect, link };
}

/** What this process may still store before it dies. */
function mortal(storage: Storage, commits: number): Storage {
  let left = commits;
  return {
    ...storage,
    async commit(scope, units) {
      if (left === 0) return new Promise<never>(() => {});
      left -= 1;
      return storage.commit(scope, units);
    },
  };
}

describe("a link that has something to do", () => {
  test("says so, until it is done", async () => {
    const { world, defect, link } = await synced();
    await world.app.defects.update(defect.id, { title: "Ours" });
    expect((await world.app.defects.link(link.id)).status).toBe("pending");
    await settle(world);
    expect((await world.app.defects.link(link.id)).status).toBe("synced");
  });

  test("is left alone once it is detached: it costs no request, and nothing waits for it", async () => {
    const { world, defect, link } = await synced();
    await world.app.defects.update(defect.id, { title: "Ours" });
    await world.app.defects.detach(link.id);
    const mark = world.github.mark();
    await poll(world, 3);
    const requests = world.github.requestsSince(mark);
    expect(requests.filter(({ operation, method }) => operation === "graphql" || method !== "GET")).toEqual([]);
    expect(world.github.issue("acme/web", 1)?.title).toBe("Start");
  });

  test("is looked at again where the first look failed: a change at the tracker is not forgotten", async () => {
    const { world, defect, link } = await synced();
    world.github.as("lena").editIssue("acme/web", 1, { title: "Theirs" });
    world.github.faults.add({ kind: "status-before", status: 503, match: { operation: "graphql" } });
    await poll(world);
    expect(world.github.faults.pending()).toEqual([]);
    await settle(world, 30_000);
    expect((await world.app.defects.link(link.id)).status).toBe("synced");
    expect((await world.app.defects.get(defect.id)).title).toBe("Theirs");
  });
});

describe("an edit that is stored", () => {
  test("arrives, even if its process dies at once", async () => {
    const time = createVirtualTime();
    const storage = createMemoryStorage({ clock: time.clock });
    const { world, defect } = await synced(await createGitHubWorld({ time, storage }));
    const { github } = world;
    const dying = await createGitHubWorld({ time, github, seed: 2, storage: mortal(storage, 1) });
    void dying.app.defects.update(defect.id, { title: "Last words" });
    await time.advance(1_000);
    expect((await world.app.defects.get(defect.id)).title).toBe("Last words");
    await poll(world, 2);
    expect(github.issue("acme/web", 1)?.title).toBe("Last words");
  });
});
