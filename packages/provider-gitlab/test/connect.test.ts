import { describe, expect, test } from "vitest";
import { project, setUp } from "./support.ts";

const days = 86_400_000;

/** @param prepare may make the token that is tested */
async function report(
  prepare: (parts: ReturnType<typeof setUp>) => unknown,
  containers: readonly string[] = [project],
) {
  const parts = setUp();
  const made = prepare(parts);
  const token = typeof made === "string" ? made : parts.fake.token;
  const call = parts.call({ auth: { type: "token", token } });
  return parts.provider.connect.test(call, { containers });
}

describe("a test of the connection", () => {
  test("tells account, scopes and that projects can be written", async () => {
    expect(await report(({ fake }) => fake.token, [project, "Acme/Shop/API"])).toMatchObject({
      ok: true,
      account: { login: "backref-bot" },
      scopes: ["api"],
      expiresAt: null,
      containers: [
        { container: project, reachable: true, writable: true },
        { container: "Acme/Shop/API", reachable: true, writable: true },
      ],
      problems: [],
    });
  });

  test.each<[string, Parameters<typeof report>[0], RegExp]>([
    ["only reads", ({ fake }) => fake.createToken({ user: "r", scopes: ["read_api"] }), /"read_api".*scope api/],
    ["is revoked", ({ fake }) => fake.revokeToken(fake.token), /expired, revoked or mistyped/],
    [
      "ended",
      ({ fake, time }) => fake.createToken({ user: "r", expiresAt: time.now() }),
      /expired, revoked or mistyped/,
    ],
    ["is a guest's", ({ fake }) => fake.createToken({ user: "r", accessLevel: 10 }), /role is too low/],
    ["is of nobody", () => "glpat-none", /expired, revoked or mistyped/],
    [
      "reaches another project",
      ({ fake }) => fake.createToken({ user: "r", projects: ["acme/shop/api"] }),
      /cannot be reached/,
    ],
    ["finds it archived", ({ fake }) => fake.changeProject(project, { archived: true }), /archived/],
    ["finds no issues", ({ fake }) => fake.changeProject(project, { issuesEnabled: false }), /switched off/],
    ["finds it renamed", ({ fake }) => fake.renameProject(project, "acme/web"), /is called acme\/web now/],
  ])("says in words that the token %s", async (_, prepare, words) => {
    const { ok, problems } = await report(prepare);
    expect([ok, problems]).toEqual([false, [expect.stringMatching(words)]]);
  });

  test("says that a project's path begins behind the site's relative root", async () => {
    const { provider, call } = setUp("https://host.example/gitlab");
    const { ok, problems } = await provider.connect.test(call(), { containers: [`gitlab/${project}`] });
    expect([ok, problems]).toEqual([false, [expect.stringMatching(/leave out "gitlab\/"/)]]);
  });

  test("tells early that the token ends", async () => {
    const soon = await report(({ fake, time }) => fake.createToken({ user: "r", expiresAt: time.now() + 3 * days }));
    expect([soon.ok, soon.problems]).toEqual([true, [expect.stringMatching(/The token ends on \d{4}-\d\d-\d\d/)]]);
    const later = await report(({ fake, time }) => fake.createToken({ user: "r", expiresAt: time.now() + 30 * days }));
    expect(later).toMatchObject({ ok: true, problems: [], expiresAt: expect.any(Number) });
  });

  test.each([
    ["a page of something else", 200, "<html>Welcome</html>", "text/html"],
    ["something that knows no such address", 404, "404 page not found", "text/plain"],
  ])("says in words that %s answers", async (_, status, body, type) => {
    const { provider, answering } = setUp();
    const { ok, problems } = await provider.connect.test(answering(status, body, { "content-type": type }), {
      containers: [],
    });
    expect([ok, problems.length]).toEqual([false, 1]);
    expect(problems[0]).toMatch(/sign-in page|base URL/i);
    expect(problems[0]).not.toContain("<");
  });

  test("works where tokens do not tell about themselves", async () => {
    const { fake, provider, call } = setUp();
    fake.faults.add({ kind: "status-before", status: 404, match: { operation: "/personal_access_tokens/self" } });
    expect(await provider.connect.test(call(), { containers: [project] })).toMatchObject({ ok: true, scopes: [] });
  });
});
