import type { IssueAddress } from "@backref/core/provider";
import type { FakeGitHub } from "@backref/testing/github";
import { describe, expect, test } from "vitest";
import { address, failureOf, setUp } from "./support.ts";

const { provider } = setUp();
const { read, create, update, comments, changes, labels, connect } = provider;
if (!read || !create || !update || !comments || !changes || !labels || !connect) expect.unreachable();

const unread = (container: string, item: string): IssueAddress => ({ remoteId: null, container, item, raw: null });

function withIssue(fake: FakeGitHub, title = "Title") {
  return address(fake.as("ann").createIssue("acme/web", { title }));
}

const request = (container = "acme/web") => ({
  container,
  title: "New",
  body: "Body\n\n<!-- token-1 -->",
  token: "token-1",
  labels: [],
  priority: null,
  type: null,
  assigneeIds: [],
  fields: {},
});

describe("a renamed repository", () => {
  const renamed = () => {
    const context = setUp();
    const issue = withIssue(context.fake);
    context.fake.changeRepository("acme/web", { name: "acme/site" });
    return { ...context, issue };
  };

  test("takes new issues and comments under its former name: the write is sent again where GitHub points", async () => {
    const { call, fake, issue, sent } = renamed();
    const made = await create.create(call, request());
    expect(made.issue).toMatchObject({ container: "acme/site", item: "2" });
    expect(fake.issues("acme/site")).toHaveLength(2);
    await comments.create(call, { issue, body: "Hello", token: "t" });
    expect(fake.issue("acme/site", 1)?.comments).toHaveLength(1);
    expect(sent()).toEqual([
      "POST /repos/{owner}/{repo}/issues",
      "POST /repos/{owner}/{repo}/issues",
      "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
      "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
    ]);
    expect(fake.requests.map(({ status }) => status)).toEqual([307, 201, 307, 201]);
    expect(fake.violations).toEqual([]);
  });

  test("takes changes of fields and labels, and answers with its new name", async () => {
    const { call, fake, issue } = renamed();
    const patch = { title: "Changed", labels: { add: ["bug"], remove: [] } };
    const { issue: changed, warnings } = await update.update(call, { issue, patch, ifVersion: null });
    expect(changed).toMatchObject({ container: "acme/site", title: "Changed", labels: ["bug"] });
    expect(warnings).toEqual([]);
    expect(fake.issue("acme/site", 1)?.labels).toEqual(["bug"]);
  });

  test("makes labels, and is polled, with rows that say its new name", async () => {
    const { call, fake } = renamed();
    const wanted = [{ name: "priority:high", color: "d93f0b", description: "" }];
    const made = await labels.ensure(call, { container: "acme/web", labels: wanted });
    expect(made).toEqual({ present: ["priority:high"], refused: [] });
    expect(fake.labels("acme/site")).toHaveLength(1);
    const page = await changes.list(call, { container: "acme/web", cursor: null, startAt: 0, withComments: true });
    expect(page.issues.map((row) => row.container)).toEqual(["acme/site"]);
  });

  test("a write that is lost on the second leg is in doubt all the same", async () => {
    const { call, fake } = renamed();
    fake.faults.add({ kind: "lost-after", match: { operation: /repositories/ } });
    expect(await failureOf(create.create(call, request()))).toMatchObject({ failure: "ambiguous" });
    expect(fake.issues("acme/site")).toHaveLength(2);
  });
});

describe("a repository with issues switched off", () => {
  const switchedOff = (count: number) => {
    const context = setUp();
    const issues = Array.from({ length: count }, (_, index) => withIssue(context.fake, `Issue ${index}`));
    context.fake.changeRepository("acme/web", { hasIssues: false });
    return { ...context, issues };
  };

  test("hides its issues; none of them is deleted, and it costs two requests for all of them", async () => {
    const { call, issues, sent } = switchedOff(12);
    const outcomes = await read.issues(call, { issues });
    const reason = "issues are disabled in acme/web; enable them in the repository's settings";
    expect(outcomes).toEqual(issues.map(() => ({ kind: "no-access", reason })));
    expect(sent()).toEqual([
      "POST graphql",
      "GET /repos/{owner}/{repo}/issues/{issue_number}",
      "GET /repos/{owner}/{repo}",
    ]);
  });

  test("does not answer a probe, so that nobody misses a single issue", async () => {
    const { call, fake } = switchedOff(1);
    expect(await connect.probe(call, { container: "acme/web" })).toBe(false);
    fake.changeRepository("acme/web", { hasIssues: true });
    expect(await connect.probe(call, { container: "acme/web" })).toBe(true);
    fake.changeRepository("acme/web", { archived: true });
    expect(await connect.probe(call, { container: "acme/web" })).toBe(true);
  });

  test("says so to whoever polls or writes there", async () => {
    const { call, issues } = switchedOff(1);
    const [issue] = issues;
    if (issue === undefined) expect.unreachable();
    const page = { container: "acme/web", cursor: null, startAt: 0, withComments: false };
    for (const attempt of [
      () => changes.list(call, page),
      () => update.update(call, { issue, patch: { title: "x" }, ifVersion: null }),
      () => comments.create(call, { issue, body: "x", token: "t" }),
    ]) {
      const error = await failureOf(attempt());
      expect(error).toMatchObject({ failure: "gone", status: 410 });
      expect(error.message).toContain("Enable issues in the repository's settings.");
    }
  });

  test("an older server's words for it do not matter", async () => {
    const { callWith, fake, issues } = switchedOff(2);
    const fetch: typeof fake.fetch = async (input, init) => {
      const response = await fake.fetch(input, init);
      if (response.status !== 410) return response;
      const headers = { "content-type": "application/json" };
      return new Response(JSON.stringify({ message: "Gone" }), { status: 410, headers });
    };
    const outcomes = await read.issues(callWith({ fetch }), { issues });
    expect(outcomes.map(({ kind }) => kind)).toEqual(["no-access", "no-access"]);
    fake.changeRepository("acme/web", { hasIssues: true });
    fake.as("ann").deleteIssue("acme/web", 1);
    expect((await read.issues(callWith({ fetch }), { issues })).map(({ kind }) => kind)).toEqual(["deleted", "live"]);
  });
});

describe("what nobody may write to", () => {
  test("an archived repository says so, and is still read", async () => {
    const { call, fake } = setUp();
    const issue = withIssue(fake);
    fake.changeRepository("acme/web", { archived: true });
    for (const attempt of [
      () => create.create(call, request()),
      () => update.update(call, { issue, patch: { title: "x" }, ifVersion: null }),
      () => comments.create(call, { issue, body: "x", token: "t" }),
    ]) {
      const error = await failureOf(attempt());
      expect(error).toMatchObject({ failure: "forbidden", status: 403, isRetryable: false });
      expect(error.message).toContain("Unarchive the repository, or choose another one.");
    }
    expect(await read.issues(call, { issues: [issue] })).toMatchObject([{ kind: "live" }]);
  });

  test("a locked conversation takes comments of those only who may write", async () => {
    const { call, callWith, fake } = setUp();
    const issue = withIssue(fake);
    fake.as("ann").lockIssue("acme/web", 1);
    const triager = fake.createToken({ login: "tina", access: "triage" });
    const tina = callWith({ token: triager });
    const error = await failureOf(comments.create(tina, { issue, body: "x", token: "t" }));
    expect(error).toMatchObject({ failure: "forbidden", status: 403 });
    expect(error.message).toContain(
      "The conversation is locked: unlock it, or give the token's account the role Write.",
    );
    const patch = { title: "Still changed" };
    expect(
      (await update.update(tina, { issue, patch: { state: { category: "closed" } }, ifVersion: null })).warnings,
    ).toEqual([]);
    expect((await update.update(call, { issue, patch, ifVersion: null })).issue.title).toBe("Still changed");
    expect(await comments.create(call, { issue, body: "x", token: "t" })).toMatchObject({ body: "x" });
  });
});

describe("a pull request", () => {
  test("is no issue, and the read says what it is", async () => {
    const { call, fake } = setUp();
    const pull = fake.addPullRequest("acme/web", { title: "Change" });
    const reason = "it is a pull request, not an issue";
    const asked = [unread("acme/web", String(pull.number)), address(pull)];
    expect(await read.issues(call, { issues: asked })).toEqual([
      { kind: "no-access", reason },
      { kind: "no-access", reason },
    ]);
  });

  test("and its comments are left out of polls", async () => {
    const { call, fake } = setUp();
    const pull = fake.addPullRequest("acme/web", { title: "Change" });
    fake.as("ann").comment("acme/web", pull.number, "Looks good");
    withIssue(fake);
    const page = await changes.list(call, { container: "acme/web", cursor: null, startAt: 0, withComments: true });
    expect(page.issues.map(({ item }) => item)).toEqual(["2"]);
    expect(page.comments).toEqual([]);
  });
});

describe("one lost repository of several", () => {
  test("concerns its own issues only", async () => {
    const { callWith, fake } = setUp({ repositories: ["acme/web", "acme/api"] });
    const [here, there] = ["acme/web", "acme/api"].map((name) =>
      address(fake.as("ann").createIssue(name, { title: name })),
    );
    if (here === undefined || there === undefined) expect.unreachable();
    const token = fake.createToken({ login: "bot", repositories: { "acme/web": "write" } });
    const call = callWith({ token });
    expect(await read.issues(call, { issues: [there, here] })).toMatchObject([{ kind: "no-access" }, { kind: "live" }]);
    expect(await connect.probe(call, { container: "acme/api" })).toBe(false);
    expect(await connect.probe(call, { container: "acme/web" })).toBe(true);
  });

  test("costs two requests, however many of its issues are asked for", async () => {
    const { callWith, fake, sent } = setUp({ repositories: ["acme/web", "acme/api"] });
    const issues = Array.from({ length: 7 }, () => address(fake.as("ann").createIssue("acme/api", { title: "There" })));
    const token = fake.createToken({ login: "bot", repositories: { "acme/web": "write" } });
    const outcomes = await read.issues(callWith({ token }), { issues });
    expect(outcomes).toEqual(issues.map(() => ({ kind: "no-access" })));
    expect(sent()).toEqual([
      "POST graphql",
      "GET /repos/{owner}/{repo}/issues/{issue_number}",
      "GET /repos/{owner}/{repo}",
    ]);
  });

  test("a 403 says why, such as a missing single sign-on", async () => {
    const { callWith, fake } = setUp();
    const issue = withIssue(fake);
    const fetch: typeof fake.fetch = async (input) => {
      if (String(input).endsWith("/graphql")) {
        const errors = [{ type: "NOT_FOUND", path: ["nodes", 0], message: "no" }];
        const headers = { "content-type": "application/json" };
        return new Response(JSON.stringify({ data: { nodes: [null] }, errors }), { headers });
      }
      return new Response(JSON.stringify({ message: "Resource protected by organization SAML enforcement." }), {
        status: 403,
        headers: { "content-type": "application/json", "x-github-sso": "required" },
      });
    };
    const [outcome] = await read.issues(callWith({ fetch }), { issues: [issue] });
    expect(outcome).toMatchObject({ kind: "no-access", reason: expect.stringContaining("single sign-on") });
  });
});
