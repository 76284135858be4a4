import { beforeEach, describe, expect, it } from "vitest";
import { createFakeGitHub, type FakeGitHub } from "../../src/github/index.ts";
import type { IssueBody } from "./bodies.ts";
import { type Client, createClient, createClock } from "./client.ts";

interface Found {
  readonly total_count: number;
  readonly items: readonly IssueBody[];
}

let clock: ReturnType<typeof createClock>;
let fake: FakeGitHub;
let call: Client;

const path = (query: string, rest = "") => `/search/issues?q=${encodeURIComponent(query)}${rest}`;

async function titles(query: string, rest = ""): Promise<readonly string[]> {
  const { status, body } = await call<Found>("GET", path(query, rest));
  expect(status, query).toBe(200);
  return body.items.map(({ title }) => title);
}

beforeEach(() => {
  clock = createClock();
  fake = createFakeGitHub({ repositories: ["acme/web", "acme/api"], now: clock.now });
  call = createClient(fake);
  const lena = fake.as("lena");
  lena.createIssue("acme/web", { title: "Login fails", body: "On Mondays, says the zebra" });
  clock.advance(1_000);
  lena.createIssue("acme/web", { title: "Zebra fails" });
  lena.createIssue("acme/api", { title: "Zebra elsewhere" });
});

describe("searching issues", () => {
  it("finds words and phrases, what is in the title first, in answers as the contract has them", async () => {
    for (const version of ["2022-11-28", "2026-03-10"]) {
      const headers = { "x-github-api-version": version };
      const { body } = await call<Found>("GET", path("repo:acme/web zebra"), undefined, { headers });
      expect(body.items.map(({ title }) => title)).toEqual(["Zebra fails", "Login fails"]);
      expect(body.total_count).toBe(2);
    }
    expect(await titles('is:issue repo:acme/web "login" "zebra"')).toEqual(["Login fails"]);
    expect(await titles('is:issue repo:acme/web "zebra fails"')).toEqual(["Zebra fails"]);
    expect(await titles("is:pr repo:acme/web zebra")).toEqual([]);
    expect(await titles("repo:acme/web zebra", "&per_page=1&page=2")).toEqual(["Login fails"]);
  });

  it("knows operators, exclusions and groups, but not in quotation marks", async () => {
    expect(await titles("repo:acme/web zebra -is:closed NOT login")).toEqual(["Zebra fails"]);
    expect(await titles("(repo:acme/web OR repo:acme/api) zebra", "&advanced_search=true")).toHaveLength(3);
    expect(await titles('repo:acme/web "zebra OR login"')).toEqual([]);
    expect(await titles('repo:acme/web "repo:acme/api"')).toEqual([]);
    expect((await call("GET", path("(repo:acme/web OR repo:acme/api) zebra"))).status).toBe(501);
  });

  it("refuses what is too long, has too many operators, or names only what is out of reach", async () => {
    expect((await call("GET", path(`repo:acme/web ${"z".repeat(257)}`))).status).toBe(422);
    const repositories = Array.from({ length: 7 }, (_, index) => `repo:acme/r${index}`).join(" OR ");
    expect((await call("GET", path(`(${repositories}) zebra`, "&advanced_search=true"))).status).toBe(422);
    const { status, body } = await call<{ errors: readonly { message: string }[] }>("GET", path("repo:acme/no zebra"));
    expect(status).toBe(422);
    expect(body.errors[0]?.message).toContain("cannot be searched");
    expect(await titles("(repo:acme/no OR repo:acme/api) zebra", "&advanced_search=true")).toEqual(["Zebra elsewhere"]);
  });

  it("has a limit of its own: 30 a minute", async () => {
    fake = createFakeGitHub({ repositories: ["acme/web"], now: clock.now, enforceLimits: true });
    call = createClient(fake);
    for (let count = 1; count <= 30; count += 1) {
      const { status, headers } = await call("GET", path("repo:acme/web zebra"));
      expect([status, headers.get("x-ratelimit-resource")]).toEqual([200, "search"]);
    }
    const refused = await call("GET", path("repo:acme/web zebra"));
    expect([refused.status, refused.headers.get("x-ratelimit-remaining")]).toEqual([403, "0"]);
    expect((await call("GET", "/repos/acme/web/issues")).status).toBe(200);
    clock.advance(61_000);
    expect((await call("GET", path("repo:acme/web zebra"))).status).toBe(200);
  });
});
