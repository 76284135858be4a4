import { describe, expect, test } from "vitest";
import { createHostWorld } from "../support/host-world.ts";

type HostWorld = Awaited<ReturnType<typeof createHostWorld>>;

/** Works until the host has what came in, and no further: the process dies right after the host's commit. */
async function dieAfterApply(world: HostWorld, hasCome: () => boolean): Promise<void> {
  world.table.dieAfterNextApply();
  await world.time.advance(61_000);
  for (let turn = 0; turn < 10 && !hasCome(); turn += 1) await world.backref.sync.run({ maxMs: 0 });
  expect(hasCome()).toBe(true);
}

async function conflictsOf({ app, link }: HostWorld) {
  const { items } = await app.activity.list({ linkId: link.id });
  return items.filter((item) => item.type === "conflict-recorded").map((item) => item.data["local"]);
}

describe("a process that dies between the host's commit and ours", () => {
  test("makes no person's edit look as if nobody had made it", async () => {
    const world = await createHostWorld();
    const { github, table } = world;
    table.edit("BUG-1", { title: "Ours" });
    github.as("lena").editIssue("acme/web", 1, { title: "Theirs" });
    await dieAfterApply(world, () => table.get("BUG-1")?.title === "Theirs");
    table.edit("BUG-1", { title: "Total is wrong" });
    await world.quiet();
    expect(await conflictsOf(world)).toEqual(expect.arrayContaining(["Ours", "Total is wrong"]));
    expect(table.get("BUG-1")?.title).toBe("Theirs");
    expect(await world.app.defects.link(world.link.id)).toMatchObject({ status: "synced" });
  });

  test("loses no edit that gave way before the link was detached", async () => {
    const world = await createHostWorld();
    const { app, github, table, link } = world;
    table.edit("BUG-1", { title: "Ours" });
    github.as("lena").editIssue("acme/web", 1, { title: "Theirs" });
    await dieAfterApply(world, () => table.get("BUG-1")?.title === "Theirs");
    await app.defects.detach(link.id);
    await world.quiet();
    expect(await conflictsOf(world)).toEqual(["Ours"]);
  });

  test("keeps nothing from the defect's other issues, and what came in is told", async () => {
    const world = await createHostWorld();
    const { app, github, table } = world;
    const other = await app.sources.create({
      name: "Other",
      provider: "github",
      auth: { type: "token", token: github.token },
      targets: [{ projectId: "web", container: "acme/api" }],
    });
    await app.defects.push("BUG-1", { sourceId: other.id });
    await world.quiet();
    github.as("lena").editIssue("acme/web", 1, { title: "Theirs" });
    await dieAfterApply(world, () => table.get("BUG-1")?.title === "Theirs");
    await world.quiet();
    expect(github.issue("acme/api", 1)?.title).toBe("Theirs");
    const { items } = await app.activity.list({ linkId: world.link.id });
    expect(items.filter((item) => item.type === "defect-updated")).toMatchObject([{ data: { fields: ["title"] } }]);
  });

  test("brings a comment in once", async () => {
    const world = await createHostWorld();
    const { github, table } = world;
    github.as("lena").comment("acme/web", 1, "Works for me");
    await dieAfterApply(world, () => table.notes.length > 0);
    await world.quiet();
    expect(table.notes.map((note) => note.body)).toEqual(["Works for me"]);
    expect(await world.app.defects.link(world.link.id)).toMatchObject({ status: "synced" });
  });

  test("loses no text of a comment that lost to an edit at the tracker", async () => {
    const world = await createHostWorld();
    const { app, github, table } = world;
    const id = table.addNote("BUG-1", "Start");
    await app.defects.changed(["BUG-1"]);
    await world.quiet();
    const [comment] = github.issue("acme/web", 1)?.comments ?? [];
    const theirs = comment?.body.replace("Start", "Theirs") ?? "";
    github.as("lena").editComment("acme/web", comment?.id ?? 0, theirs);
    table.editNote(id, { body: "Ours" });
    await dieAfterApply(world, () => table.notes[0]?.body === "Theirs");
    await world.quiet();
    expect(await conflictsOf(world)).toEqual(["Ours"]);
    expect(github.issue("acme/web", 1)?.comments.map(({ body }) => body)).toEqual([theirs]);
  });
});
