import { describe, expect, test } from "vitest";
import { documentedRateLimits } from "../src/index.ts";
import { searchWords } from "../src/search-words.ts";
import { failureOf, setUp, site } from "./support.ts";

const { provider } = setUp();
const { search, read, rateLimits } = provider;
if (!search || !read || !rateLimits) expect.unreachable();

function queriesOf({ fake }: ReturnType<typeof setUp>, mark: number): readonly (string | null)[] {
  return fake.requestsSince(mark).map(({ path }) => new URL(path, site.baseUrl).searchParams.get("q"));
}

describe("search.issues", () => {
  test("asks once, for issues of the repository, and quotes every word", async () => {
    const world = setUp();
    const { fake, call, sent } = world;
    fake.as("lena").createIssue("acme/web", { title: "Login fails on Mondays", labels: ["bug"], assignees: ["lena"] });
    const mark = fake.mark();
    const found = await search.issues(call, { containers: ["acme/web"], text: "  fails  login ", limit: 5 });
    expect(sent(mark)).toEqual(["GET /search/issues"]);
    expect(queriesOf(world, mark)).toEqual(['is:issue repo:acme/web "fails" "login"']);
    const address = { remoteId: null, container: "acme/web", item: "1", raw: null };
    const [outcome] = await read.issues(call, { issues: [address] });
    expect(found).toEqual([outcome?.kind === "live" ? outcome.issue : null]);
    expect(fake.violations).toEqual([]);
  });

  test("pull requests, and what others call a repository, are not found", async () => {
    const { fake, call } = setUp({ repositories: ["acme/web", "acme/api"] });
    fake.addPullRequest("acme/web", { title: "Zebra fix" });
    fake.as("lena").createIssue("acme/api", { title: "Zebra elsewhere" });
    for (const text of ["zebra", "zebra repo:acme/api", 'zebra" repo:acme/api "', "zebra) OR (repo:acme/api"]) {
      expect(await search.issues(call, { containers: ["acme/web"], text, limit: 5 }), text).toEqual([]);
    }
  });

  test("takes six repositories per request, the first ones first, and no more requests than it needs", async () => {
    const repositories = Array.from({ length: 8 }, (_, index) => `acme/r${index}`);
    const world = setUp({ repositories });
    const { fake, call, sent } = world;
    for (const name of repositories) fake.as("lena").createIssue(name, { title: `Zebra of ${name}` });
    let mark = fake.mark();
    const all = await search.issues(call, { containers: repositories, text: "zebra", limit: 20 });
    expect(all.map(({ container }) => container).toSorted()).toEqual(repositories);
    expect(
      all
        .slice(6)
        .map(({ container }) => container)
        .toSorted(),
    ).toEqual(["acme/r6", "acme/r7"]);
    expect(sent(mark)).toHaveLength(2);
    expect(queriesOf(world, mark)[1]).toBe('is:issue (repo:acme/r6 OR repo:acme/r7) "zebra"');
    mark = fake.mark();
    expect(await search.issues(call, { containers: repositories, text: "zebra", limit: 3 })).toHaveLength(3);
    expect(sent(mark)).toHaveLength(1);
    expect(fake.violations).toEqual([]);
  });

  test("repositories out of reach are passed over; where all are, that is told", async () => {
    const { fake, call } = setUp();
    fake.as("lena").createIssue("acme/web", { title: "Zebra" });
    const found = await search.issues(call, { containers: ["acme/gone", "acme/web"], text: "zebra", limit: 5 });
    expect(found).toHaveLength(1);
    const lost = search.issues(call, { containers: ["acme/gone", "acme/lost"], text: "zebra", limit: 5 });
    const error = await failureOf(lost);
    expect(error.failure).toBe("gone");
    expect(error.message).toContain("None of these repositories can be searched: acme/gone, acme/lost.");
  });

  test("a text without a word is not sent", async () => {
    const { call, sent } = setUp();
    for (const text of ["", "  ", '"', "* - ( )", "🎉"]) {
      expect(await search.issues(call, { containers: ["acme/web"], text, limit: 5 })).toEqual([]);
    }
    expect(sent()).toEqual([]);
  });

  test("a search on its way is given up with its signal", async () => {
    const { fake, callWith } = setUp();
    const abort = new AbortController();
    let isAborted = false;
    const fetch: typeof fake.fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => {
          isAborted = true;
          reject(init.signal?.reason);
        });
        abort.abort();
      });
    const call = callWith({ signal: abort.signal, fetch });
    await failureOf(search.issues(call, { containers: ["acme/web"], text: "zebra", limit: 5 }));
    expect(isAborted).toBe(true);
  });

  test("its own limit is 30 a minute, and used up it says until when", async () => {
    const { fake, call } = setUp();
    expect(documentedRateLimits).toContainEqual(
      expect.objectContaining({ name: "searches", limit: 30, windowMs: 60_000 }),
    );
    const cost = (url: string) => rateLimits.cost({ method: "GET", url });
    expect(cost("https://api.github.com/search/issues?q=zebra")).toEqual({ points: 1, searches: 1 });
    expect(cost("https://ghe.example.com/api/v3/search/issues?q=zebra")).toEqual({ points: 1, searches: 1 });
    expect(cost("https://api.github.com/repos/acme/search/issues")).toEqual({ points: 1 });
    fake.exhaustRateLimit("backref-bot", 40, "search");
    const error = await failureOf(search.issues(call, { containers: ["acme/web"], text: "zebra", limit: 5 }));
    expect(error).toMatchObject({ failure: "wait", retryAfterMs: 40_000 });
    // Others are not touched.
    const address = { remoteId: null, container: "acme/web", item: "1", raw: null };
    expect(await read.issues(call, { issues: [address] })).toEqual([{ kind: "no-access" }]);
  });
});

describe("words of a search", () => {
  test.each([
    ["login fails", '"login" "fails"'],
    ["NOT login OR -fails", '"NOT" "login" "OR" "-fails"'],
    ['say "hello" \\"you\\"', '"say" "hello" "you"'],
    ["label:bug repo:a/b is:pr", '"label:bug" "repo:a/b" "is:pr"'],
    ["“quoted” „Wort“ «mot»", '"quoted" "Wort" "mot"'],
    ["tab\tand\nline\u200Bjoined", '"tab" "and" "line" "joined"'],
    ["a a b", '"a" "b"'],
    ["ログイン 失敗", '"ログイン" "失敗"'],
    ["half \uD800 pair", '"half" "pair"'],
  ])("%j are %s", (text, words) => {
    expect(searchWords(text)).toBe(words);
  });

  test("are as many as GitHub takes", () => {
    const long = searchWords(Array.from({ length: 100 }, (_, index) => `word${index}`).join(" "));
    expect(long.length).toBeLessThanOrEqual(256);
    expect(long.length).toBeGreaterThan(240);
    expect(searchWords("z".repeat(1_000))).toBe(`"${"z".repeat(254)}"`);
    expect(searchWords("𝒵".repeat(200)).isWellFormed()).toBe(true);
  });
});
