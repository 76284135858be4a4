import { describe, expect, test } from "vitest";
import { address, answering, failureOf, setUp } from "./support.ts";

const { provider } = setUp();
const read = provider.read ?? expect.unreachable();

function withIssues(count: number) {
  const context = setUp();
  context.fake.addUser("ann");
  const issues = Array.from({ length: count }, (_, index) =>
    context.fake.as("ann").createIssue("acme/web", {
      title: `Issue ${index + 1}`,
      body: "Body\r\nwith lines",
      labels: ["zeta", "alpha"],
      assignees: ["ann"],
    }),
  );
  return { ...context, issues };
}

describe("read.issues", () => {
  test("a hundred issues cost one request", async () => {
    const { call, issues, sent, fake } = withIssues(100);
    const outcomes = await read.issues(call, { issues: issues.map(address) });
    expect(outcomes.map((outcome) => outcome.kind === "live" && outcome.issue.item)).toEqual(
      issues.map((issue) => String(issue.number)),
    );
    expect(sent()).toEqual(["POST graphql"]);
    expect(fake.violations).toEqual([]);
  });

  test("issues known by number only stand in the same request", async () => {
    const { call, issues, sent, fake } = withIssues(3);
    fake.addRepository("acme/api");
    const other = fake.as("ann").createIssue("acme/api", { title: "Elsewhere" });
    const addresses = [...issues, other].map(address);
    const unread = addresses.map((entry, index) => (index % 2 === 0 ? entry : { ...entry, remoteId: null }));
    const outcomes = await read.issues(call, { issues: unread });
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(["live", "live", "live", "live"]);
    expect(outcomes[3]).toMatchObject({ issue: { container: "acme/api", title: "Elsewhere" } });
    expect(sent()).toEqual(["POST graphql"]);
    expect(fake.violations).toEqual([]);
  });

  test("the snapshot is the same by GraphQL and by REST", async () => {
    const { call, issues, fake } = withIssues(1);
    fake.as("ann").comment("acme/web", 1, "Hello");
    fake.as("ann").closeIssue("acme/web", 1, "duplicate");
    const [outcome] = await read.issues(call, { issues: issues.map(address) });
    const page = await provider.changes?.list(call, {
      container: "acme/web",
      cursor: null,
      startAt: 0,
      withComments: false,
    });
    const [issue] = fake.issues("acme/web");
    expect(outcome).toEqual({ kind: "live", issue: page?.issues[0] });
    expect(outcome).toEqual({
      kind: "live",
      issue: {
        remoteId: issue?.nodeId,
        container: "acme/web",
        item: "1",
        title: "Issue 1",
        body: "Body\r\nwith lines",
        state: { id: "closed", name: "Closed", category: "closed", reason: "duplicate" },
        priority: null,
        labels: ["alpha", "zeta"],
        type: null,
        assignees: [expect.objectContaining({ login: "ann" })],
        author: expect.objectContaining({ login: "ann" }),
        createdAt: issue?.createdAt,
        updatedAt: issue?.updatedAt,
        version: issue?.updatedAt,
        commentCount: 1,
        raw: null,
      },
    });
  });

  test("deleted, transferred, hidden and unknown are told apart", async () => {
    const { call, issues, fake, sent } = withIssues(4);
    fake.addRepository("acme/api");
    fake.as("ann").deleteIssue("acme/web", 1);
    const moved = fake.transferIssue("acme/web", 2, "acme/api");
    const pull = fake.addPullRequest("acme/web", { title: "Change" });
    const unknown = { remoteId: null, container: "acme/web", item: "99", raw: null };
    const nonsense = { remoteId: "I_nonsense", container: "acme/web", item: "98", raw: null };
    const addresses = [...issues.map(address), address(pull), unknown, nonsense];
    const outcomes = await read.issues(call, { issues: addresses });
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      "deleted",
      "moved",
      "live",
      "live",
      "no-access",
      "no-access",
      "no-access",
    ]);
    expect(outcomes[1]).toEqual({ kind: "moved", to: address(moved) });
    expect(sent()[0]).toBe("POST graphql");
  });

  test("an issue of a renamed repository has moved; of one written in another case it has not", async () => {
    const { call, issues, fake } = withIssues(1);
    const [typed] = issues.map(address);
    if (typed === undefined) expect.unreachable();
    expect(await read.issues(call, { issues: [{ ...typed, container: "ACME/Web" }] })).toMatchObject([
      { kind: "live", issue: { container: "acme/web" } },
    ]);
    fake.changeRepository("acme/web", { name: "acme/site" });
    const outcomes = await read.issues(call, { issues: [typed, { ...typed, remoteId: null }] });
    const to = { ...typed, container: "acme/site" };
    expect(outcomes).toEqual([
      { kind: "moved", to },
      { kind: "moved", to },
    ]);
  });

  test("a repository out of reach costs two requests more, not one per issue", async () => {
    const { callWith, issues, fake, sent } = withIssues(20);
    const token = fake.createToken({ login: "stranger", access: "none" });
    const outcomes = await read.issues(callWith({ token }), { issues: issues.map(address) });
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["no-access"]));
    expect(sent()).toEqual([
      "POST graphql",
      "GET /repos/{owner}/{repo}/issues/{issue_number}",
      "GET /repos/{owner}/{repo}",
    ]);
  });

  test("many deleted issues are all told as deleted", async () => {
    const { call, issues, fake } = withIssues(23);
    for (const { number } of issues.slice(0, 22)) fake.as("ann").deleteIssue("acme/web", number);
    const outcomes = await read.issues(call, { issues: issues.map(address) });
    expect(outcomes.map(({ kind }) => kind)).toEqual([...Array.from({ length: 22 }, () => "deleted"), "live"]);
  });

  test("nothing asked, nothing sent", async () => {
    const { call, sent } = setUp();
    expect(await read.issues(call, { issues: [] })).toEqual([]);
    expect(sent()).toEqual([]);
  });

  test("a rate limit inside a 200 is a wait until the reset", async () => {
    const { call, issues, fake } = withIssues(1);
    fake.exhaustRateLimit("backref-bot", 300, "graphql");
    const error = await failureOf(read.issues(call, { issues: issues.map(address) }));
    expect(error).toMatchObject({ failure: "wait", code: "tracker-rate-limited", retryAfterMs: 300_000 });
  });

  test.each([
    { type: "RATE_LIMITED", message: "API rate limit exceeded for user ID 1." },
    { type: "RATE_LIMIT", code: "graphql_rate_limit", message: "API rate limit already exceeded for user ID 1." },
    { type: "RATE_LIMIT", message: "Slow down." },
    { message: "API rate limit already exceeded for installation ID 1." },
  ])("a rate limit in any words that GitHub has for it: %j", async (problem) => {
    const { callWith, issues } = withIssues(1);
    const headers = { "x-ratelimit-remaining": "4000" };
    const call = callWith({ fetch: answering({ errors: [problem] }, { headers }) });
    const error = await failureOf(read.issues(call, { issues: issues.map(address) }));
    expect(error).toMatchObject({ failure: "wait", retryAfterMs: 60_000 });
  });

  test("a number that no issue can have is not asked for with the others", async () => {
    const { call, issues } = withIssues(1);
    const mistyped = { remoteId: null, container: "acme/web", item: "2147483648", raw: null };
    const outcomes = await read.issues(call, { issues: [mistyped, ...issues.map(address)] });
    expect(outcomes.map(({ kind }) => kind)).toEqual(["no-access", "live"]);
  });

  test("works over a real port", async () => {
    const { callWith, issues, fake } = withIssues(2);
    const listening = await fake.listen();
    try {
      const call = callWith({ baseUrl: listening.url, fetch: (input, init) => fetch(input, init) });
      const outcomes = await read.issues(call, { issues: issues.map(address) });
      expect(outcomes.map(({ kind }) => kind)).toEqual(["live", "live"]);
    } finally {
      await listening.close();
    }
  });
});
