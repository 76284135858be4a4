import { beforeEach, expect, it } from "vitest";
import { createFakeGitHub, type FakeGitHub } from "../../src/github/index.ts";
import type { CommentBody, ErrorBody, IssueBody } from "./bodies.ts";
import { type Client, createClient, createClock } from "./client.ts";

const issue = "/repos/acme/web/issues/1";
const comments = "/repos/acme/web/issues/comments";
let clock: ReturnType<typeof createClock>;
let fake: FakeGitHub;
let call: Client;

beforeEach(() => {
  clock = createClock();
  fake = createFakeGitHub({ repositories: ["acme/web"], now: clock.now });
  call = createClient(fake);
  fake.as("alice").createIssue("acme/web", { title: "x" });
  clock.advance(1000);
});

it("creates, reads, edits and deletes, and touches the issue each time", async () => {
  const made = await call<CommentBody>("POST", `${issue}/comments`, { body: "hello" });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ body: "hello", user: { login: "backref-bot" } });
  const path = `${comments}/${made.body.id}`;
  expect((await call("GET", issue)).body).toMatchObject({ comments: 1, updated_at: "2026-11-20T10:00:01Z" });
  clock.advance(1000);
  const edited = await call("PATCH", path, { body: "changed" });
  expect(edited.body).toMatchObject({ body: "changed", updated_at: "2026-11-20T10:00:02Z" });
  expect((await call<IssueBody>("GET", issue)).body.updated_at).toBe("2026-11-20T10:00:02Z");
  clock.advance(1000);
  await call("PATCH", path, { body: "changed" });
  expect((await call<CommentBody>("GET", path)).body.updated_at).toBe("2026-11-20T10:00:02Z");
  expect((await call("DELETE", path)).status).toBe(204);
  expect((await call("GET", path)).status).toBe(404);
  expect((await call("GET", issue)).body).toMatchObject({ comments: 0, updated_at: "2026-11-20T10:00:03Z" });
});

it("lists an issue's comments and a whole repository's", async () => {
  const first = fake.as("alice").comment("acme/web", 1, "first");
  clock.advance(1000);
  fake.as("alice").comment("acme/web", 1, "second");
  clock.advance(1000);
  fake.as("alice").editComment("acme/web", first.id, "first, edited");
  const bodies = async (path: string): Promise<string[]> =>
    (await call<CommentBody[]>("GET", path)).body.map((comment) => comment.body);
  expect(await bodies(`${issue}/comments`)).toEqual(["first, edited", "second"]);
  expect(await bodies(`${issue}/comments?since=2026-11-20T10:00:03Z`)).toEqual(["first, edited"]);
  expect(await bodies(comments)).toEqual(["first, edited", "second"]);
  expect(await bodies(`${comments}?sort=updated&direction=asc`)).toEqual(["second", "first, edited"]);
  expect(await bodies(`${comments}?sort=created`)).toEqual(["second", "first, edited"]);
  expect(await bodies(`${comments}?since=2026-11-20T10:00:03Z&sort=updated&direction=asc`)).toEqual(["first, edited"]);
  const listed = await call("GET", comments);
  const headers = { "if-none-match": listed.headers.get("etag") ?? "" };
  expect((await call("GET", comments, undefined, { headers })).status).toBe(304);
});

it("refuses blank and overlong comments", async () => {
  expect((await call("POST", `${issue}/comments`, { body: " " })).status).toBe(422);
  const long = await call<ErrorBody>("POST", `${issue}/comments`, { body: "x".repeat(65_537) });
  expect(long.body.errors?.[0]).toMatchObject({ resource: "IssueComment", field: "body" });
});

it("lets readers comment, but not on a locked issue nor edit other people's comments", async () => {
  const token = fake.createToken({ login: "reader", repositories: { "acme/web": "read" } });
  const own = await call<CommentBody>("POST", `${issue}/comments`, { body: "mine" }, { token });
  expect((await call("PATCH", `${comments}/${own.body.id}`, { body: "still mine" }, { token })).status).toBe(200);
  const other = fake.as("alice").comment("acme/web", 1, "hers");
  expect((await call("PATCH", `${comments}/${other.id}`, { body: "no" }, { token })).status).toBe(403);
  expect((await call("DELETE", `${comments}/${other.id}`, undefined, { token })).status).toBe(403);
  fake.as("alice").lockIssue("acme/web", 1);
  expect((await call("POST", `${issue}/comments`, { body: "more" }, { token })).status).toBe(403);
  expect((await call("POST", `${issue}/comments`, { body: "more" })).status).toBe(201);
});
