import type { Storage } from "@backref/core/storage";
import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, poll, settle } from "../support/github-world.ts";
import { createTroubledStorage } from "../support/troubled-storage.ts";

describe("edits in the middle of a pass", () => {
  test("a local edit between reading and applying is not overwritten unseen", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
    const link = await world.app.defects.push(defect.id);
    await poll(world);
    world.github.as("lena").editIssue("acme/web", 1, { title: "Theirs" });
    world.github.faults.add({ kind: "delay", ms: 3_000, match: { operation: "graphql" } });
    await world.time.advance(60_000);
    const pass = world.backref.sync.run({ maxMs: 0 });
    await world.time.advance(1_000);
    await pass;
    const second = world.backref.sync.run({ maxMs: 0 });
    await world.time.advance(1_000);
    await world.app.defects.update(defect.id, { title: "Ours" });
    await world.time.advance(5_000);
    await second;
    await poll(world, 2);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Theirs" });
    const { items } = await world.app.activity.list({ linkId: link.id });
    expect(items.filter((item) => item.type === "conflict-recorded").map((item) => item.data["local"])).toEqual([
      "Ours",
    ]);
  });

  test("a title that a person takes back before the tracker's same title is read comes in again", async () => {
    const time = createVirtualTime();
    const storage = createTroubledStorage(createMemoryStorage({ clock: time.clock }));
    const world = await createGitHubWorld({ time, storage });
    await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
    await world.app.defects.push(defect.id);
    await poll(world);
    await world.app.defects.update(defect.id, { title: "Same" });
    // The pass knows the defect as it was before this, and reads the issue after it.
    storage.beforeNextAnswer("defect", async () => {
      await world.app.defects.update(defect.id, { title: "Start" });
      world.github.as("lena").editIssue("acme/web", 1, { title: "Same" });
    });
    await world.backref.sync.run({ maxMs: 0 });
    await poll(world, 2);
    // Hers was the last word.
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Same" });
    expect(world.github.issue("acme/web", 1)?.title).toBe("Same");
  });

  test("a delivery that tells an old value while a write is under way is not taken for an echo", async () => {
    const time = createVirtualTime();
    const inner = createMemoryStorage({ clock: time.clock });
    let slowCommits = 0;
    const storage: Storage = {
      ...inner,
      async commit(scope, units) {
        const isResult = units.some((unit) =>
          unit.write.some((write) => write.type === "release" && write.table === "link"),
        );
        if (slowCommits > 0 && isResult) {
          slowCommits -= 1;
          await time.scheduler.sleep(3_000);
        }
        return inner.commit(scope, units);
      },
    };
    const world = await createGitHubWorld({
      time,
      storage,
      limits: { pollIntervalMs: 86_400_000, sweepIntervalMs: 864_000_000 },
    });
    const source = await addGitHubSource(world);
    await settle(world);
    await world.app.sources.registerWebhooks(source.id, { url: "https://host.example.com/hook" });
    const { endpoint } = await world.app.sources.webhook(source.id);
    const deliver = async () => {
      for (
        let pending = world.github.webhooks.pending[0];
        pending !== undefined;
        pending = world.github.webhooks.pending[0]
      ) {
        world.github.webhooks.drop();
        const { url, headers, body } = pending;
        await world.backref.webhooks.handle(new Request(url, { method: "POST", headers, body }), { endpoint });
      }
    };
    const defect = await world.app.defects.create({ projectId: "web", title: "A" });
    await world.app.defects.push(defect.id);
    await deliver();
    await settle(world);
    await time.advance(10_000);

    await world.app.defects.update(defect.id, { title: "B" });
    slowCommits = 1;
    const pass = world.backref.sync.run({ maxMs: 0 });
    await time.advance(1_500);
    expect(world.github.issue("acme/web", 1)?.title).toBe("B");
    // The delivery about our own write is lost on the way.
    while (world.github.webhooks.pending.length > 0) world.github.webhooks.drop();
    // A person puts the old title back before we have written down that ours was taken.
    world.github.as("lena").editIssue("acme/web", 1, { title: "A" });
    await deliver();
    await time.advance(10_000);
    await pass;
    await settle(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "A" });
    expect(world.github.issue("acme/web", 1)?.title).toBe("A");
  });
});
