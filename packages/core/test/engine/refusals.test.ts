import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, poll, settle } from "../support/github-world.ts";

const issuePatch = { method: "PATCH", operation: "/repos/{owner}/{repo}/issues/{issue_number}" } as const;

async function synced() {
  const world = await createGitHubWorld();
  const source = await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
  const link = await world.app.defects.push(defect.id);
  await poll(world);
  return { world, source, defect, link };
}

/** The tracker answers the new title with the old one. */
async function refusedTitle() {
  const { world, source, defect, link } = await synced();
  const admit = world.github.faults.add({ kind: "drop-fields", fields: ["title"], match: issuePatch, times: 1_000 });
  await world.app.defects.update(defect.id, { title: "Refused" });
  await settle(world);
  const refused = { status: "partial", field: "title", refused: [{ field: "title" }] };
  expect(await world.app.defects.link(link.id)).toMatchObject(refused);
  return { world, source, defect, link, admit, refused };
}

const writes = (world: GitHubWorld, mark: number) =>
  world.github.requestsSince(mark).filter(({ method, operation }) => method !== "GET" && operation !== "graphql");

/** Something that makes the link look at its issue, and no more. */
async function stir(world: GitHubWorld): Promise<void> {
  world.github.as("lena").editIssue("acme/web", 1, { body: `Edited at ${world.time.now()}` });
  await poll(world);
}

describe("a value that the tracker refused", () => {
  test("is not sent again, however often the link is looked at", async () => {
    const { world, link, refused } = await refusedTitle();
    const mark = world.github.mark();
    await stir(world);
    await stir(world);
    expect(writes(world, mark)).toEqual([]);
    expect(await world.app.defects.link(link.id)).toMatchObject(refused);
  });

  test("is tried again under another mapping", async () => {
    const { world, source, link, admit } = await refusedTitle();
    admit();
    await world.app.sources.update(source.id, { mapping: { fields: { title: { conflict: "local" } } } });
    await stir(world);
    await stir(world);
    expect(world.github.issue("acme/web", 1)?.title).toBe("Refused");
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced", refused: [] });
  });

  test("is tried again with another credential", async () => {
    const { world, source, link, admit } = await refusedTitle();
    admit();
    await world.app.sources.update(source.id, { auth: { type: "token", token: world.github.token } });
    await settle(world);
    expect(world.github.issue("acme/web", 1)?.title).toBe("Refused");
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced", refused: [] });
  });
});

describe("a label that the tracker would not make", () => {
  test("is left out of an update, and the rest of it arrives", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    world.github.as("lena").createIssue("acme/web", { title: "Known already" });
    const defect = await world.app.defects.create({ projectId: "web", title: "Mine" });
    const link = await world.app.defects.attach(defect.id, { sourceId: source.id, issue: "#1" });
    await poll(world);
    world.github.faults.add({ kind: "label-refused", times: 10 });
    await world.app.defects.update(defect.id, { title: "Renamed", priority: "critical" });
    await settle(world);
    expect(world.github.issue("acme/web", 1)).toMatchObject({ title: "Renamed", labels: [] });
    expect(world.github.labels("acme/web")).toEqual([]);
    const view = await world.app.defects.link(link.id);
    expect(view).toMatchObject({ status: "partial", refused: [{ field: "priority" }] });
    expect(view.message).toMatch(/label/i);
  });
});
