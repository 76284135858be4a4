import type { ChangesPage } from "@backref/core/provider";
import { describe, expect, test } from "vitest";
import type { GitHubCall } from "../src/client.ts";
import { failureOf, setUp } from "./support.ts";

const { provider } = setUp();
const changes = provider.changes ?? expect.unreachable();

function poll(call: GitHubCall, cursor: string | null, options: { startAt?: number; withComments?: boolean } = {}) {
  const { startAt = 0, withComments = true } = options;
  return changes.list(call, { container: "acme/web", cursor, startAt, withComments });
}

/** All pages from a cursor on. */
async function drain(call: GitHubCall, cursor: string | null, options: { withComments?: boolean } = {}) {
  const pages: ChangesPage[] = [];
  for (let next = cursor; ; ) {
    const page = await poll(call, next, options);
    pages.push(page);
    next = page.cursor;
    if (!page.more) return { pages, cursor: next };
    expect(pages.length).toBeLessThan(50);
  }
}

const items = (pages: readonly ChangesPage[]) => pages.flatMap((page) => page.issues.map(({ item }) => Number(item)));

describe("changes.list", () => {
  test("issues and comments, without pull requests and their comments", async () => {
    const { call, fake, sent } = setUp();
    fake.as("ann").createIssue("acme/web", { title: "One" });
    const pull = fake.addPullRequest("acme/web", { title: "Change" });
    fake.as("ann").comment("acme/web", 1, "On the issue");
    fake.as("ann").comment("acme/web", pull.number, "On the pull request");
    const page = await poll(call, null);
    expect(page.issues).toMatchObject([{ container: "acme/web", item: "1", title: "One", commentCount: 1 }]);
    expect(page.comments).toMatchObject([
      { container: "acme/web", issueItem: "1", comment: { body: "On the issue", author: { login: "ann" } } },
    ]);
    expect(page.more).toBe(false);
    expect(sent()).toEqual(["GET /repos/{owner}/{repo}/issues", "GET /repos/{owner}/{repo}/issues/comments"]);
    expect(fake.violations).toEqual([]);
  });

  test("an idle poll is 304s only and leaves the cursor as it is", async () => {
    const { call, fake } = setUp();
    fake.as("ann").createIssue("acme/web", { title: "One" });
    fake.as("ann").comment("acme/web", 1, "Hello");
    const first = await poll(call, null);
    for (let round = 0; round < 3; round += 1) {
      const mark = fake.mark();
      const idle = await poll(call, first.cursor);
      expect(idle).toEqual({ issues: [], comments: [], cursor: first.cursor, more: false });
      expect(fake.requestsSince(mark).map(({ status }) => status)).toEqual([304, 304]);
    }
  });

  test("without comments it is one request", async () => {
    const { call, fake } = setUp();
    const first = await poll(call, null, { withComments: false });
    const mark = fake.mark();
    const idle = await poll(call, first.cursor, { withComments: false });
    expect(idle.cursor).toBe(first.cursor);
    expect(fake.requestsSince(mark).map(({ status }) => status)).toEqual([304]);
  });

  test("starts where it is told to, by whole seconds", async () => {
    const { call, fake, time } = setUp();
    fake.as("ann").createIssue("acme/web", { title: "Old" });
    await time.advance(60_000);
    const startAt = time.now();
    fake.as("ann").createIssue("acme/web", { title: "In the same second" });
    const { issues } = await poll(call, null, { startAt: startAt + 900 });
    expect(issues.map(({ title }) => title)).toEqual(["In the same second"]);
  });

  test("a start by a clock that is ahead goes back to GitHub's time, so that nothing from then on is lost", async () => {
    const { call, fake, time } = setUp();
    const first = await poll(call, null, { startAt: time.now() + 3_600_000 });
    await time.advance(1_000);
    fake.as("ann").createIssue("acme/web", { title: "New" });
    fake.as("ann").comment("acme/web", 1, "Hello");
    const second = await poll(call, first.cursor);
    expect(second.issues.map(({ title }) => title)).toEqual(["New"]);
    expect(second.comments.map(({ comment }) => comment.body)).toEqual(["Hello"]);
    const { cursor } = await drain(call, second.cursor);
    expect((await poll(call, cursor)).cursor).toBe(cursor);
  });

  test("a change within the second of the last one is not lost", async () => {
    const { call, fake, time } = setUp();
    fake.as("ann").createIssue("acme/web", { title: "One" });
    const first = await poll(call, null);
    await time.advance(10);
    fake.as("ann").editIssue("acme/web", 1, { title: "Two" });
    const second = await poll(call, first.cursor);
    expect(second.issues.map(({ title }) => title)).toEqual(["Two"]);
    expect(second.cursor).not.toBe(first.cursor);
  });

  test("pages by time, asks for comments once, and ends in an idle cursor", async () => {
    const { call, fake, time } = setUp();
    for (let index = 0; index < 250; index += 1) {
      fake.as("ann").createIssue("acme/web", { title: `Issue ${index}` });
      if (index % 10 === 9) await time.advance(1000);
    }
    const mark = fake.mark();
    const { pages, cursor } = await drain(call, null);
    expect(new Set(items(pages)).size).toBe(250);
    const requests = fake.requestsSince(mark);
    expect(requests.filter(({ path }) => path.includes("/comments"))).toHaveLength(1);
    expect(requests.some(({ path }) => path.includes("&page="))).toBe(false);
    const settled = await drain(call, cursor);
    const before = fake.mark();
    const idle = await poll(call, settled.cursor);
    expect(idle.cursor).toBe(settled.cursor);
    expect(fake.requestsSince(before).map(({ status }) => status)).toEqual([304, 304]);
  });

  test("more than a page within one second is read by page numbers", async () => {
    const { call, fake, time } = setUp();
    for (let index = 0; index < 230; index += 1) fake.as("ann").createIssue("acme/web", { title: `Issue ${index}` });
    await time.advance(5000);
    fake.as("ann").createIssue("acme/web", { title: "Later" });
    const { pages } = await drain(call, null, { withComments: false });
    expect(new Set(items(pages)).size).toBe(231);
  });

  test("a second with more than a page is idle too, and its later changes are seen", async () => {
    const { call, fake, time } = setUp();
    for (let index = 0; index < 201; index += 1) fake.as("ann").createIssue("acme/web", { title: `Issue ${index}` });
    await time.advance(5000);
    const { cursor } = await drain(call, null, { withComments: false });
    const mark = fake.mark();
    expect(await poll(call, cursor, { withComments: false })).toMatchObject({ cursor, issues: [], more: false });
    expect(fake.requestsSince(mark).map(({ status }) => status)).toEqual([304]);

    fake.as("ann").editIssue("acme/web", 5, { title: "Edited" });
    const edited = await drain(call, cursor, { withComments: false });
    expect(items(edited.pages)).toContain(5);

    fake.as("ann").deleteIssue("acme/web", 7);
    const emptied = await drain(call, cursor, { withComments: false });
    fake.as("ann").editIssue("acme/web", 9, { title: "Edited" });
    const after = await drain(call, emptied.cursor, { withComments: false });
    expect(items(after.pages)).toContain(9);
  });

  test("a second that is not over is read again", async () => {
    const { call, fake } = setUp();
    for (let index = 0; index < 150; index += 1) fake.as("ann").createIssue("acme/web", { title: `Issue ${index}` });
    const { cursor } = await drain(call, null, { withComments: false });
    fake.as("ann").editIssue("acme/web", 5, { title: "Edited" });
    const { pages } = await drain(call, cursor, { withComments: false });
    expect(pages.flatMap(({ issues }) => issues).filter(({ title }) => title === "Edited")).toHaveLength(1);
  });

  test("exactly one full page gets no validator: a row behind it would not change it", async () => {
    const { call, fake } = setUp();
    for (let index = 0; index < 100; index += 1) fake.as("ann").createIssue("acme/web", { title: `Issue ${index}` });
    const first = await poll(call, null, { withComments: false });
    expect(first.more).toBe(false);
    expect(JSON.parse(first.cursor).issues.etag).toBeNull();
  });

  test("changes while paging are not lost", async () => {
    const { call, fake, time } = setUp();
    for (let index = 0; index < 150; index += 1) {
      fake.as("ann").createIssue("acme/web", { title: `Issue ${index}` });
      await time.advance(1000);
    }
    const first = await poll(call, null, { withComments: false });
    expect(first.more).toBe(true);
    fake.as("ann").editIssue("acme/web", 5, { title: "Edited" });
    fake.as("ann").editIssue("acme/web", 120, { title: "Edited" });
    const { pages } = await drain(call, first.cursor, { withComments: false });
    const seen = [first, ...pages].flatMap(({ issues }) => issues);
    expect(new Set(seen.map(({ item }) => item)).size).toBe(150);
    expect(seen.filter(({ title }) => title === "Edited").map(({ item }) => item)).toEqual(
      expect.arrayContaining(["5", "120"]),
    );
  });

  test("another credential does not use the validators", async () => {
    const { call, callWith, fake } = setUp();
    fake.as("ann").createIssue("acme/web", { title: "One" });
    const first = await poll(call, null);
    const mark = fake.mark();
    const second = await poll(callWith({ credentialId: "credential-2" }), first.cursor);
    expect(fake.requestsSince(mark).map(({ conditional }) => conditional)).toEqual([false, false]);
    expect(second.issues).toHaveLength(1);
    const third = await poll(callWith({ credentialId: "credential-2" }), second.cursor);
    expect(third.cursor).toBe(second.cursor);
  });

  test("comments switched on later begin at the start time", async () => {
    const { call, fake, time } = setUp();
    fake.as("ann").createIssue("acme/web", { title: "One" });
    fake.as("ann").comment("acme/web", 1, "Before");
    const first = await poll(call, null, { withComments: false });
    await time.advance(60_000);
    const startAt = time.now();
    fake.as("ann").comment("acme/web", 1, "After");
    const second = await poll(call, first.cursor, { startAt });
    expect(second.comments.map(({ comment }) => comment.body)).toEqual(["After"]);
  });

  test("a cursor of another version starts anew", async () => {
    const { call, fake } = setUp();
    fake.as("ann").createIssue("acme/web", { title: "One" });
    for (const cursor of ["", "{}", "nonsense", '{"credentialId":1}']) {
      expect((await poll(call, cursor)).issues).toHaveLength(1);
    }
  });

  test("a row that cannot be read does not hold up the others", async () => {
    const { callWith, fake, logs } = setUp();
    fake.as("ann").createIssue("acme/web", { title: "One" });
    fake.as("ann").createIssue("acme/web", { title: "Two" });
    const breaking = async (input: string | URL | Request, init?: RequestInit) => {
      const response = await fake.fetch(input, init);
      const rows = (await response.json()) as { updated_at: string }[] | { updated_at: string; title: number }[];
      if (rows[0] !== undefined) rows[0] = { updated_at: rows[0].updated_at, title: 12 };
      return new Response(JSON.stringify(rows), { headers: { "content-type": "application/json" } });
    };
    const page = await poll(callWith({ fetch: breaking }), null, { withComments: false });
    expect(page.issues.map(({ title }) => title)).toEqual(["Two"]);
    expect(logs.filter(({ level }) => level === "warn")).toHaveLength(1);
  });

  test("a repository out of reach is gone; none at all is a mistake", async () => {
    const { call } = setUp();
    const request = { cursor: null, startAt: 0, withComments: true };
    const failure = (container: string | null) => failureOf(changes.list(call, { ...request, container }));
    expect(await failure("acme/nothing")).toMatchObject({ failure: "gone" });
    expect(await failure(null)).toMatchObject({ failure: "permanent" });
  });
});
