import { beforeEach, describe, expect, it } from "vitest";
import { createFakeGitHub, type FakeGitHub } from "../../src/github/index.ts";
import type { IssuePageData, NodesData, RepositoryData } from "./bodies.ts";
import { type Client, createClient, createClock } from "./client.ts";

const refresh = `query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Issue {
      id number title body state stateReason(enableDuplicate: true) createdAt updatedAt url locked
      databaseId fullDatabaseId
      author { login ... on User { databaseId } }
      assignees(first: 10) { nodes { login } }
      labels(first: 50) { nodes { name } }
      comments(last: 1) { totalCount nodes { id databaseId body author { login } createdAt updatedAt url } }
      repository { nameWithOwner }
    }
  }
  rateLimit { cost remaining used limit resetAt }
}`;

let fake: FakeGitHub;
let call: Client;

beforeEach(() => {
  const clock = createClock();
  fake = createFakeGitHub({ repositories: ["acme/web", "acme/secret"], now: clock.now });
  call = createClient(fake);
  fake.addUser("bob");
});

describe("nodes", () => {
  it("reads issues by id, null and NOT_FOUND for those it does not know, with status 200", async () => {
    const alice = fake.as("alice");
    const first = alice.createIssue("acme/web", { title: "one", labels: ["bug"], assignees: ["bob"] });
    alice.comment("acme/web", 1, "hello");
    alice.comment("acme/web", 1, "again");
    const second = alice.createIssue("acme/web", { title: "two", body: "text" });
    alice.closeIssue("acme/web", 2, "duplicate");
    const { status, body } = await call.graphql<NodesData>(refresh, {
      ids: [first.nodeId, "I_unknown", second.nodeId],
    });
    expect(status).toBe(200);
    expect(body.data?.nodes[0]).toMatchObject({
      id: first.nodeId,
      number: 1,
      title: "one",
      body: "",
      state: "OPEN",
      stateReason: null,
      createdAt: "2026-11-20T10:00:00Z",
      url: "https://github.com/acme/web/issues/1",
      databaseId: first.id,
      fullDatabaseId: String(first.id),
      author: { login: "alice", databaseId: expect.any(Number) },
      assignees: { nodes: [{ login: "bob" }] },
      labels: { nodes: [{ name: "bug" }] },
      comments: { totalCount: 2, nodes: [{ body: "again", author: { login: "alice" } }] },
      repository: { nameWithOwner: "acme/web" },
    });
    expect(body.data?.nodes[1]).toBeNull();
    expect(body.data?.nodes[2]).toMatchObject({ state: "CLOSED", stateReason: "DUPLICATE", body: "text" });
    expect(body.errors).toEqual([
      {
        type: "NOT_FOUND",
        path: ["nodes", 1],
        locations: expect.any(Array),
        message: "Could not resolve to a node with the global id of 'I_unknown'",
      },
    ]);
    expect(body.data?.rateLimit).toMatchObject({ cost: 1, used: 1, remaining: 4999, limit: 5000 });
    expect(fake.requests.at(-1)).toMatchObject({ operation: "graphql", account: "backref-bot", status: 200 });
  });

  it("does not show what is deleted, transferred or out of reach", async () => {
    const alice = fake.as("alice");
    const deleted = alice.createIssue("acme/web", { title: "x" });
    const moved = alice.createIssue("acme/web", { title: "x" });
    const hidden = alice.createIssue("acme/secret", { title: "x" });
    alice.deleteIssue("acme/web", deleted.number);
    const target = alice.transferIssue("acme/web", moved.number, "acme/secret");
    const token = fake.createToken({ login: "narrow", repositories: { "acme/web": "read" } });
    const ids = [deleted.nodeId, moved.nodeId, hidden.nodeId, target.nodeId];
    const narrow = await call.graphql<NodesData>(refresh, { ids }, { token });
    expect(narrow.body.data?.nodes).toEqual([null, null, null, null]);
    const wide = await call.graphql<NodesData>(refresh, { ids });
    expect(wide.body.data?.nodes.map((node) => node !== null)).toEqual([false, false, true, true]);
  });

  it("costs more with more connections", async () => {
    const ids = Array.from({ length: 100 }, () => fake.as("alice").createIssue("acme/web", { title: "x" }).nodeId);
    const { body, headers } = await call.graphql<NodesData>(refresh, { ids });
    expect(body.data?.rateLimit).toMatchObject({ cost: 3, used: 3 });
    expect(headers.get("x-ratelimit-resource")).toBe("graphql");
    expect(headers.get("x-ratelimit-used")).toBe("3");
  });

  it("takes at most 100 ids", async () => {
    const { status, body } = await call.graphql<NodesData>(refresh, { ids: Array.from({ length: 101 }, () => "I_x") });
    expect(status).toBe(200);
    expect(body.data).toBeNull();
    expect(body.errors?.[0]?.type).toBe("ARGUMENT_LIMIT");
  });
});

describe("repository", () => {
  it("reads issues by number through aliases, and hides the reason DUPLICATE from those who do not ask", async () => {
    fake.as("alice").createIssue("acme/web", { title: "one" });
    fake.as("alice").closeIssue("acme/web", 1, "duplicate");
    fake.addPullRequest("acme/web", { title: "a change" });
    const { body } = await call.graphql<RepositoryData>(
      `{ repository(owner: "acme", name: "web") { a: issue(number: 1) { stateReason } b: issue(number: 2) { id } } }`,
    );
    expect(body.data?.repository).toEqual({ a: { stateReason: "NOT_PLANNED" }, b: null });
    expect(body.errors).toMatchObject([{ type: "NOT_FOUND", path: ["repository", "b"] }]);
    const missing = await call.graphql(`{ repository(owner: "acme", name: "none") { id } }`);
    expect(missing.body).toMatchObject({ data: { repository: null }, errors: [{ type: "NOT_FOUND" }] });
  });

  it("pages through issues", async () => {
    for (const title of ["one", "two", "three"]) fake.as("alice").createIssue("acme/web", { title });
    const query = `query ($after: String) { repository(owner: "acme", name: "web") {
      issues(first: 2, after: $after, states: [OPEN], orderBy: { field: UPDATED_AT, direction: DESC }) {
        totalCount nodes { number } pageInfo { hasNextPage endCursor } } } }`;
    const first = (await call.graphql<IssuePageData>(query)).body.data?.repository.issues;
    expect(first).toMatchObject({ totalCount: 3, nodes: [{ number: 3 }, { number: 2 }] });
    const second = (await call.graphql<IssuePageData>(query, { after: first?.pageInfo.endCursor })).body.data
      ?.repository.issues;
    expect(second).toMatchObject({ nodes: [{ number: 1 }], pageInfo: { hasNextPage: false } });
  });
});

describe("refusals", () => {
  it.each([
    ["labels { nodes { name } }", "MISSING_PAGINATION_BOUNDARIES"],
    ["labels(first: 101) { nodes { name } }", "EXCESSIVE_PAGINATION"],
  ])("refuses the connection %s", async (connection, type) => {
    const { nodeId } = fake.as("alice").createIssue("acme/web", { title: "x" });
    const { body } = await call.graphql(`query ($id: ID!) { node(id: $id) { ... on Issue { ${connection} } } }`, {
      id: nodeId,
    });
    expect(body.errors?.[0]?.type).toBe(type);
  });

  it("records documents that GitHub's schema does not allow", async () => {
    const { status, body } = await call.graphql("{ viewer { login nickname } }");
    expect(status).toBe(200);
    expect(body).not.toHaveProperty("data");
    expect(fake.violations).toEqual([expect.stringMatching(/^graphql: Cannot query field "nickname" on type "User"/)]);
    expect((await call.graphql("{ viewer")).body.errors?.[0]?.message).toMatch(/Syntax Error/);
  });

  it("says so when it has no answer of its own", async () => {
    const { body } = await call.graphql("{ viewer { pronouns } }");
    expect(body.errors?.[0]?.message).toBe("The fake GitHub does not answer User.pronouns");
  });

  it("needs a token", async () => {
    expect((await call.graphql("{ viewer { login } }", {}, { token: null })).status).toBe(401);
    const token = fake.createToken({ login: "fine", permissions: { metadata: "read" } });
    const { nodeId } = fake.as("alice").createIssue("acme/web", { title: "x" });
    const { body } = await call.graphql("query ($id: ID!) { node(id: $id) { id } }", { id: nodeId }, { token });
    expect(body).toMatchObject({ data: { node: null }, errors: [{ type: "FORBIDDEN" }] });
  });

  it("reports an exceeded limit with status 200", async () => {
    fake.exhaustRateLimit("backref-bot", 120, "graphql");
    const { status, body, headers } = await call.graphql("{ viewer { login } }");
    expect(status).toBe(200);
    expect(body.errors?.[0]?.type).toBe("RATE_LIMITED");
    expect(headers.get("x-ratelimit-remaining")).toBe("0");
  });
});
