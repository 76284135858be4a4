import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, settle } from "../support/github-world.ts";

async function synced(world: GitHubWorld) {
  await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "First" });
  const link = await world.app.defects.push(defect.id);
  await settle(world);
  return { defect, link };
}

const look = async (world: GitHubWorld, linkId: string) => {
  await world.app.defects.pause(linkId);
  await world.app.defects.resume(linkId);
  await settle(world, 4_000);
};

describe("reads that are older than what is known", () => {
  test("a stale read brings no old value back", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await synced(world);
    await world.time.advance(5_000);
    await world.app.defects.update(defect.id, { title: "Second" });
    await settle(world);
    await world.time.advance(3_000);
    world.github.faults.add({ kind: "stale", ms: 6_000, match: { operation: "graphql" } });
    await look(world, link.id);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Second" });
    expect(world.github.issue("acme/web", 1)?.title).toBe("Second");
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
  });

  test("other content under the same second is believed only at the second look", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await synced(world);
    await world.time.advance(5_000);
    await world.app.defects.update(defect.id, { title: "Second" });
    await settle(world);
    world.github.as("lena").editIssue("acme/web", 1, { title: "Third, within the second" });
    const mark = world.github.mark();
    await look(world, link.id);
    expect(world.github.requestsSince(mark).filter((request) => request.operation === "graphql")).toHaveLength(2);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Third, within the second" });
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
  });

  test("a write that is applied late is repaired, not taken for a person's edit", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await synced(world);
    await world.time.advance(5_000);
    world.github.faults.add({ kind: "late", ms: 20_000, match: { method: "PATCH" } });
    await world.app.defects.update(defect.id, { title: "Late" });
    await settle(world, 3_000);
    await world.app.defects.update(defect.id, { title: "Newest" });
    await settle(world, 3_000);
    for (let minute = 0; minute < 3; minute += 1) {
      await world.time.advance(61_000);
      await settle(world);
    }
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Newest" });
    expect(world.github.issue("acme/web", 1)?.title).toBe("Newest");
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
  });
});
