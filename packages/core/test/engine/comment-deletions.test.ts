import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, poll, settle } from "../support/github-world.ts";

const repository = "acme/web";
const commentList = { method: "GET", operation: "/repos/{owner}/{repo}/issues/{issue_number}/comments" } as const;
const commentPost = { method: "POST", operation: commentList.operation } as const;

async function pushed(world: GitHubWorld) {
  const source = await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
  const link = await world.app.defects.push(defect.id);
  await poll(world);
  const commentsHere = async () =>
    (await world.app.comments.list({ defectId: defect.id })).items.map((comment) => comment.body);
  return { source, defect, link, commentsHere };
}

const postsSince = ({ github }: GitHubWorld, mark: number) =>
  github
    .requestsSince(mark)
    .filter(({ method, operation }) => method === "POST" && operation === commentPost.operation);

/** The link looks at its issue and its comments once. */
async function lookOnce(world: GitHubWorld, linkId: string): Promise<void> {
  await world.app.defects.retry(linkId);
  await world.backref.sync.run({ maxMs: 0 });
}

/** The next lists are as they were before a comment was written. */
function listWithout({ github, time }: GitHubWorld, writtenAt: number, times: number): void {
  github.faults.add({ kind: "stale", ms: time.now() - writtenAt + 5_000, match: commentList, times });
}

describe("a comment that was deleted at the tracker", () => {
  test("goes here, too, although the issue was edited in the same minute", async () => {
    const world = await createGitHubWorld();
    const { defect, commentsHere } = await pushed(world);
    const { id } = world.github.as("lena").comment(repository, 1, "Works for me");
    await poll(world);
    expect(await commentsHere()).toEqual(["Works for me"]);
    world.github.as("lena").deleteComment(repository, id);
    world.github.as("lena").editIssue(repository, 1, { title: "Total is off by one" });
    await poll(world, 2);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Total is off by one" });
    expect(await commentsHere()).toEqual([]);
  });
});

describe("a list that is too old to know a comment", () => {
  test("deletes nothing where an older one missed it before and it was seen in between", async () => {
    const world = await createGitHubWorld();
    const { link, commentsHere } = await pushed(world);
    const { createdAt } = world.github.as("lena").comment(repository, 1, "Works for me");
    await poll(world);
    for (const _time of ["first", "second"]) {
      listWithout(world, createdAt, 1);
      await lookOnce(world, link.id);
      expect(world.github.faults.pending()).toEqual([]);
      expect(await commentsHere()).toEqual(["Works for me"]);
      await settle(world);
      await poll(world, 2);
    }
    expect(await commentsHere()).toEqual(["Works for me"]);
  });

  test("does not keep it away for good where two of them missed it", async () => {
    const world = await createGitHubWorld();
    const { link, commentsHere } = await pushed(world);
    const { createdAt } = world.github.as("lena").comment(repository, 1, "Works for me");
    await poll(world);
    listWithout(world, createdAt, 2);
    await lookOnce(world, link.id);
    await settle(world);
    expect(world.github.faults.pending()).toEqual([]);
    expect(await commentsHere()).toEqual([]);
    await poll(world, 11);
    await lookOnce(world, link.id);
    expect(await commentsHere()).toEqual(["Works for me"]);
  });
});

describe("a comment that was deleted here", () => {
  test("before it could go out never goes out", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await pushed(world);
    await world.app.defects.pause(link.id);
    const comment = await world.app.comments.add({ defectId: defect.id, body: "Oops" });
    await world.app.comments.delete(comment.id);
    const mark = world.github.mark();
    await world.app.defects.resume(link.id);
    await poll(world);
    expect(postsSince(world, mark)).toEqual([]);
  });

  test("while nobody knew whether it had arrived is not posted again", async () => {
    const world = await createGitHubWorld();
    const { defect, link } = await pushed(world);
    world.github.faults.add({ kind: "lost-before", match: commentPost });
    const mark = world.github.mark();
    const comment = await world.app.comments.add({ defectId: defect.id, body: "Oops" });
    await world.backref.sync.run({ maxMs: 0 });
    await world.app.comments.delete(comment.id);
    await poll(world, 13);
    expect(postsSince(world, mark)).toHaveLength(1);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
  });
});
