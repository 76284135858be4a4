import { StorageError } from "@backref/core/storage";
import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, settle } from "../support/github-world.ts";

test("a storage that is away while the credential is read blocks no link", async () => {
  const time = createVirtualTime();
  const memory = createMemoryStorage({ clock: time.clock });
  let isAway = false;
  const world = await createGitHubWorld({
    time,
    storage: {
      ...memory,
      find(scope, query) {
        if (!isAway || query.table !== "secret") return memory.find(scope, query);
        throw new StorageError({ code: "storage-unavailable", message: "The connection broke." });
      },
    },
  });
  await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
  isAway = true;
  const link = await world.app.defects.push(defect.id, { waitMs: 0 });
  await world.time.advance(200);
  expect(await world.app.defects.link(link.id)).toMatchObject({ status: "retrying" });
  isAway = false;
  await settle(world, 30_000);
  expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
});
