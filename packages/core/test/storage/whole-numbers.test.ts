import type { CommitUnit, Storage } from "@backref/core/storage";
import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, poll, settle } from "../support/github-world.ts";

function fractionsIn(units: readonly CommitUnit[]): readonly string[] {
  return units.flatMap(({ write }) =>
    write.flatMap((one) => {
      const columns = "set" in one ? one.set : "row" in one ? one.row : one;
      return Object.entries({ ...one, ...columns }).flatMap(([name, value]) =>
        typeof value === "number" && !Number.isInteger(value) ? [`${one.type} ${name}: ${value}`] : [],
      );
    }),
  );
}

test("what is written are whole milliseconds, however fine the clock", async () => {
  const time = createVirtualTime();
  const { clock } = time;
  const memory = createMemoryStorage({ clock });
  const found: string[] = [];
  const storage: Storage = {
    ...memory,
    commit(scope, units) {
      found.push(...fractionsIn(units));
      return memory.commit(scope, units);
    },
  };
  let reads = 0;
  const fine = {
    ...clock,
    monotonic() {
      reads += 1;
      return clock.monotonic() + reads / 1_024;
    },
  };
  const world = await createGitHubWorld({ time: { ...time, clock: fine }, storage, limits: { createGraceMs: 5_000 } });
  await addGitHubSource(world);
  const { github, app } = world;
  const defect = await app.defects.create({ projectId: "web", title: "Slow" });
  await app.defects.push(defect.id, { waitMs: 0 });
  await settle(world);
  github.faults.add({ kind: "status-after", status: 502, match: { method: "POST" }, times: 1 });
  await app.comments.add({ defectId: defect.id, body: "Seen" });
  await app.defects.update(defect.id, { title: "Slower", status: "closed" });
  await poll(world);
  const lena = github.as("lena");
  lena.reopenIssue("acme/web", 1);
  const comment = github.issue("acme/web", 1)?.comments[0];
  if (comment !== undefined) lena.deleteComment("acme/web", comment.id);
  await poll(world, 3);
  expect(github.issue("acme/web", 1)?.comments).toEqual([]);
  expect(found).toEqual([]);
});
