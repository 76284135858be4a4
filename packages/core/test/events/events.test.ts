import { describe, expect, test } from "vitest";
import type { ActivityEvent } from "../../src/index.ts";
import { addGitHubSource, createGitHubWorld, settle } from "../support/github-world.ts";

describe("events", () => {
  test("in process: after commit, by name or all, and a listener that throws harms nobody", async () => {
    const world = await createGitHubWorld();
    const seen: string[] = [];
    world.backref.on("issue-created", () => {
      throw new Error("mine");
    });
    const stop = world.backref.on("*", (event: ActivityEvent) => seen.push(event.type));
    await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "One" });
    await world.app.defects.push(defect.id);
    stop();
    await world.app.defects.update(defect.id, { title: "Two" });
    expect(seen).toEqual(["source-created", "defect-created", "link-created", "issue-created"]);
    expect(world.errors).toEqual(['A listener failed {"event":"listener-failed","reason":"mine"}']);
  });

  test("durable: every event once in order, again after a failure, each consumer by itself", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "One" });
    await world.app.defects.push(defect.id);
    const { events } = world.backref;
    const first: string[] = [];
    expect(await events.process({ consumer: "mail", handler: (event) => void first.push(event.type) })).toEqual({
      processed: 4,
      busy: false,
    });
    expect(first).toEqual(["source-created", "defect-created", "link-created", "issue-created"]);
    expect(await events.process({ consumer: "mail", handler: () => {} })).toEqual({ processed: 0, busy: false });

    await world.app.defects.update(defect.id, { title: "Two" });
    await settle(world);
    let failed = false;
    const second: string[] = [];
    const handler = (event: { readonly type: string }) => {
      if (event.type === "issue-updated" && !failed) {
        failed = true;
        throw new Error("try again");
      }
      second.push(event.type);
    };
    await expect(events.process({ consumer: "mail", handler })).rejects.toThrow("try again");
    await events.process({ consumer: "mail", handler });
    expect(second).toEqual(["defect-updated", "issue-updated"]);
    expect((await events.process({ consumer: "search", handler: () => {} })).processed).toBe(6);
  });

  test("two processes never work for one consumer at once", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const { events } = world.backref;
    let inner: unknown = null;
    await events.process({
      consumer: "mail",
      handler: async () => {
        inner = await events.process({ consumer: "mail", handler: () => {} });
      },
    });
    expect(inner).toEqual({ processed: 0, busy: true });
  });
});
