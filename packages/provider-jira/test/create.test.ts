import { ProviderError } from "@backref/core/provider";
import { describe, expect, test } from "vitest";
import { draft, setUp } from "./support.ts";

const failureOf = async (attempt: Promise<unknown>): Promise<ProviderError> =>
  attempt.then(
    () => expect.unreachable(),
    (error: unknown) => (ProviderError.isInstance(error) ? error : expect.unreachable(String(error))),
  );

describe("a new issue", () => {
  test("carries fields by Jira's ids, components by name", async () => {
    const { fake, provider, call } = await setUp();
    fake.addProject({
      key: "OPS",
      components: ["Disk"],
      fields: [
        { id: "customfield_10010", name: "Build", kind: "text", required: true, options: [], defaultValue: null },
      ],
    });
    const fields = { components: ["Disk"], customfield_10010: "1.4.2" };
    await provider.create.create(call(), { ...draft, container: "OPS", type: "Task", fields, labels: ["ui"] });
    expect(fake.issue("OPS-1")).toMatchObject({ type: "Task", labels: ["ui"], custom: { customfield_10010: "1.4.2" } });
  });

  test("that Jira refuses tells every field with Jira's own words, and the first by name", async () => {
    const { fake, provider, call } = await setUp();
    fake.setField("WEB", {
      id: "customfield_10010",
      name: "Severity",
      kind: "option",
      required: true,
      options: [],
      defaultValue: null,
    });
    const error = await failureOf(provider.create.create(call(), { ...draft, priority: "99" }));
    expect(error).toMatchObject({ failure: "permanent", status: 400, field: "priority" });
    const missing = await failureOf(provider.create.create(call(), draft));
    expect(missing.issues).toEqual([{ path: ["customfield_10010"], message: "Severity is required." }]);
    expect(missing.message).toMatch(/Give the field customfield_10010 a value/);
    expect(fake.issues("WEB")).toEqual([]);
  });

  test("takes two requests, and one more for the link back", async () => {
    const { fake, provider, call } = await setUp();
    await provider.create.create(call(), draft);
    expect(fake.requests).toHaveLength(2);
    const body =
      "<!-- backref:br-01j0 -->\n---\nLinked defect: [D\\_1](<https://tests.example.com/1>)\n<!-- /backref:br-01j0 -->";
    await provider.create.create(call(), { ...draft, body });
    expect(fake.requests).toHaveLength(5);
    const link = { globalId: `backref=${draft.token}`, object: { url: "https://tests.example.com/1", title: "D_1" } };
    expect(fake.issue("WEB-2")?.links).toMatchObject([link]);
  });

  test("is made without the permission Link Issues, with a warning", async () => {
    const { fake, provider, call } = await setUp();
    fake.changeToken(fake.token, ["BROWSE_PROJECTS", "CREATE_ISSUES"]);
    const body =
      "<!-- backref:br-01j0 -->\n---\nLinked defect: [D](<https://tests.example.com/1>)\n<!-- /backref:br-01j0 -->";
    const { warnings } = await provider.create.create(call(), { ...draft, body });
    expect(warnings).toMatchObject([{ field: "fields", message: expect.stringMatching(/description only/) }]);
  });

  test("is found by its number although the search index knows nothing of it", async () => {
    const { fake, provider, call, time } = await setUp();
    fake.as("ann").createIssue("WEB", { summary: "before" });
    await time.advance(10_000);
    const createdAfter = time.now() - 1_000;
    const probe = (await provider.create.probe?.(call(), { container: "WEB" })) ?? null;
    fake.faults.add({ kind: "lost-after", match: { method: "POST", operation: "/issue" } });
    expect((await failureOf(provider.create.create(call(), draft))).failure).toBe("ambiguous");
    const request = { container: "WEB", token: draft.token, accountId: null, createdAfter, probe };
    const found = await provider.create.findCreated(call(), request);
    expect(found.map(({ item }) => item)).toEqual(["2"]);
    const other = await provider.create.findCreated(call(), { ...request, token: "br-01j9" });
    expect(other).toEqual([]);
  });
});

describe("failures", () => {
  test("wait until the time that Jira names, in seconds or as a time", async () => {
    const { fake, provider, call } = await setUp();
    fake.faults.add({ kind: "rate-limit-primary", resetSeconds: 90 });
    expect(await failureOf(provider.connect.account(call()))).toMatchObject({ failure: "wait", retryAfterMs: 90_000 });
    fake.faults.add({ kind: "rate-limit-secondary", retryAfterSeconds: 7 });
    expect(await failureOf(provider.connect.account(call()))).toMatchObject({ failure: "wait", retryAfterMs: 7_000 });
  });

  test("a sign-in page instead of an answer is a matter of the credential", async () => {
    const { fake, provider, call } = await setUp();
    fake.faults.add({ kind: "html" });
    expect(await failureOf(provider.connect.account(call()))).toMatchObject({ failure: "auth" });
  });

  test("a credential of the other kind of Jira is told in words", async () => {
    const { provider, call } = await setUp();
    const report = await provider.connect.test(call({ auth: { type: "personal-token", token: "x" } }), {
      containers: [],
    });
    expect(report).toMatchObject({ ok: false, account: null });
  });
});

describe("reading", () => {
  test.each(["cloud", "data-center"] as const)("10,000 issues of %s takes 100 requests", async (deployment) => {
    const { fake, provider, call, time } = await setUp(deployment);
    const ann = fake.as("ann");
    const ids = Array.from({ length: 10_000 }, (_, index) => ann.createIssue("WEB", { summary: `${index}` }).id);
    // Data Center reads by search, which follows what was written.
    await time.advance(10_000);
    const mark = fake.mark();
    for (let start = 0; start < ids.length; start += 100) {
      const issues = ids
        .slice(start, start + 100)
        .map((remoteId, index) => ({ remoteId, container: "WEB", item: String(start + index + 1), raw: null }));
      const outcomes = await provider.read.issues(call(), { issues });
      expect(outcomes.every(({ kind }) => kind === "live")).toBe(true);
    }
    expect(fake.requestsSince(mark)).toHaveLength(100);
  });
});

describe("searching", () => {
  test.each(['say "hi" AND', "back\\slash\\", "OR project = API", '") OR project = "API', "ORDER BY"])(
    "%j stays inside its quotes",
    async (text) => {
      const { fake, provider, call, time } = await setUp();
      fake.as("ann").createIssue("WEB", { summary: `x ${text}` });
      fake.as("ann").createIssue("API", { summary: "secret" });
      await time.advance(10_000);
      const found = await provider.search.issues(call(), { containers: ["WEB"], text, limit: 10 });
      expect(found.map(({ container }) => container)).toEqual(["WEB"]);
    },
  );

  test("without a word finds nothing, and asks nobody", async () => {
    const { fake, provider, call } = await setUp();
    fake.as("ann").createIssue("WEB", { summary: "x *?~[]{}()!^" });
    const mark = fake.mark();
    const found = await provider.search.issues(call(), { containers: ["WEB"], text: "*?~[]{}()!^", limit: 10 });
    expect([found, fake.requestsSince(mark)]).toEqual([[], []]);
  });

  test("finds an issue by its key first", async () => {
    const { fake, provider, call } = await setUp();
    fake.as("ann").createIssue("WEB", { summary: "one" });
    const found = await provider.search.issues(call(), { containers: ["WEB"], text: "web-1", limit: 5 });
    expect(found.map(({ item }) => item)).toEqual(["1"]);
  });
});
