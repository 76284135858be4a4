import { beforeEach, describe, expect, it } from "vitest";
import { createFakeGitHub, type FakeGitHub } from "../../src/github/index.ts";
import type { ErrorBody, LabelBody, RateLimitBody, RepositoryBody, UserBody } from "./bodies.ts";
import { type Client, createClient } from "./client.ts";

let fake: FakeGitHub;
let call: Client;

beforeEach(() => {
  fake = createFakeGitHub({ repositories: ["acme/web", { name: "acme/open", private: false }] });
  call = createClient(fake);
});

describe("who asks", () => {
  it("tells the token's account and scopes", async () => {
    const { body, headers } = await call<UserBody>("GET", "/user");
    expect(body.login).toBe("backref-bot");
    expect(headers.get("x-oauth-scopes")).toBe("repo");
    expect(headers.get("x-accepted-oauth-scopes")).toBe("repo");
    expect(headers.get("x-github-request-id")).toBeTruthy();
    const full = fake.createToken({ login: "carol", scopes: ["repo", "user"] });
    expect((await call<UserBody>("GET", "/user", undefined, { token: full })).body.two_factor_authentication).toBe(
      true,
    );
  });

  it("refuses unknown and revoked tokens, and nobody at all", async () => {
    expect((await call<ErrorBody>("GET", "/user", undefined, { token: "ghp_nope" })).body.message).toBe(
      "Bad credentials",
    );
    expect((await call("GET", "/user", undefined, { token: null })).status).toBe(401);
    fake.revokeToken(fake.token);
    expect((await call("GET", "/user")).status).toBe(401);
  });

  it("wants a User-Agent and a version it knows", async () => {
    expect((await call("GET", "/user", undefined, { headers: { "user-agent": "" } })).status).toBe(403);
    const version = (value: string) => ({ headers: { "x-github-api-version": value } });
    expect((await call("GET", "/user", undefined, version("2020-01-01"))).status).toBe(400);
    expect((await call("GET", "/user", undefined, version("2026-03-10"))).status).toBe(200);
  });

  it("has no singular assignee from 2026-03-10 on", async () => {
    const options = { headers: { "x-github-api-version": "2026-03-10" } };
    const { body } = await call("POST", "/repos/acme/web/issues", { title: "x" }, options);
    expect(body).not.toHaveProperty("assignee");
    const refused = await call("POST", "/repos/acme/web/issues", { title: "x", assignee: "backref-bot" }, options);
    expect(refused.status).toBe(422);
    expect((await call("GET", "/rate_limit", undefined, options)).body).not.toHaveProperty("rate");
    expect((await call<RateLimitBody>("GET", "/rate_limit")).body.rate?.limit).toBe(5000);
  });
});

describe("what a repository allows", () => {
  it("tells the caller's permissions", async () => {
    const { body } = await call("GET", "/repos/acme/web");
    expect(body).toMatchObject({ has_issues: true, private: true, permissions: { admin: true, push: true } });
    const token = fake.createToken({ login: "triager", repositories: { "acme/web": "triage" } });
    const narrow = await call<RepositoryBody>("GET", "/repos/acme/web", undefined, { token });
    expect(narrow.body.permissions).toMatchObject({ push: false, triage: true, pull: true });
  });

  it("hides private repositories from tokens without access or scope", async () => {
    const without = fake.createToken({ login: "dave", repositories: {} });
    const unscoped = fake.createToken({ login: "erin", scopes: ["public_repo"] });
    for (const token of [without, unscoped, null])
      expect((await call("GET", "/repos/acme/web", undefined, { token })).status).toBe(404);
    expect((await call("GET", "/repos/acme/open", undefined, { token: without })).status).toBe(200);
    expect((await call("GET", "/repos/acme/open/issues", undefined, { token: null })).status).toBe(200);
    expect((await call("POST", "/repos/acme/open/issues", { title: "x" }, { token: unscoped })).status).toBe(201);
    expect((await call("POST", "/repos/acme/open/issues", { title: "x" }, { token: null })).status).toBe(401);
  });

  it("tells a fine-grained token what it would take", async () => {
    const token = fake.createToken({ login: "fine", permissions: { issues: "read" } });
    const refused = await call<ErrorBody>("POST", "/repos/acme/web/issues", { title: "x" }, { token });
    expect(refused.status).toBe(403);
    expect(refused.body.message).toBe("Resource not accessible by personal access token");
    expect(refused.headers.get("x-accepted-github-permissions")).toBe("issues=write");
    expect(refused.headers.get("x-oauth-scopes")).toBeNull();
    fake.changeToken(token, { permissions: { issues: "write" } });
    expect((await call("POST", "/repos/acme/web/issues", { title: "x" }, { token })).status).toBe(201);
    expect((await call("GET", "/repos/acme/web/hooks", undefined, { token })).status).toBe(403);
  });

  it("tells who can be assigned", async () => {
    fake.addUser("alice", ["acme/web"]);
    expect((await call("GET", "/repos/acme/web/assignees/alice")).status).toBe(204);
    expect((await call("GET", "/repos/acme/web/assignees/nobody")).status).toBe(404);
    const { body } = await call<UserBody[]>("GET", "/repos/acme/web/assignees");
    expect(body.map((user) => user.login)).toEqual(["alice", "backref-bot"]);
  });

  it("tells of other accounts by login and by id", async () => {
    fake.addUser("alice");
    const { body } = await call<UserBody>("GET", "/users/Alice");
    expect(body.login).toBe("alice");
    expect((await call<UserBody>("GET", `/user/${body.id}`)).body.login).toBe("alice");
    expect((await call("GET", "/user/1")).status).toBe(404);
  });
});

describe("labels", () => {
  it("creates, reads and lists them, unique whatever the case", async () => {
    const made = await call("POST", "/repos/acme/web/labels", { name: "Bug", color: "FF0000", description: "broken" });
    expect(made.status).toBe(201);
    expect((await call<LabelBody>("GET", "/repos/acme/web/labels/bug")).body.name).toBe("Bug");
    expect((await call("GET", "/repos/acme/web/labels/none")).status).toBe(404);
    const twice = await call<ErrorBody>("POST", "/repos/acme/web/labels", { name: "BUG" });
    expect(twice.body.errors).toEqual([{ resource: "Label", code: "already_exists", field: "name" }]);
    expect((await call("GET", "/repos/acme/web/labels")).body).toHaveLength(1);
    const reader = fake.createToken({ login: "reader", repositories: { "acme/web": "read" } });
    expect((await call("POST", "/repos/acme/web/labels", { name: "x" }, { token: reader })).status).toBe(404);
  });
});

describe("the contract", () => {
  it("records requests that GitHub's contract does not allow", async () => {
    const wrong = { title: "x", bodyy: "y", state: "closed" };
    const refused = await call<ErrorBody>("POST", "/repos/acme/web/issues", wrong);
    expect(refused.status).toBe(422);
    expect(refused.body.message).toMatch(/^contract violation: /);
    await call("GET", "/repos/acme/web/issues?state=any&order=asc");
    await call("GET", "/repos/acme/web/issues?since=yesterday");
    await call("PATCH", "/repos/acme/web/issues/1", { state_reason: "wontfix", labels: [{ nam: "a" }] });
    expect(fake.violations).toEqual([
      "POST /repos/{owner}/{repo}/issues: body/bodyy is not declared",
      "POST /repos/{owner}/{repo}/issues: body/state is not declared",
      expect.stringContaining("query/state must be equal to one of the allowed values (open,closed,all)"),
      "GET /repos/{owner}/{repo}/issues: query/order is not declared",
      expect.stringContaining('query/since must match format "date-time"'),
      expect.stringContaining("body/state_reason must be equal to one of the allowed values"),
      "PATCH /repos/{owner}/{repo}/issues/{issue_number}: body/labels/0/nam is not declared",
    ]);
  });

  it("can be switched off", async () => {
    fake = createFakeGitHub({ repositories: ["acme/web"], checkContract: false });
    call = createClient(fake);
    expect((await call("POST", "/repos/acme/web/issues", { title: "x", bodyy: "y" })).status).toBe(201);
    expect(fake.violations).toEqual([]);
  });
});
