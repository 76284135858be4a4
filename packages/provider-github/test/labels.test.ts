import { describe, expect, test } from "vitest";
import { failureOf, setUp } from "./support.ts";

const { provider } = setUp();
const labels = provider.labels ?? expect.unreachable();

const wanted = ["priority:critical", "priority:high", "priority:low"].map((name) => ({
  name,
  color: "d73a4a",
  description: "Set by Backref",
}));
const request = { container: "acme/web", labels: wanted };
const names = wanted.map(({ name }) => name);

describe("labels.ensure", () => {
  test("makes the missing ones and leaves the others alone", async () => {
    const { call, fake, sent } = setUp();
    fake.addLabel("acme/web", { name: "Priority:High", color: "ffffff" });
    expect(await labels.ensure(call, request)).toEqual({ present: names, refused: [] });
    expect(sent()).toEqual([
      "GET /repos/{owner}/{repo}/labels",
      "POST /repos/{owner}/{repo}/labels",
      "POST /repos/{owner}/{repo}/labels",
    ]);
    const made = fake.labels("acme/web").map(({ name, color }) => `${name} ${color}`);
    expect(made).toEqual(
      expect.arrayContaining(["Priority:High ffffff", "priority:critical d73a4a", "priority:low d73a4a"]),
    );
    expect(fake.violations).toEqual([]);
  });

  test("looks through all pages, and no further than needed", async () => {
    const { call, fake, sent } = setUp();
    for (let index = 0; index < 250; index += 1) fake.addLabel("acme/web", { name: `a${index}` });
    for (const name of names) fake.addLabel("acme/web", { name });
    expect((await labels.ensure(call, request)).present).toEqual(names);
    expect(sent()).toHaveLength(3);
  });

  test("an account that may not is a result, asked once", async () => {
    const { callWith, fake, sent } = setUp();
    const token = fake.createToken({ login: "reader", access: "read" });
    const { present, refused } = await labels.ensure(callWith({ token }), request);
    expect(present).toEqual([]);
    expect(refused.map(({ name }) => name)).toEqual(names);
    expect(refused[0]?.reason).toContain("may not create labels in acme/web");
    expect(sent()).toEqual(["GET /repos/{owner}/{repo}/labels", "POST /repos/{owner}/{repo}/labels"]);
  });

  test("one made by somebody else in between is present", async () => {
    const { call, fake } = setUp();
    const racing = async (input: string | URL | Request, init?: RequestInit) => {
      if (init?.method === "POST") fake.addLabel("acme/web", { name: JSON.parse(String(init.body)).name });
      return fake.fetch(input, init);
    };
    expect(await labels.ensure({ ...call, fetch: racing }, request)).toEqual({ present: names, refused: [] });
  });

  test("one with a bad colour does not keep the others back", async () => {
    const { call } = setUp();
    const [bad, ...good] = wanted;
    const result = await labels.ensure(call, {
      ...request,
      labels: [{ ...(bad ?? expect.unreachable()), color: "not a colour" }, ...good],
    });
    expect(result.present).toEqual(names.slice(1));
    expect(result.refused).toHaveLength(1);
  });

  test("one that GitHub refuses is named", async () => {
    const { call } = setUp();
    const name = "x".repeat(51);
    const { refused } = await labels.ensure(call, { ...request, labels: [{ name, color: "d73a4a", description: "" }] });
    expect(refused).toEqual([{ name, reason: expect.stringContaining(`"${name}"`) }]);
  });

  test.each([".", ".."])("one that no address can name is refused: %s", async (name) => {
    const { call, fake, sent } = setUp();
    fake.addLabel("acme/web", { name });
    const { present, refused } = await labels.ensure(call, {
      ...request,
      labels: [{ name, color: "d73a4a", description: "" }],
    });
    expect(present).toEqual([]);
    expect(refused).toEqual([{ name, reason: expect.stringContaining(`"${name}"`) }]);
    expect(sent()).not.toContain("POST /repos/{owner}/{repo}/labels");
  });

  test("a rate limit is an error, not a refusal", async () => {
    const { call, fake } = setUp();
    fake.faults.add({ kind: "rate-limit-secondary", retryAfterSeconds: 30, match: { method: "POST" } });
    expect(await failureOf(labels.ensure(call, request))).toMatchObject({ failure: "wait", retryAfterMs: 30_000 });
  });
});
