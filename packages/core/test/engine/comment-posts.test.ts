import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, poll, settle } from "../support/github-world.ts";

const repository = "acme/web";
const commentPost = { method: "POST", operation: "/repos/{owner}/{repo}/issues/{issue_number}/comments" } as const;

async function pushed(world: GitHubWorld) {
  await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
  const link = await world.app.defects.push(defect.id);
  await poll(world);
  return { defect, link };
}

const commentsThere = ({ github }: GitHubWorld) => github.issue(repository, 1)?.comments ?? [];

describe("posting a comment", () => {
  test("that the tracker certainly did not get is tried again soon, without the wait of a doubt", async () => {
    const world = await createGitHubWorld();
    const { defect } = await pushed(world);
    world.github.faults.add({ kind: "refuse", match: commentPost });
    await world.app.comments.add({ defectId: defect.id, body: "Happens on Mondays" });
    await settle(world);
    expect(world.github.faults.pending()).toEqual([]);
    expect(commentsThere(world)).toMatchObject([{ body: expect.stringContaining("Happens on Mondays") }]);
  });

  test("finds its own again after a lost answer, not one in which somebody quotes it", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await pushed(world);
    const { id } = world.github.as("lena").comment(repository, 1, "When does it happen?");
    world.github.faults.add({ kind: "lost-after", match: commentPost });
    const ours = await world.app.comments.add({ defectId: defect.id, body: "On Mondays" });
    await world.backref.sync.run({ maxMs: 0 });
    const posted = commentsThere(world).find((comment) => comment.id !== id);
    const quote = `When does it happen?\n\nEdit: they say\n\n${posted?.body}`;
    world.github.as("lena").editComment(repository, id, quote);
    await settle(world);
    await poll(world, 2);
    await world.app.comments.update(ours.id, { body: "On Tuesdays" });
    await settle(world);
    await poll(world, 2);
    expect(commentsThere(world)).toMatchObject([
      { author: "lena", body: quote },
      { author: "backref-bot", body: expect.stringContaining("On Tuesdays") },
    ]);
    const { items } = await world.app.comments.list({ defectId: defect.id });
    expect(items.map(({ body, author }) => [author.name, body.split("\n")[0]]).toSorted()).toEqual([
      ["Ann", "On Tuesdays"],
      ["lena", "When does it happen?"],
    ]);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
  });
});
