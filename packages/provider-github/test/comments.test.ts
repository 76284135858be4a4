import { describe, expect, test } from "vitest";
import { address, answering, failureOf, setUp } from "./support.ts";

const { provider } = setUp();
const comments = provider.comments ?? expect.unreachable();

function withIssue() {
  const context = setUp();
  const issue = context.fake.as("ann").createIssue("acme/web", { title: "Title" });
  return { ...context, issue: address(issue) };
}

describe("comments", () => {
  test("lists all, oldest first, over pages", async () => {
    const { call, fake, issue, sent } = withIssue();
    for (let index = 0; index < 101; index += 1) fake.as("ann").comment("acme/web", 1, `Comment ${index}`);
    const listed = await comments.list(call, { issue });
    expect(listed.map(({ body }) => body)).toEqual(Array.from({ length: 101 }, (_, index) => `Comment ${index}`));
    const [first] = fake.issue("acme/web", 1)?.comments ?? [];
    expect(listed[0]).toEqual({
      remoteId: String(first?.id),
      body: "Comment 0",
      author: expect.objectContaining({ login: "ann" }),
      visibility: "public",
      url: `https://github.com/acme/web/issues/1#issuecomment-${first?.id}`,
      createdAt: first?.createdAt,
      updatedAt: first?.updatedAt,
      version: first?.updatedAt,
    });
    expect(sent()).toHaveLength(2);
    expect(fake.violations).toEqual([]);
  });

  test("create, update and delete cost one request each", async () => {
    const { call, fake, issue, sent } = withIssue();
    const created = await comments.create(call, { issue, body: "Hello", token: "t" });
    expect(created).toMatchObject({ body: "Hello", author: { login: "backref-bot" } });
    const commentId = created?.remoteId ?? "";
    const updated = await comments.update?.(call, { issue, commentId, body: "Hello again" });
    expect(updated).toMatchObject({ remoteId: commentId, body: "Hello again" });
    await comments.delete?.(call, { issue, commentId });
    expect(fake.issue("acme/web", 1)?.comments).toEqual([]);
    expect(sent()).toEqual([
      "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
      "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
      "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}",
    ]);
    expect(fake.violations).toEqual([]);
  });

  test("deleting what is gone is a success; updating it is not", async () => {
    const { call, issue } = withIssue();
    await comments.delete?.(call, { issue, commentId: "999" });
    const updating = comments.update?.(call, { issue, commentId: "999", body: "x" });
    expect(await failureOf(updating ?? expect.unreachable())).toMatchObject({ failure: "gone" });
  });

  test("an author whose account is gone is none; a bot is named as REST names it", async () => {
    const { callWith, issue } = withIssue();
    const row = { id: 1, body: null, created_at: "2026-11-20T10:00:00Z", updated_at: "2026-11-20T10:00:00Z" };
    const bot = { id: 7, login: "dependabot[bot]", type: "Bot" };
    const call = callWith({
      fetch: answering([
        { ...row, user: null },
        { ...row, id: 2, user: bot },
      ]),
    });
    expect(await comments.list(call, { issue })).toMatchObject([
      { remoteId: "1", body: "", author: null, url: null },
      { remoteId: "2", author: { id: "7", login: "dependabot[bot]", displayName: "dependabot[bot]" } },
    ]);
  });

  test("a create without an answer is ambiguous and was sent once", async () => {
    const { call, fake, issue, sent } = withIssue();
    fake.faults.add({ kind: "lost-after" });
    const creating = comments.create(call, { issue, body: "Hello", token: "t" });
    expect(await failureOf(creating)).toMatchObject({ failure: "ambiguous", operation: "comment.create" });
    expect(sent()).toHaveLength(1);
    expect(fake.issue("acme/web", 1)?.comments).toHaveLength(1);
  });
});
