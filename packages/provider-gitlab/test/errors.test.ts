import { describe, expect, test } from "vitest";
import { address, draft, project, setUp } from "./support.ts";

const page = "<!DOCTYPE html><html><body>You need to sign in</body></html>";
const html = { "content-type": "text/html; charset=utf-8" };
const text = { "content-type": "text/plain" };
const json = { "content-type": "application/json" };

type Answer = readonly [status: number, body: string, headers: Readonly<Record<string, string>>];

/** How the same answer counts for a read and for a write. */
async function judge(answer: Answer) {
  const { provider, answering } = setUp();
  const call = answering(...answer);
  const failed = (attempt: Promise<unknown>) =>
    attempt.then(
      () => expect.unreachable("no failure"),
      (error) => error,
    );
  const read = await failed(provider.search.issues(call, { containers: [project], text: "x", limit: 5 }));
  const write = await failed(provider.create.create(call, draft));
  return { read, write };
}

describe("answers that are none of GitLab's own", () => {
  test.each([
    ["a page for signing in", [200, page, html], "auth", "ambiguous"],
    ["a page of a proxy", [502, page, html], "retry", "ambiguous"],
    ["half an answer", [200, '[{"id": 1,', json], "retry", "ambiguous"],
    ["an empty answer", [200, "", json], "permanent", "ambiguous"],
    ["a page that refuses", [403, page, html], "forbidden", "forbidden"],
  ] as const)("%s", async (_, answer, onRead, onWrite) => {
    const { read, write } = await judge(answer);
    expect([read.failure, write.failure]).toEqual([onRead, onWrite]);
    expect(read.message + write.message).not.toContain("<");
  });
});

describe("what GitLab says", () => {
  test.each([
    ["plain text, with a time", [429, "Retry later\n", { ...text, "retry-after": "7" }], 7_000],
    ["plain text, without", [429, "Retry later\n", text], 60_000],
    ["a limit of one action", [429, '{"message":{"error":"requested too many times"}}', json], 60_000],
    ["a time that is over", [429, "", { "ratelimit-reset": "1" }], 1_000],
    ["a time that is none", [429, "", { "ratelimit-reset": "soon" }], 60_000],
  ] as const)("429 as %s", async (_, answer, retryAfterMs) => {
    const { read, write } = await judge(answer);
    for (const error of [read, write]) {
      expect(error).toMatchObject({ failure: "wait", retryAfterMs });
      expect(error.field).toBeUndefined();
    }
  });

  test("a reset is counted from the tracker's own clock", async () => {
    const { provider, answering, time } = setUp();
    const there = Math.floor(time.now() / 1000) + 3_600;
    const headers = { "ratelimit-reset": String(there + 30), date: new Date(there * 1000).toUTCString() };
    const attempt = provider.search.issues(answering(429, "", headers), { containers: [project], text: "x", limit: 1 });
    await expect(attempt).rejects.toMatchObject({ failure: "wait", retryAfterMs: 30_000 });
  });

  test("a token without the scope, one that ended and one that was revoked", async () => {
    const { fake, provider, call, time } = setUp();
    const write = (token: string) => provider.create.create(call({ auth: { type: "token", token } }), draft);
    const reader = fake.createToken({ user: "reader", scopes: ["read_api"] });
    await expect(write(reader)).rejects.toMatchObject({
      failure: "forbidden",
      message: expect.stringContaining("lacks the scope api"),
    });
    const ended = fake.createToken({ user: "reader", expiresAt: time.now() });
    await expect(write(ended)).rejects.toMatchObject({ failure: "auth", message: expect.stringMatching(/expired/) });
    fake.revokeToken(fake.token);
    await expect(write(fake.token)).rejects.toMatchObject({ failure: "auth", status: 401 });
    expect(fake.issues(project)).toEqual([]);
  });

  test("problems of fields are named, those of the whole are not taken for fields", async () => {
    const first = await judge([400, '{"message":{"title":["can\'t be blank","is bad"]}}', json]);
    expect(first.write).toMatchObject({ failure: "permanent", field: "title" });
    expect(first.write.message).toContain("title can't be blank, is bad");
    const second = await judge([400, '{"message":{"base":["Not now"]}}', json]);
    expect([second.write.field, second.write.message]).toEqual([undefined, expect.stringContaining("Not now")]);
    const third = await judge([400, '{"message":["Hidden"],"error":{"a":1}}', json]);
    expect(third.write.failure).toBe("permanent");
  });

  test("an archived project, a comment that is gone", async () => {
    const { fake, provider, call, ann } = setUp();
    ann.createIssue(project, { title: "One" });
    const edit = { issue: address(1), commentId: "123", body: "x" };
    await expect(provider.comments.update?.(call(), edit)).rejects.toMatchObject({ failure: "gone" });
    await provider.comments.delete?.(call(), edit);
    fake.changeProject(project, { archived: true });
    await expect(provider.create.create(call(), draft)).rejects.toMatchObject({ failure: "forbidden" });
  });
});
