import { beforeEach, describe, expect, it } from "vitest";
import { createFakeGitHub, type FakeGitHub } from "../../src/github/index.ts";
import type { ErrorBody, IssueBody, LabelBody } from "./bodies.ts";
import { type Client, createClient, createClock } from "./client.ts";

const issues = "/repos/acme/web/issues";
let clock: ReturnType<typeof createClock>;
let fake: FakeGitHub;
let call: Client;

beforeEach(() => {
  clock = createClock();
  fake = createFakeGitHub({ repositories: ["acme/web", "acme/api"], now: clock.now });
  call = createClient(fake);
});

describe("creating", () => {
  it("answers 201 with the issue, creating unknown labels on the fly", async () => {
    fake.addLabel("acme/web", { name: "Bug", color: "ff0000" });
    fake.addUser("alice");
    const { status, body, headers } = await call<IssueBody>("POST", issues, {
      title: "Broken",
      body: "Text",
      labels: ["bug", "new one"],
      assignees: ["Alice"],
    });
    expect(status).toBe(201);
    expect(headers.get("location")).toBe("https://api.github.com/repos/acme/web/issues/1");
    expect(body).toMatchObject({
      number: 1,
      title: "Broken",
      body: "Text",
      state: "open",
      state_reason: null,
      created_at: "2026-11-20T10:00:00Z",
      html_url: "https://github.com/acme/web/issues/1",
      user: { login: "backref-bot" },
      assignee: { login: "alice" },
      assignees: [{ login: "alice" }],
    });
    expect(body.labels.map((label) => label.name)).toEqual(["Bug", "new one"]);
    expect(fake.labels("acme/web").map((label) => label.name)).toEqual(["Bug", "new one"]);
  });

  it("drops labels and assignees silently without push access", async () => {
    const token = fake.createToken({ login: "reader", repositories: { "acme/web": "read" } });
    const { status, body } = await call(
      "POST",
      issues,
      { title: "x", labels: ["a"], assignees: ["reader"] },
      { token },
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({ labels: [], assignees: [] });
    expect(fake.labels("acme/web")).toEqual([]);
  });

  it.each([
    ["a blank title", { title: " " }, { resource: "Issue", code: "missing_field", field: "title" }],
    ["a long title", { title: "x".repeat(257) }, { field: "title", code: "custom" }],
    ["a long body", { title: "x", body: "x".repeat(65_537) }, { field: "body", code: "custom" }],
    ["an unknown assignee", { title: "x", assignees: ["nobody"] }, { field: "assignees", value: "nobody" }],
  ])("refuses %s in GitHub's shape", async (_name, draft, error) => {
    const { status, body } = await call("POST", issues, draft);
    expect(status).toBe(422);
    expect(body).toMatchObject({
      message: "Validation Failed",
      errors: [error],
      documentation_url: expect.any(String),
    });
    expect(fake.issues("acme/web")).toEqual([]);
    expect(fake.violations).toEqual([]);
  });

  it("accepts a body of exactly 65,536 characters", async () => {
    expect((await call("POST", issues, { title: "x", body: "🐛".repeat(65_536) })).status).toBe(201);
  });

  it("answers 410 where issues are switched off and 403 in an archived repository", async () => {
    fake.changeRepository("acme/web", { hasIssues: false });
    expect((await call("POST", issues, { title: "x" })).status).toBe(410);
    fake.changeRepository("acme/web", { hasIssues: true, archived: true });
    expect((await call("POST", issues, { title: "x" })).status).toBe(403);
    expect((await call("GET", issues)).status).toBe(200);
  });

  it("shares numbers with pull requests", async () => {
    fake.addPullRequest("acme/web", { title: "A change" });
    const { body } = await call<IssueBody>("POST", issues, { title: "x" });
    expect(body.number).toBe(2);
    const list = await call<IssueBody[]>("GET", `${issues}?state=all`);
    expect(list.body.map((issue) => "pull_request" in issue)).toEqual([false, true]);
  });
});

describe("changing", () => {
  it("sets a reason with the state and ignores one without a change of state", async () => {
    await call("POST", issues, { title: "x" });
    const closed = await call<IssueBody>("PATCH", `${issues}/1`, { state: "closed", state_reason: "not_planned" });
    expect(closed.body).toMatchObject({ state: "closed", state_reason: "not_planned" });
    expect(closed.body.closed_at).toBe("2026-11-20T10:00:00Z");
    const again = await call<IssueBody>("PATCH", `${issues}/1`, { state: "closed", state_reason: "completed" });
    expect(again.body.state_reason).toBe("not_planned");
    const alone = await call<IssueBody>("PATCH", `${issues}/1`, { state_reason: "duplicate" });
    expect(alone.body.state_reason).toBe("not_planned");
    const reopened = await call("PATCH", `${issues}/1`, { state: "open" });
    expect(reopened.body).toMatchObject({ state: "open", state_reason: "reopened", closed_at: null, closed_by: null });
  });

  it("moves updated_at only when something changed, by whole seconds", async () => {
    await call("POST", issues, { title: "x", body: "y", labels: ["a", "b"] });
    clock.advance(5_300);
    const same = await call<IssueBody>("PATCH", `${issues}/1`, {
      title: "x",
      body: "y",
      labels: ["b", "a"],
      state: "open",
    });
    expect(same.body.updated_at).toBe("2026-11-20T10:00:00Z");
    const changed = await call<IssueBody>("PATCH", `${issues}/1`, { title: "z" });
    expect(changed.body.updated_at).toBe("2026-11-20T10:00:05Z");
  });

  it("replaces and clears labels and assignees", async () => {
    fake.addUser("alice");
    await call("POST", issues, { title: "x", labels: ["a"], assignees: ["alice"] });
    const replaced = await call<IssueBody>("PATCH", `${issues}/1`, { labels: ["b"], assignees: ["backref-bot"] });
    expect(replaced.body.assignees[0]?.login).toBe("backref-bot");
    expect(fake.issue("acme/web", 1)?.labels).toEqual(["b"]);
    await call("PATCH", `${issues}/1`, { labels: [], assignees: [] });
    expect(fake.issue("acme/web", 1)).toMatchObject({ labels: [], assignees: [] });
  });

  it("adds and removes single labels and assignees", async () => {
    fake.addUser("alice");
    await call("POST", issues, { title: "x", labels: ["a"] });
    const added = await call<LabelBody[]>("POST", `${issues}/1/labels`, { labels: ["b/c"] });
    expect(added.body.map((label) => label.name)).toEqual(["a", "b/c"]);
    const removed = await call("DELETE", `${issues}/1/labels/B%2FC`);
    expect(removed.body).toHaveLength(1);
    expect((await call("DELETE", `${issues}/1/labels/b`)).status).toBe(404);
    const assigned = await call<IssueBody>("POST", `${issues}/1/assignees`, { assignees: ["alice", "nobody"] });
    expect(assigned.status).toBe(201);
    expect(assigned.body.assignees).toHaveLength(1);
    expect((await call<IssueBody>("DELETE", `${issues}/1/assignees`, { assignees: ["alice"] })).body.assignees).toEqual(
      [],
    );
  });

  it("drops labels of an author without push access and refuses to change other people's issues", async () => {
    const token = fake.createToken({ login: "reader", repositories: { "acme/web": "read" } });
    await call("POST", issues, { title: "theirs" }, { token });
    await call("POST", issues, { title: "ours" });
    const own = await call("PATCH", `${issues}/1`, { title: "edited", labels: ["a"] }, { token });
    expect(own.body).toMatchObject({ title: "edited", labels: [] });
    expect((await call("PATCH", `${issues}/2`, { title: "edited" }, { token })).status).toBe(403);
    expect((await call("POST", `${issues}/2/labels`, { labels: ["a"] }, { token })).status).toBe(403);
  });

  it("lets a triager close and label with known labels, but not edit", async () => {
    const token = fake.createToken({ login: "triager", repositories: { "acme/web": "triage" } });
    fake.addLabel("acme/web", { name: "known" });
    await call("POST", issues, { title: "ours" });
    const changed = await call<IssueBody>(
      "PATCH",
      `${issues}/1`,
      { state: "closed", labels: ["known", "unknown"] },
      { token },
    );
    expect(changed.body.state).toBe("closed");
    expect(fake.issue("acme/web", 1)?.labels).toEqual(["known"]);
    expect((await call("PATCH", `${issues}/1`, { body: "edited" }, { token })).status).toBe(403);
  });
});

describe("leaving", () => {
  it("answers 410 for a deleted issue and 404 for one that never was", async () => {
    await call("POST", issues, { title: "x" });
    fake.as("alice").deleteIssue("acme/web", 1);
    expect((await call("GET", `${issues}/1`)).status).toBe(410);
    expect((await call("GET", `${issues}/1/comments`)).status).toBe(410);
    expect((await call("GET", `${issues}/2`)).status).toBe(404);
    const stranger = fake.createToken({ login: "stranger", repositories: {} });
    expect((await call("GET", `${issues}/1`, undefined, { token: stranger })).status).toBe(404);
    expect((await call<IssueBody>("POST", issues, { title: "y" })).body.number).toBe(2);
  });

  it("answers 301 for a transferred issue, which fetch follows silently", async () => {
    await call("POST", issues, { title: "x" });
    fake.as("alice").comment("acme/web", 1, "hello");
    const moved = fake.transferIssue("acme/web", 1, "acme/api");
    expect(moved).toMatchObject({ repository: "acme/api", number: 1, comments: [{ body: "hello" }] });
    const raw = await call("GET", `${issues}/1`, undefined, { redirect: "manual" });
    expect(raw.status).toBe(301);
    expect(raw.headers.get("location")).toMatch(/^https:\/\/api\.github\.com\/repositories\/\d+\/issues\/1$/);
    const followed = await call("GET", `${issues}/1`);
    expect(followed.body).toMatchObject({ number: 1, repository_url: "https://api.github.com/repos/acme/api" });
    const narrow = fake.createToken({ login: "narrow", repositories: { "acme/web": "write" } });
    expect((await call("GET", `${issues}/1`, undefined, { token: narrow })).status).toBe(404);
    const comments = await call("GET", `${issues}/1/comments`);
    expect(comments.body).toHaveLength(1);
  });

  it("redirects from a repository's former name", async () => {
    await call("POST", issues, { title: "x" });
    fake.changeRepository("acme/web", { name: "acme/site" });
    expect((await call("GET", `${issues}/1`, undefined, { redirect: "manual" })).status).toBe(301);
    expect((await call("GET", issues, undefined, { redirect: "manual" })).status).toBe(301);
    const write = await call<ErrorBody>("POST", issues, { title: "y" }, { redirect: "manual" });
    expect(write).toMatchObject({ status: 307, body: { message: "Moved Permanently" } });
    expect(write.headers.get("location")).toMatch(/^https:\/\/api\.github\.com\/repositories\/\d+\/issues$/);
    expect(fake.issues("acme/site")).toHaveLength(1);
    expect((await call<IssueBody>("GET", `${issues}/1`)).body.url).toBe(
      "https://api.github.com/repos/acme/site/issues/1",
    );
    expect((await call<IssueBody>("PATCH", `${issues}/1`, { title: "y" })).body.title).toBe("y");
  });
});
