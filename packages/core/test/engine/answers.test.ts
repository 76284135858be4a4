import { describe, expect, test } from "vitest";
import { type Meanwhile, withCompareAndSet, withMeanwhile, withoutPolling } from "../support/adapted-provider.ts";
import { addGitHubSource, createGitHubWorld, provider, settle } from "../support/github-world.ts";

/** Polling would find in the end what the answers tell at once. */
async function synced(tracker = provider) {
  const meanwhile: Meanwhile = {};
  const world = await createGitHubWorld({ provider: withMeanwhile(withoutPolling(tracker), meanwhile) });
  await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
  const link = await world.app.defects.push(defect.id);
  await world.time.advance(5_000);
  const lena = world.github.as("lena");
  return { world, meanwhile, defect, link, lena };
}

describe("what the answer to a write shows", () => {
  test("of other fields is news, and comes in at once", async () => {
    const { world, meanwhile, defect, link, lena } = await synced();
    meanwhile.beforeUpdate = () => lena.closeIssue("acme/web", 1);
    await world.app.defects.update(defect.id, { title: "Ours" });
    await settle(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Ours", status: "closed" });
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
  });

  test("instead of what was sent comes in, and what was sent is kept", async () => {
    const { world, meanwhile, defect, link, lena } = await synced();
    meanwhile.beforeUpdateAnswer = () => lena.editIssue("acme/web", 1, { title: "Theirs" });
    await world.app.defects.update(defect.id, { title: "Ours" });
    await settle(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Theirs" });
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
    const { items } = await world.app.activity.list({ linkId: link.id });
    expect(items.filter(({ type }) => type === "conflict-recorded").map(({ data }) => data)).toMatchObject([
      { field: "title", local: "Ours", remote: "Theirs", winner: "remote" },
    ]);
  });
});

describe("a tracker that refuses to write over a change that was not seen", () => {
  test("is looked at again at once, and both changes arrive", async () => {
    const { world, meanwhile, defect, link, lena } = await synced(withCompareAndSet(provider));
    meanwhile.beforeUpdate = () => lena.closeIssue("acme/web", 1);
    await world.app.defects.update(defect.id, { title: "Ours" });
    await world.backref.sync.run({ maxMs: 1_000 });
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Ours", status: "closed" });
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
    expect(world.github.issue("acme/web", 1)).toMatchObject({ title: "Ours", state: "closed" });
  });
});
