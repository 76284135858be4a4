import { createVirtualTime, type VirtualTime } from "@backref/testing";
import { expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, poll, provider } from "../support/github-world.ts";

/** The process stands still between a read and what it does with the answer; so many milliseconds for each of the next reads. */
function standingStill(time: VirtualTime, pauses: number[]): typeof provider {
  const { read } = provider;
  if (read === undefined) throw new TypeError("GitHub can be read.");
  return {
    ...provider,
    read: {
      async issues(call, request) {
        const outcomes = await read.issues(call, request);
        await time.scheduler.sleep(pauses.shift() ?? 0);
        return outcomes;
      },
    },
  };
}

test("what a process saw before it stood still is looked at again before it writes over it", async () => {
  const time = createVirtualTime();
  const pauses: number[] = [];
  const world = await createGitHubWorld({ time, provider: standingStill(time, pauses) });
  await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
  const link = await world.app.defects.push(defect.id);
  await poll(world, 2);
  await world.app.defects.update(defect.id, { title: "Ours" });
  // The first answer is too old to write after it, and so is the second.
  pauses.push(3_000, 20_000);
  const pass = world.backref.sync.run({ maxMs: 0 });
  await time.advance(10_000);
  world.github.as("lena").editIssue("acme/web", 1, { title: "Theirs" });
  await time.advance(20_000);
  await pass;
  await poll(world, 2);
  expect(pauses).toEqual([]);
  const { items } = await world.app.activity.list({ linkId: link.id });
  expect(items.filter(({ type }) => type === "conflict-recorded")).toMatchObject([
    { data: { local: "Ours", remote: "Theirs" } },
  ]);
  expect(world.github.issue("acme/web", 1)?.title).toBe("Theirs");
});

test("a tracker that takes long for every answer is written to all the same", async () => {
  const time = createVirtualTime();
  const pauses: number[] = [];
  const world = await createGitHubWorld({ time, provider: standingStill(time, pauses) });
  await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
  await world.app.defects.push(defect.id);
  await poll(world, 2);
  await world.app.defects.update(defect.id, { title: "Ours" });
  pauses.push(...Array.from({ length: 8 }, () => 3_000));
  const pass = world.backref.sync.run({ maxMs: 0 });
  await time.advance(20_000);
  await pass;
  expect(world.github.issue("acme/web", 1)?.title).toBe("Ours");
});
