import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { describe, expect, test } from "vitest";
import { createDoom } from "../support/doom.ts";
import { addGitHubSource, createGitHubWorld, settle } from "../support/github-world.ts";

async function pushWithDeath(dieAt: number, when: "before" | "after") {
  const time = createVirtualTime();
  const storage = createMemoryStorage({ clock: time.clock });
  const before = await createGitHubWorld({ time, storage, seed: 1 });
  const { github } = before;
  await addGitHubSource(before);
  const defect = await before.app.defects.create({ projectId: "web", title: "Once", priority: "critical" });

  const doom = createDoom(dieAt);
  const dying = await createGitHubWorld({
    time,
    github,
    seed: 2,
    storage: doom.storage(storage, when),
    fetch: doom.fetch(github.fetch, when),
  });
  const push = dying.app.defects.push(defect.id, { waitMs: 0 }).then(
    () => "done",
    () => "failed",
  );
  // The virtual clock stands still here: whatever is not done after these turns never will be.
  const outcome = await Promise.race([push, time.advance(0).then(() => time.advance(1))]);
  for (let turn = 0; turn < 30; turn += 1) await time.advance(0);

  const survivor = await createGitHubWorld({ time, storage, github, seed: 3 });
  // Beyond the lease, and beyond the grace period that an unsent create has to wait out.
  for (let minute = 0; minute < 13; minute += 1) {
    await time.advance(61_000);
    await settle(survivor, 30_000);
  }
  // A death before the wish was stored leaves nothing behind; whoever pushed pushes again.
  const again = survivor.app.defects.push(defect.id);
  await time.advance(11_000);
  await again;
  await settle(survivor, 30_000);
  const link = (await survivor.app.defects.links(defect.id))[0];
  return {
    outcome,
    steps: doom.count,
    titles: github.issues("acme/web").map((issue) => issue.title),
    status: link?.status,
    errors: survivor.errors,
  };
}

describe("a process that dies while it pushes", () => {
  test.each(["before", "after"] as const)(
    "at every await, %s it took effect: one issue",
    { timeout: 60_000 },
    async (when) => {
      const { steps } = await pushWithDeath(Number.POSITIVE_INFINITY, when);
      expect(steps).toBeGreaterThan(15);
      for (let dieAt = 1; dieAt <= steps; dieAt += 1) {
        const { titles, status, errors } = await pushWithDeath(dieAt, when);
        expect({ dieAt, titles, status, errors }).toEqual({ dieAt, titles: ["Once"], status: "synced", errors: [] });
      }
    },
  );
});
