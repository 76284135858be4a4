import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, poll, settle } from "../support/github-world.ts";

const repository = "acme/web";
const commentList = { method: "GET", operation: "/repos/{owner}/{repo}/issues/{issue_number}/comments" } as const;
const commentPatch = { method: "PATCH", operation: "/repos/{owner}/{repo}/issues/comments/{comment_id}" } as const;

async function pushed(world: GitHubWorld) {
  await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
  const link = await world.app.defects.push(defect.id);
  await poll(world);
  const commentsHere = async () =>
    (await world.app.comments.list({ defectId: defect.id })).items.map((comment) => comment.body);
  return { defect, link, commentsHere };
}

const commentsThere = ({ github }: GitHubWorld) =>
  (github.issue(repository, 1)?.comments ?? []).map(({ id, body }) => ({ id, body }));

/** The link looks at its issue and its comments once. */
async function lookOnce(world: GitHubWorld, linkId: string): Promise<void> {
  await world.app.defects.retry(linkId);
  await world.backref.sync.run({ maxMs: 0 });
}

describe("edits of a comment at the tracker", () => {
  test("of one of ours come in without the lines that name its author", async () => {
    const world = await createGitHubWorld();
    const { defect, commentsHere } = await pushed(world);
    await world.app.comments.add({ defectId: defect.id, body: "Happens on Mondays" });
    await poll(world);
    const [comment] = commentsThere(world);
    expect(comment?.body).toContain("**Ann** wrote:");
    const edited = comment?.body.replace("Mondays", "Tuesdays") ?? "";
    world.github.as("lena").editComment(repository, comment?.id ?? 0, edited);
    await poll(world, 2);
    expect(await commentsHere()).toEqual(["Happens on Tuesdays"]);
  });

  test("beat an edit here that had not seen them, which is kept as the loser", async () => {
    const world = await createGitHubWorld();
    const { defect, link, commentsHere } = await pushed(world);
    const ours = await world.app.comments.add({ defectId: defect.id, body: "Start" });
    await poll(world);
    const [comment] = commentsThere(world);
    const theirs = comment?.body.replace("Start", "Theirs") ?? "";
    world.github.as("lena").editComment(repository, comment?.id ?? 0, theirs);
    await world.app.comments.update(ours.id, { body: "Ours" });
    await settle(world);
    await poll(world, 2);
    expect(await commentsHere()).toEqual(["Theirs"]);
    expect(commentsThere(world).map(({ body }) => body)).toEqual([theirs]);
    const { items } = await world.app.activity.list({ linkId: link.id });
    expect(items.filter((item) => item.type === "conflict-recorded").map((item) => item.data["local"])).toEqual([
      "Ours",
    ]);
  });

  test("stay although a later list is older than they are", async () => {
    const world = await createGitHubWorld();
    const { link, commentsHere } = await pushed(world);
    const { id } = world.github.as("lena").comment(repository, 1, "First words");
    await poll(world);
    world.github.as("lena").editComment(repository, id, "Second words");
    await poll(world);
    await world.time.advance(5_000);
    world.github.faults.add({ kind: "stale", ms: 100_000, match: commentList });
    await lookOnce(world, link.id);
    expect(world.github.faults.pending()).toEqual([]);
    expect(await commentsHere()).toEqual(["Second words"]);
  });

  test("within the second of what is known arrive by themselves", async () => {
    const world = await createGitHubWorld();
    const { link, commentsHere } = await pushed(world);
    await world.time.advance(1_000 - (world.time.now() % 1_000));
    const { id } = world.github.as("lena").comment(repository, 1, "First words");
    await lookOnce(world, link.id);
    await world.time.advance(100);
    world.github.as("lena").editComment(repository, id, "Second words");
    await lookOnce(world, link.id);
    expect(await commentsHere()).toEqual(["First words"]);
    await settle(world);
    expect(await commentsHere()).toEqual(["Second words"]);
  });
});

describe("edits of a comment here", () => {
  test("go out although the one before them got no answer", async () => {
    const world = await createGitHubWorld();
    const { defect, link, commentsHere } = await pushed(world);
    const comment = await world.app.comments.add({ defectId: defect.id, body: "One" });
    await poll(world);
    world.github.faults.add({ kind: "lost-after", match: commentPatch });
    await world.app.comments.update(comment.id, { body: "Two" });
    await world.backref.sync.run({ maxMs: 0 });
    expect(commentsThere(world)).toMatchObject([{ body: expect.stringContaining("Two") }]);
    await world.app.comments.update(comment.id, { body: "Three" });
    await settle(world);
    expect(commentsThere(world)).toMatchObject([{ body: expect.stringContaining("Three") }]);
    expect(await commentsHere()).toEqual(["Three"]);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
  });
});
