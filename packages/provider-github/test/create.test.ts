import type { CreateIssueRequest, FetchFunction } from "@backref/core/provider";
import { describe, expect, test } from "vitest";
import { answering, failureOf, setUp } from "./support.ts";

const { provider } = setUp();
const group = provider.create ?? expect.unreachable();

const token = "backref:0193-token";
const request: CreateIssueRequest = {
  container: "acme/web",
  title: "Login fails",
  body: `It fails.\n\n<!-- ${token} -->`,
  token,
  labels: [],
  priority: null,
  type: null,
  assigneeIds: [],
  fields: {},
};

describe("create", () => {
  test("costs one request, and its answer is the snapshot", async () => {
    const { call, fake, sent } = setUp();
    fake.addUser("ann");
    fake.addLabel("acme/web", { name: "priority:high" });
    const result = await group.create(call, {
      ...request,
      labels: ["priority:high"],
      fields: { assignees: ["ann"] },
    });
    expect(result.warnings).toEqual([]);
    expect(result.issue).toMatchObject({
      container: "acme/web",
      item: "1",
      title: "Login fails",
      body: request.body,
      state: { id: "open", category: "open", reason: null },
      labels: ["priority:high"],
      assignees: [{ login: "ann" }],
      author: { login: "backref-bot" },
      commentCount: 0,
    });
    expect(result.issue.remoteId).toBe(fake.issue("acme/web", 1)?.nodeId);
    expect(sent()).toEqual(["POST /repos/{owner}/{repo}/issues"]);
    expect(fake.violations).toEqual([]);
  });

  test("what GitHub drops silently is a warning in words", async () => {
    const { fake, callWith } = setUp();
    const reader = fake.createToken({ login: "reader", access: "read" });
    const sent = { ...request, labels: ["priority:high"], fields: { assignees: ["reader"] } };
    const { issue, warnings } = await group.create(callWith({ token: reader }), sent);
    expect(issue).toMatchObject({ labels: [], assignees: [] });
    expect(warnings).toEqual([
      {
        field: "labels",
        message: expect.stringContaining('"priority:high": the token has no push access to acme/web'),
      },
      { field: "assignees", message: expect.stringContaining('"reader"') },
    ]);
  });

  test.each([{ assignees: "ann" }, { milestone: "three" }, { type: 3 }, { "field:7": true }])(
    "defaults of a wrong shape: %j",
    async (fields) => {
      const { call, sent } = setUp();
      expect(await failureOf(group.create(call, { ...request, fields }))).toMatchObject({ failure: "permanent" });
      expect(sent()).toEqual([]);
    },
  );

  test("assignees are looked up by id, since GitHub assigns by login", async () => {
    const { callWith } = setUp();
    const urls: string[] = [];
    const call = callWith({
      fetch: async (input, init) => {
        urls.push(`${init?.method} ${input} ${init?.body ?? ""}`);
        return answering({ id: 7, login: "ann" })(input, init);
      },
    });
    await failureOf(group.create(call, { ...request, assigneeIds: ["7"] }));
    expect(urls[0]).toBe("GET https://api.github.com/user/7 ");
    expect(urls[1]).toContain('"assignees":["ann"]');
    // Whoever is named by the form as well is sent once.
    await failureOf(group.create(call, { ...request, assigneeIds: ["7"], fields: { assignees: ["Ann"] } }));
    expect(urls.at(-1)).toContain('"assignees":["ann"]');
  });

  test.each([
    ["issues disabled", { name: "acme/off", hasIssues: false }, "permanent", 410, /disabled in acme\/off: enable them/],
    ["no such repository", null, "gone", 404, /acme\/off was not found, or the token cannot see it/],
  ])("%s", async (_, repository, failure, status, message) => {
    const { fake, call } = setUp();
    if (repository !== null) fake.addRepository(repository);
    const error = await failureOf(group.create(call, { ...request, container: "acme/off" }));
    expect(error).toMatchObject({ failure, status, operation: "issue.create" });
    expect(error.message).toMatch(message);
  });

  test("a fine-grained token learns which permission it lacks", async () => {
    const { fake, callWith } = setUp();
    const readOnly = fake.createToken({ login: "bot", permissions: { issues: "read", metadata: "read" } });
    const error = await failureOf(group.create(callWith({ token: readOnly }), request));
    expect(error).toMatchObject({ failure: "forbidden", code: "tracker-forbidden" });
    expect(error.message).toContain("enough would be: issues=write");
  });

  test("a validation error names the field", async () => {
    const { call } = setUp();
    const error = await failureOf(group.create(call, { ...request, title: "x".repeat(300) }));
    expect(error).toMatchObject({ failure: "permanent", code: "tracker-rejected", status: 422, field: "title" });
  });

  test.each([
    ["refuse", "retry"],
    ["lost-before", "ambiguous"],
    ["lost-after", "ambiguous"],
    ["html", "ambiguous"],
  ] as const)("a connection that fails by %s: %s, and one request at most", async (kind, failure) => {
    const { fake, call } = setUp();
    fake.faults.add({ kind });
    const mark = fake.mark();
    expect(await failureOf(group.create(call, request))).toMatchObject({ failure });
    expect(fake.requestsSince(mark)).toHaveLength(1);
  });

  test.each([500, 502, 503, 504])("a %i after the work was done is ambiguous", async (status) => {
    const { fake, call } = setUp();
    fake.faults.add({ kind: "status-after", status });
    expect(await failureOf(group.create(call, request))).toMatchObject({ failure: "ambiguous", status });
    expect(fake.issues("acme/web")).toHaveLength(1);
  });

  test("a timeout is ambiguous", async () => {
    const { fake, call, time } = setUp();
    fake.faults.add({ kind: "delay", ms: 60_000 });
    const failure = failureOf(group.create(call, request));
    // Octokit is loaded on first use, which takes real time.
    while (time.sleeping < 2) await new Promise((resolve) => setImmediate(resolve));
    await time.advance(31_000);
    expect(await failure).toMatchObject({ failure: "ambiguous", code: "tracker-ambiguous" });
  });

  test("a redirect to another origin is gone; the token goes nowhere else", async () => {
    const { callWith } = setUp();
    const urls: string[] = [];
    const fetch: FetchFunction = async (input) => {
      urls.push(String(input));
      return new Response("{}", { status: 307, headers: { location: "https://evil.example/repositories/1/issues" } });
    };
    const error = await failureOf(group.create(callWith({ fetch }), request));
    expect(error).toMatchObject({ failure: "gone", status: 307 });
    expect(error.message).toContain("use the new name");
    expect(urls).toEqual(["https://api.github.com/repos/acme/web/issues"]);
  });
});

describe("findCreated", () => {
  const find = { container: "acme/web", token, accountId: null, createdAfter: 0, probe: null };

  test("finds own issues with the token, oldest first, in one request", async () => {
    const { call, fake, sent, time } = setUp();
    fake.as("backref-bot").createIssue("acme/web", { title: "Other", body: "no token" });
    const first = await group.create(call, request);
    await time.advance(2000);
    const second = await group.create(call, request);
    fake.as("ann").createIssue("acme/web", { title: "Copy", body: request.body });
    fake.as("backref-bot").closeIssue("acme/web", Number(first.issue.item));
    const accountId = first.issue.author?.id ?? "";
    const mark = fake.mark();
    const found = await group.findCreated(call, { ...find, accountId });
    expect(found.map((issue) => issue.item)).toEqual([first.issue.item, second.issue.item]);
    expect(found[1]).toEqual(second.issue);
    expect(sent(mark)).toEqual(["GET /repos/{owner}/{repo}/issues"]);
    expect(fake.violations).toEqual([]);
  });

  test("issues created before are copies or strangers", async () => {
    const { call, time } = setUp();
    const { issue } = await group.create(call, request);
    expect(await group.findCreated(call, { ...find, createdAfter: issue.createdAt })).toHaveLength(1);
    expect(await group.findCreated(call, { ...find, createdAfter: issue.createdAt + 999 })).toHaveLength(1);
    await time.advance(5000);
    expect(await group.findCreated(call, { ...find, createdAfter: issue.createdAt + 1000 })).toEqual([]);
  });

  test("an issue that was transferred before anybody looked is found where it is now, once absence is at stake", async () => {
    const { call, fake, sent } = setUp({ repositories: ["acme/web", "acme/api"] });
    fake.as("ann").createIssue("acme/web", { title: "Before" });
    fake.faults.add({ kind: "lost-after", match: { method: "POST" } });
    await failureOf(group.create(call, request));
    fake.transferIssue("acme/web", 2, "acme/api");
    expect(await group.findCreated(call, find)).toEqual([]);
    const mark = fake.mark();
    const found = await group.findCreated(call, { ...find, thorough: true });
    expect(found).toMatchObject([{ container: "acme/api", item: "1", body: request.body }]);
    expect(sent(mark)[0]).toBe("GET /repos/{owner}/{repo}/issues");
    fake.as("ann").createIssue("acme/web", { title: "After" });
    fake.addPullRequest("acme/web", { title: "And more" });
    expect(await group.findCreated(call, { ...find, thorough: true })).toHaveLength(1);
    expect(await group.findCreated(call, { ...find, thorough: true, accountId: "1" })).toEqual([]);
  });

  test("an issue that was transferred is found also where others have taken the numbers behind it", async () => {
    const { call, fake, time } = setUp({ repositories: ["acme/web", "acme/api"] });
    fake.as("ann").createIssue("acme/web", { title: "Before" });
    await time.advance(60_000);
    const createdAfter = time.now();
    fake.faults.add({ kind: "lost-after", match: { method: "POST" } });
    await failureOf(group.create(call, request));
    fake.transferIssue("acme/web", 2, "acme/api");
    fake.as("ann").createIssue("acme/web", { title: "After" });
    const found = await group.findCreated(call, { ...find, createdAfter, thorough: true });
    expect(found).toMatchObject([{ container: "acme/api", item: "1", body: request.body }]);
  });

  test("a look that has to be sure finds nothing where there is nothing, in few requests", async () => {
    const { call, fake, time } = setUp();
    expect(await group.findCreated(call, { ...find, thorough: true })).toEqual([]);
    for (let index = 0; index < 60; index += 1) fake.as("ann").createIssue("acme/web", { title: "Other" });
    for (let number = 2; number < 60; number += 1) fake.as("ann").deleteIssue("acme/web", number);
    await time.advance(5_000);
    const createdAfter = time.now() - 60_000;
    const mark = fake.mark();
    expect(await group.findCreated(call, { ...find, createdAfter, thorough: true })).toEqual([]);
    expect(fake.requestsSince(mark).length).toBeLessThan(26);
    await time.advance(120_000);
    const later = fake.mark();
    expect(await group.findCreated(call, { ...find, createdAfter: time.now() - 1_000, thorough: true })).toEqual([]);
    expect(fake.requestsSince(later)).toHaveLength(5);
    expect(fake.violations).toEqual([]);
  });

  test("pages until it is older than the intent, and no further", async () => {
    const { call, fake, time } = setUp();
    const old = () => fake.as("backref-bot").createIssue("acme/web", { title: "Old" });
    for (let index = 0; index < 150; index += 1) old();
    await time.advance(10_000);
    const { issue } = await group.create(call, request);
    for (let index = 0; index < 120; index += 1) fake.addPullRequest("acme/web", { title: "Change" });
    // All of the old ones were touched since, so that `since` does not leave them out.
    for (const { number } of fake.issues("acme/web").slice(0, 150)) {
      fake.as("backref-bot").editIssue("acme/web", number, { title: "Touched" });
    }
    const mark = fake.mark();
    const found = await group.findCreated(call, { ...find, createdAfter: issue.createdAt });
    expect(found.map(({ item }) => item)).toEqual([issue.item]);
    expect(fake.requestsSince(mark)).toHaveLength(2);
  });
});
