import { beforeEach, describe, expect, it } from "vitest";
import { createFakeGitHub, type FakeGitHub } from "../../src/github/index.ts";
import type { IssueBody } from "./bodies.ts";
import { type Answer, type Client, createClient, createClock } from "./client.ts";

const issues = "/repos/acme/web/issues";
let clock: ReturnType<typeof createClock>;
let fake: FakeGitHub;
let call: Client;

const numbers = (answer: Answer<IssueBody[]>): number[] => answer.body.map((issue) => issue.number);

beforeEach(() => {
  clock = createClock();
  fake = createFakeGitHub({ repositories: ["acme/web"], now: clock.now });
  call = createClient(fake);
  const alice = fake.as("alice");
  for (const title of ["one", "two", "three", "four", "five"]) {
    alice.createIssue("acme/web", { title, labels: title === "two" ? ["a", "b"] : ["a"] });
    clock.advance(1000);
  }
  alice.closeIssue("acme/web", 2);
});

describe("listing issues", () => {
  it("shows open ones first created last, and all on request", async () => {
    expect(numbers(await call("GET", issues))).toEqual([5, 4, 3, 1]);
    expect(numbers(await call("GET", `${issues}?state=all&sort=updated&direction=asc`))).toEqual([1, 3, 4, 5, 2]);
    expect(numbers(await call("GET", `${issues}?state=closed`))).toEqual([2]);
  });

  it("takes since inclusively at second resolution", async () => {
    const path = `${issues}?state=all&sort=updated&direction=asc&since=`;
    expect(numbers(await call("GET", `${path}2026-11-20T10:00:04Z`))).toEqual([5, 2]);
    expect(numbers(await call("GET", `${path}2026-11-20T10:00:05Z`))).toEqual([2]);
    expect(numbers(await call("GET", `${path}2026-11-20T10:00:06Z`))).toEqual([]);
  });

  it("filters by creator and by all of several labels", async () => {
    await call("POST", issues, { title: "ours" });
    expect(numbers(await call("GET", `${issues}?creator=backref-bot`))).toEqual([6]);
    expect(numbers(await call("GET", `${issues}?state=all&labels=A,b`))).toEqual([2]);
  });

  it("leads through pages with Link", async () => {
    let next: string | undefined = `${issues}?state=all&per_page=2&sort=created&direction=asc`;
    const seen: number[][] = [];
    while (next !== undefined) {
      const answer: Answer<IssueBody[]> = await call("GET", next);
      seen.push(numbers(answer));
      const link: string | undefined = /<([^>]+)>; rel="next"/.exec(answer.headers.get("link") ?? "")?.[1];
      next = link?.replace("https://api.github.com", "");
      if (seen.length === 1) expect(next).toMatch(/^\/repositories\/\d+\/issues\?.*page=2/);
    }
    expect(seen).toEqual([[1, 2], [3, 4], [5]]);
  });

  it("caps pages at 100", async () => {
    for (let index = 0; index < 110; index += 1) fake.as("alice").createIssue("acme/web", { title: "x" });
    expect((await call("GET", `${issues}?per_page=1000`)).body).toHaveLength(100);
  });

  it("refuses filters it does not know rather than ignoring them", async () => {
    expect((await call("GET", `${issues}?mentioned=alice`)).status).toBe(501);
  });
});

describe("conditional requests", () => {
  it("answers 304 free of charge until something changes", async () => {
    const first = await call("GET", `${issues}?state=all`);
    const headers = { "if-none-match": first.headers.get("etag") ?? "" };
    const again = await call("GET", `${issues}?state=all`, undefined, { headers });
    expect(again.status).toBe(304);
    expect(again.body).toBe("");
    expect(again.headers.get("x-ratelimit-used")).toBe(first.headers.get("x-ratelimit-used"));
    expect(fake.requests.at(-1)).toMatchObject({ status: 304, conditional: true });
    fake.as("alice").editIssue("acme/web", 1, { title: "changed" });
    const changed = await call("GET", `${issues}?state=all`, undefined, { headers });
    expect(changed.status).toBe(200);
    expect(changed.headers.get("x-ratelimit-used")).toBe("2");
  });

  it("knows If-Modified-Since for single issues", async () => {
    const first = await call("GET", `${issues}/1`);
    const headers = { "if-modified-since": first.headers.get("last-modified") ?? "" };
    expect((await call("GET", `${issues}/1`, undefined, { headers })).status).toBe(304);
    clock.advance(1000);
    fake.as("alice").comment("acme/web", 1, "news");
    expect((await call("GET", `${issues}/1`, undefined, { headers })).status).toBe(200);
  });
});
