import { ProviderError } from "@backref/core/provider";
import { describe, expect, test } from "vitest";
import { address, answering, failureOf, setUp } from "./support.ts";

const { provider } = setUp();
const connect = provider.connect ?? expect.unreachable();

const failWith = (status: number, headers: Record<string, string> = {}, body: unknown = { message: "Told" }) => {
  const { callWith } = setUp();
  return failureOf(connect.account(callWith({ fetch: answering(body, { status, headers }) })));
};

describe("rate limits", () => {
  // The virtual clock stands at 09:00:00; GitHub's own clock is ten minutes ahead.
  const date = "Sat, 21 Nov 2026 09:10:00 GMT";
  const reset = String(Date.UTC(2026, 10, 21, 9, 12) / 1000);

  test.each([403, 429])("a used-up window, told by %i: until its reset by GitHub's clock", async (status) => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset, date };
    const error = await failWith(status, headers);
    expect(error).toMatchObject({ failure: "wait", code: "tracker-rate-limited", retryAfterMs: 120_000, status });
    expect(error.isRetryable).toBe(true);
  });

  test("without a date, by the clock here", async () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
    expect(await failWith(403, headers)).toMatchObject({ failure: "wait", retryAfterMs: 720_000 });
  });

  test("a secondary limit: as long as it says, else a minute", async () => {
    const body = { message: "You have exceeded a secondary rate limit." };
    const headers = { "retry-after": "17", "x-ratelimit-remaining": "4000" };
    expect(await failWith(403, headers, body)).toMatchObject({ failure: "wait", retryAfterMs: 17_000 });
    expect(await failWith(403, {}, body)).toMatchObject({ failure: "wait", retryAfterMs: 60_000 });
    expect(await failWith(429)).toMatchObject({ failure: "wait", retryAfterMs: 60_000 });
  });

  test("a primary limit without its headers: a minute, and no missing permission", async () => {
    const body = { message: "API rate limit exceeded for user ID 1." };
    expect(await failWith(403, {}, body)).toMatchObject({ failure: "wait", retryAfterMs: 60_000 });
  });

  test("a window that was reset meanwhile: at once, but not in a loop", async () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" };
    expect(await failWith(403, headers)).toMatchObject({ failure: "wait", retryAfterMs: 1000 });
  });

  test.each([
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999999" },
    { "retry-after": "99999999999999999999" },
    { "retry-after": "Sat, 21 Nov 2099 09:10:00 GMT" },
  ])("a time that is no limit's, such as by a wrong clock: an hour at most, %j", async (headers) => {
    expect(await failWith(403, headers)).toMatchObject({ failure: "wait", retryAfterMs: 3_600_000 });
  });

  test("a create that hits a limit was not applied", async () => {
    const { call, fake } = setUp();
    fake.faults.add({ kind: "rate-limit-secondary", retryAfterSeconds: 5 });
    const issue = address(fake.as("ann").createIssue("acme/web", { title: "Title" }));
    const creating = provider.comments?.create(call, { issue, body: "Hello", token: "t" }) ?? expect.unreachable();
    expect(await failureOf(creating)).toMatchObject({ failure: "wait", retryAfterMs: 5000 });
    fake.exhaustRateLimit("backref-bot", 90);
    expect(await failureOf(connect.account(call))).toMatchObject({ failure: "wait", retryAfterMs: 90_000 });
  });
});

describe("answers that help nobody", () => {
  test.each([
    [401, "auth"],
    [404, "gone"],
    [422, "permanent"],
    [500, "retry"],
  ])("%i is %s", async (status, failure) => {
    const error = await failWith(status, { "x-github-request-id": "A:1" });
    expect(error).toMatchObject({ failure, status, data: { requestId: "A:1" } });
    expect(error.message).toContain("(Told)");
  });

  test("single sign-on, with the page where it is given", async () => {
    const page = "https://github.com/orgs/acme/sso?authorization_request=A1";
    const error = await failWith(403, { "x-github-sso": `required; url=${page}` });
    expect(error.failure).toBe("forbidden");
    expect(error.message).toContain(`single sign-on: authorize the token for it at ${page} (good for an hour).`);
  });

  test.each([
    "required; url=https://github.com.example/orgs/acme/sso",
    "required; url=https://ann@github.com/orgs/acme/sso",
    "required; url=javascript:alert(1)",
    "required",
  ])("single sign-on sends nobody to another place: %s", async (header) => {
    const { message } = await failWith(403, { "x-github-sso": header });
    expect(message).toMatch(/single sign-on: authorize the token for it in the settings of your tokens\.$/);
  });

  test.each([
    ["Resource protected by organization SAML enforcement. You must grant your token access.", "for single sign-on"],
    ["Although you appear to be right, the `acme` organization has an IP allow list enabled.", "to its IP allow list"],
  ])("what an organization keeps out is told by GitHub's words alone: %s", async (message, advice) => {
    const error = await failWith(403, {}, { message });
    expect(error.failure).toBe("forbidden");
    expect(error.message).toContain(advice);
    expect(error.message).not.toContain("The token is good");
  });

  test("organizations left out of a list are no demand for single sign-on", async () => {
    const headers = { "x-github-sso": "partial-results; organizations=21955855,20582480" };
    expect((await failWith(403, headers)).message).not.toContain("single sign-on");
    const { callWith } = setUp();
    const fetch = answering({ id: 1, login: "bot" }, { headers });
    expect(await connect.account(callWith({ fetch }))).toMatchObject({ id: "1", login: "bot" });
  });

  test("JSON of another API", async () => {
    expect(await failWith(200, {}, { hello: "world" })).toMatchObject({
      failure: "permanent",
      code: "tracker-unexpected",
    });
  });

  test("torn JSON may be whole next time", async () => {
    expect(await failWith(200, {}, '{"id":1,"log')).toMatchObject({ failure: "retry", code: "tracker-unexpected" });
  });

  test("a sign-in page", async () => {
    const error = await failWith(200, { "content-type": "text/html" }, "<html>");
    expect(error).toMatchObject({ failure: "auth", code: "tracker-unexpected" });
  });

  test("an answer without end", async () => {
    const { callWith } = setUp();
    const fetch = answering({ id: 1, login: "x".repeat(20 * 1024 * 1024) });
    expect(await failureOf(connect.account(callWith({ fetch })))).toMatchObject({ code: "tracker-unexpected" });
  });
});

describe("the way out", () => {
  test("what the guarded fetch has classified is thrown on as it is", async () => {
    const { callWith } = setUp();
    const late = new ProviderError({ failure: "retry", providerId: "github", operation: "send", message: "too late" });
    const refusing = callWith({ fetch: () => Promise.reject(late) });
    await expect(connect.account(refusing)).rejects.toBe(late);
  });

  test("headers: token, pinned version, user agent", async () => {
    const { callWith } = setUp();
    let headers = new Headers();
    const call = callWith({
      token: "ghp_1",
      fetch: (input, init) => {
        headers = new Headers(init?.headers);
        return answering({ id: 1, login: "bot" })(input, init);
      },
    });
    await connect.account(call);
    expect(headers.get("authorization")).toMatch(/^(bearer|token) ghp_1$/i);
    expect(headers.get("x-github-api-version")).toBe("2022-11-28");
    expect(headers.get("accept")).toBe("application/vnd.github+json");
    expect(headers.get("user-agent")).toMatch(/^backref octokit-core/);
  });

  test("enterprise servers: REST below /api/v3, GraphQL beside it", async () => {
    const { callWith, fake } = setUp();
    const issue = fake.as("ann").createIssue("acme/web", { title: "Title" });
    const urls: string[] = [];
    const call = callWith({
      baseUrl: "https://git.example.com/api/v3",
      fetch: (input, init) => {
        urls.push(String(input));
        return fake.fetch(input, init);
      },
    });
    await connect.account(call);
    const outcomes = await provider.read?.issues(call, { issues: [address(issue)] });
    expect(outcomes).toMatchObject([{ kind: "live", issue: { container: "acme/web" } }]);
    expect(urls).toEqual(["https://git.example.com/api/v3/user", "https://git.example.com/api/graphql"]);
  });

  test("an aborted call sends nothing", async () => {
    const { callWith, fake } = setUp();
    const abort = new AbortController();
    abort.abort();
    expect(await failureOf(connect.account(callWith({ signal: abort.signal })))).toMatchObject({ failure: "retry" });
    expect(fake.requestCount()).toBe(0);
  });

  test("a next link on another origin does not lead the token there", async () => {
    const { callWith } = setUp();
    const urls: string[] = [];
    const call = callWith({
      fetch: async (input, init) => {
        urls.push(String(input));
        const link = urls.length === 1 ? '<https://evil.example/x?page=2>; rel="next"' : "";
        return answering([], { headers: { link } })(input, init);
      },
    });
    const issue = { remoteId: null, container: "acme/web", item: "1", raw: null };
    await provider.comments?.list(call, { issue });
    expect(urls.map((url) => new URL(url).origin)).toEqual(["https://api.github.com", "https://api.github.com"]);
  });
});

test("the newer API version gives the same snapshots", async () => {
  const { callWith, fake } = setUp();
  fake.addUser("ann");
  fake.as("ann").createIssue("acme/web", { title: "Title", assignees: ["ann"] });
  const list = (version: string) =>
    provider.changes?.list(
      callWith({
        fetch: (input, init) => {
          const headers = new Headers(init?.headers);
          headers.set("x-github-api-version", version);
          return fake.fetch(input, { ...init, headers });
        },
      }),
      { container: "acme/web", cursor: null, startAt: 0, withComments: true },
    );
  const [older, newer] = [await list("2022-11-28"), await list("2026-03-10")];
  expect(newer?.issues).toEqual(older?.issues);
  expect(newer?.issues[0]?.assignees).toMatchObject([{ login: "ann" }]);
});

test("preload loads the client, and loading is shared", async () => {
  await Promise.all([provider.preload?.(), provider.preload?.()]);
});
