import { describe, expect, test } from "vitest";
import { createHostWorld } from "../support/host-world.ts";

type HostWorld = Awaited<ReturnType<typeof createHostWorld>>;

async function workUntil({ backref, time }: HostWorld, isDone: () => boolean): Promise<void> {
  await time.advance(61_000);
  for (let turn = 0; turn < 10 && !isDone(); turn += 1) await backref.sync.run({ maxMs: 0 });
  expect(isDone()).toBe(true);
}

/** The title of the tracker comes in, and the process dies right after the host's commit. */
async function dieWithTheirs(world: HostWorld): Promise<void> {
  world.github.as("lena").editIssue("acme/web", 1, { title: "Theirs" });
  world.table.dieAfterNextApply();
  await workUntil(world, () => world.table.get("BUG-1")?.title === "Theirs");
}

/** The host cannot be reached when something is to come in; true once that was tried. */
function loseNextApply({ table }: HostWorld): () => boolean {
  let isLost = false;
  table.beforeNextApply(() => {
    if (isLost) return;
    isLost = true;
    throw new Error("The connection to the host's database was lost.");
  });
  return () => isLost;
}

async function conflictsOf({ app, link }: HostWorld) {
  const { items } = await app.activity.list({ linkId: link.id });
  return items.filter((item) => item.type === "conflict-recorded").map((item) => item.data["local"]);
}

test("a value that a person puts back before the process is back is recorded when it gives way again", async () => {
  const world = await createHostWorld();
  await dieWithTheirs(world);
  world.table.edit("BUG-1", { title: "Total is wrong" });
  await world.quiet();
  expect(world.table.get("BUG-1")?.title).toBe("Theirs");
  expect(await conflictsOf(world)).toEqual(["Total is wrong"]);
});

describe("a value that lost, and that a person put back before the process was back", () => {
  test("is recorded although the defect looks as if nothing had come in", async () => {
    const world = await createHostWorld();
    world.table.edit("BUG-1", { title: "Ours" });
    await dieWithTheirs(world);
    world.table.edit("BUG-1", { title: "Ours" });
    world.github.as("lena").editIssue("acme/web", 1, { title: "Ours" });
    await world.quiet();
    expect(await conflictsOf(world)).toEqual(["Ours"]);
    expect(await world.app.defects.link(world.link.id)).toMatchObject({ status: "synced" });
  });

  test("is not recorded where the host says that nobody touched the field", async () => {
    const world = await createHostWorld();
    const { github, table } = world;
    table.edit("BUG-1", { title: "Ours", changedAt: { title: 1 } });
    github.as("lena").editIssue("acme/web", 1, { title: "Theirs" });
    // Somebody is quicker with another field.
    table.beforeNextApply(() => table.edit("BUG-1", { priority: "minor" }));
    await workUntil(world, () => table.get("BUG-1")?.priority === "minor");
    github.as("lena").editIssue("acme/web", 1, { title: "Ours" });
    await world.quiet();
    expect(await conflictsOf(world)).toEqual([]);
  });

  test("is recorded once where it loses again", async () => {
    const world = await createHostWorld();
    world.table.edit("BUG-1", { title: "Ours" });
    await dieWithTheirs(world);
    world.table.edit("BUG-1", { title: "Ours" });
    await world.quiet();
    expect(await conflictsOf(world)).toEqual(["Ours"]);
    expect(world.table.get("BUG-1")?.title).toBe("Theirs");
  });

  test("is recorded although the attempt to take it away again came to nothing", async () => {
    const world = await createHostWorld();
    await dieWithTheirs(world);
    world.table.edit("BUG-1", { title: "Total is wrong" });
    loseNextApply(world);
    await world.quiet();
    expect(world.table.get("BUG-1")?.title).toBe("Theirs");
    expect(await conflictsOf(world)).toEqual(["Total is wrong"]);
  });
});

test("a value of a person's that looks like the one that was to come in is recorded when another one replaces it", async () => {
  const world = await createHostWorld();
  world.github.as("lena").editIssue("acme/web", 1, { title: "Theirs" });
  const isLost = loseNextApply(world);
  await workUntil(world, isLost);
  world.table.edit("BUG-1", { title: "Theirs" });
  world.github.as("lena").editIssue("acme/web", 1, { title: "Newer" });
  await world.quiet();
  expect(world.table.get("BUG-1")?.title).toBe("Newer");
  expect(await conflictsOf(world)).toEqual(["Theirs"]);
});
