import { describe, expect, test } from "vitest";
import type { RemoteComment } from "../../src/provider/index.ts";
import { withoutPolling } from "../support/adapted-provider.ts";
import {
  addGitHubSource,
  createGitHubWorld,
  type GitHubWorld,
  type GitHubWorldOptions,
  poll,
  provider,
} from "../support/github-world.ts";

const repository = "acme/web";
const listing = "/repos/{owner}/{repo}/issues/{issue_number}/comments";

/** A tracker where some comments are not for everybody, and are counted like the others. */
function withholding(isInternal: (body: string) => boolean): typeof provider {
  const { comments, changes } = provider;
  if (comments === undefined || changes === undefined) throw new TypeError("GitHub has comments and tells of them.");
  const withVisibility = (comment: RemoteComment): RemoteComment =>
    isInternal(comment.body) ? { ...comment, visibility: "internal" } : comment;
  return {
    ...provider,
    comments: {
      ...comments,
      async list(call, request) {
        return (await comments.list(call, request)).map(withVisibility);
      },
    },
    changes: {
      ...changes,
      async list(call, request) {
        const page = await changes.list(call, request);
        return { ...page, comments: page.comments.map((row) => ({ ...row, comment: withVisibility(row.comment) })) };
      },
    },
  };
}

const startsInternal = (body: string) => body.startsWith("Internal");

async function pushed(options: Pick<GitHubWorldOptions, "provider"> = { provider: withholding(startsInternal) }) {
  const world = await createGitHubWorld({ limits: { sweepIntervalMs: 60_000 }, ...options });
  await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
  const link = await world.app.defects.push(defect.id);
  await poll(world);
  const commentsHere = async () =>
    (await world.app.comments.list({ defectId: defect.id })).items.map((comment) => comment.body);
  return { world, lena: world.github.as("lena"), link, commentsHere };
}

const listsSince = ({ github }: GitHubWorld, mark: number) =>
  github.requestsSince(mark).filter(({ method, operation }) => method === "GET" && operation === listing);

describe("a comment that is not for everybody", () => {
  test("does not come in, and hides no other comment's deletion", async () => {
    // Nothing but the tracker's own count tells of comments here.
    const { world, lena, commentsHere } = await pushed({ provider: withoutPolling(withholding(startsInternal)) });
    const { id } = lena.comment(repository, 1, "Works for me");
    await poll(world);
    lena.comment(repository, 1, "Internal: the customer is angry");
    await poll(world);
    expect(await commentsHere()).toEqual(["Works for me"]);
    // It counts as many as have come in now.
    lena.deleteComment(repository, id);
    await poll(world, 2);
    expect(await commentsHere()).toEqual([]);
  });

  test("is no reason to list comments at every look", async () => {
    const { world, lena } = await pushed();
    lena.comment(repository, 1, "Internal: the customer is angry");
    await poll(world, 2);
    const mark = world.github.mark();
    lena.editIssue(repository, 1, { title: "Total is off by one" });
    await poll(world, 2);
    expect(listsSince(world, mark)).toEqual([]);
  });

  test("comes in once it is for everybody", async () => {
    let isInternal = true;
    const { world, lena, link, commentsHere } = await pushed({ provider: withholding(() => isInternal) });
    const { id } = lena.comment(repository, 1, "The customer is angry");
    await poll(world);
    expect(await commentsHere()).toEqual([]);
    isInternal = false;
    lena.editComment(repository, id, "The customer is sad");
    await poll(world, 2);
    expect(await commentsHere()).toEqual(["The customer is sad"]);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
  });

  test("leaves nothing behind when it is deleted", async () => {
    const { world, lena, link } = await pushed();
    const { id } = lena.comment(repository, 1, "Internal: the customer is angry");
    await poll(world, 2);
    lena.deleteComment(repository, id);
    await poll(world, 2);
    const mark = world.github.mark();
    lena.editIssue(repository, 1, { title: "Total is off by one" });
    await poll(world);
    expect(listsSince(world, mark)).toEqual([]);
    const { items } = await world.app.activity.list({ linkId: link.id });
    expect(items.filter(({ type }) => type.startsWith("comment"))).toEqual([]);
  });
});
