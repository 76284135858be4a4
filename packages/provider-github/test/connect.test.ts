import { describe, expect, test } from "vitest";
import { answering, failureOf, setUp } from "./support.ts";

const { provider: shared } = setUp();
const connect = shared.connect ?? expect.unreachable();

describe("account", () => {
  test("tells who the token belongs to", async () => {
    const { call, sent } = setUp();
    expect(await connect.account(call)).toEqual({
      id: expect.stringMatching(/^\d+$/),
      login: "backref-bot",
      displayName: "backref-bot",
    });
    expect(sent()).toEqual(["GET /user"]);
  });

  test("a refused token is auth", async () => {
    const { callWith } = setUp();
    const error = await failureOf(connect.account(callWith({ token: "ghp_wrong" })));
    expect(error).toMatchObject({ failure: "auth", code: "tracker-unauthorized", status: 401 });
    expect(error.message).not.toContain("ghp_wrong");
  });
});

describe("test", () => {
  test("all is well", async () => {
    const { call, sent } = setUp();
    expect(await connect.test(call, { containers: ["acme/web"] })).toEqual({
      ok: true,
      account: { id: expect.stringMatching(/^\d+$/), login: "backref-bot", displayName: "backref-bot" },
      scopes: ["repo"],
      expiresAt: null,
      containers: [{ container: "acme/web", reachable: true, writable: true }],
      problems: [],
    });
    expect(sent()).toEqual(["GET /user", "GET /repos/{owner}/{repo}"]);
  });

  test("a refused token is reported, not thrown", async () => {
    const { callWith } = setUp();
    const report = await connect.test(callWith({ token: "ghp_wrong" }), { containers: ["acme/web"] });
    expect(report).toMatchObject({ ok: false, account: null, containers: [] });
    expect(report.problems).toEqual([expect.stringContaining("give a new one")]);
  });

  test("a sign-in page in place of the API is reported", async () => {
    const { callWith } = setUp();
    const fetch = answering("<html>Sign in</html>", { headers: { "content-type": "text/html" } });
    const report = await connect.test(callWith({ fetch }), { containers: [] });
    expect(report.problems).toEqual([expect.stringContaining("check the base URL")]);
  });

  test.each([
    ["no such repository", "acme/nothing", {}, false, false, /acme\/nothing cannot be reached: check the name/],
    ["archived", "acme/old", { archived: true }, true, false, /acme\/old is archived.*unarchive/],
    ["issues disabled", "acme/code", { hasIssues: false }, true, false, /Issues are disabled in acme\/code: enable/],
  ])("%s", async (_, container, settings, reachable, writable, problem) => {
    const { fake, call } = setUp();
    if (Object.keys(settings).length > 0) fake.addRepository({ name: container, ...settings });
    const report = await connect.test(call, { containers: ["acme/web", container] });
    expect(report.ok).toBe(false);
    expect(report.containers).toEqual([
      { container: "acme/web", reachable: true, writable: true },
      { container, reachable, writable },
    ]);
    expect(report.problems).toEqual([expect.stringMatching(problem)]);
  });

  test("a role that may only read", async () => {
    const { fake, callWith } = setUp();
    const token = fake.createToken({ login: "reader", access: "read" });
    const report = await connect.test(callWith({ token }), { containers: ["acme/web"] });
    expect(report.containers).toEqual([{ container: "acme/web", reachable: true, writable: false }]);
    expect(report.problems).toEqual([expect.stringContaining("role Triage or Write")]);
  });

  test("a classic token without the scope", async () => {
    const { fake, callWith } = setUp({ repositories: [{ name: "acme/web", private: false }] });
    const token = fake.createToken({ login: "bot", scopes: ["gist"] });
    const report = await connect.test(callWith({ token }), { containers: ["acme/web"] });
    expect(report.scopes).toEqual(["gist"]);
    expect(report.problems[0]).toMatch(/need the scope repo/);
    expect(report.containers[0]?.writable).toBe(false);
  });

  test("what a fine-grained token may write, only a write tells", async () => {
    const { fake, callWith } = setUp();
    const token = fake.createToken({ login: "bot", permissions: { issues: "write", metadata: "read" } });
    const report = await connect.test(callWith({ token }), { containers: ["acme/web"] });
    expect(report).toMatchObject({ ok: true, scopes: [], containers: [{ reachable: true, writable: null }] });
  });

  test("a fine-grained token without the permission learns which", async () => {
    const { fake, callWith } = setUp();
    const token = fake.createToken({ login: "bot", permissions: { metadata: "read" } });
    const report = await connect.test(callWith({ token }), { containers: ["acme/web"] });
    expect(report).toMatchObject({ ok: false, containers: [{ reachable: false, writable: false }] });
    expect(report.problems).toEqual([expect.stringContaining("enough would be: issues=read")]);
  });

  test("a renamed repository is told by its new name, and is nobody's trouble: everything follows", async () => {
    const { fake, call } = setUp();
    fake.changeRepository("acme/web", { name: "acme/site" });
    const report = await connect.test(call, { containers: ["acme/web"] });
    expect(report).toMatchObject({ ok: true, containers: [{ reachable: true, writable: true }] });
    expect(report.problems).toEqual([expect.stringContaining("called acme/site now")]);
  });

  test.each([
    ["2026-12-24 18:00:00 UTC", Date.UTC(2026, 11, 24, 18)],
    ["2026-12-24 18:00:00 +0200", Date.UTC(2026, 11, 24, 16)],
    ["whenever", null],
  ])("an expiry of %s", async (value, expiresAt) => {
    const { callWith } = setUp();
    const headers = { "github-authentication-token-expiration": value };
    const fetch = answering({ id: 1, login: "bot" }, { headers });
    expect(await connect.test(callWith({ fetch }), { containers: [] })).toMatchObject({ ok: true, expiresAt });
  });

  const day = 86_400_000;
  test.each([
    [7 * day, []],
    [7 * day - 1000, [expect.stringMatching(/^The token ends in 6 days \(2026-11-28\): make a new one/)]],
    [day, [expect.stringContaining("ends in a day (2026-11-22)")]],
    [3600_000, [expect.stringContaining("ends in less than a day (2026-11-21)")]],
  ])("an end in %i ms is told in time, and nothing is wrong until then", async (left, problems) => {
    const { callWith, time } = setUp();
    const expiresAt = time.now() + left;
    const value = new Date(expiresAt).toISOString().replace("T", " ").replace(".000Z", " UTC");
    const fetch = answering({ id: 1, login: "bot" }, { headers: { "github-authentication-token-expiration": value } });
    expect(await connect.test(callWith({ fetch }), { containers: [] })).toMatchObject({
      ok: true,
      expiresAt,
      problems,
    });
  });

  test("trouble with the network is thrown", async () => {
    const { fake, call } = setUp();
    fake.faults.add({ kind: "refuse" });
    expect(await failureOf(connect.test(call, { containers: [] }))).toMatchObject({ failure: "retry" });
  });
});

describe("probe", () => {
  test("tells a repository that answers from one that does not", async () => {
    const { call, callWith } = setUp();
    expect(await connect.probe(call, { container: "acme/web" })).toBe(true);
    expect(await connect.probe(call, { container: "acme/nothing" })).toBe(false);
    expect(await failureOf(connect.probe(callWith({ token: "x" }), { container: "acme/web" }))).toMatchObject({
      failure: "auth",
    });
  });
});
