import { beforeEach, describe, expect, it } from "vitest";
import { createVirtualTime, type VirtualTime } from "../../src/index.ts";
import { createFakeJira, type FakeJira } from "../../src/jira/index.ts";
import { type Client, contractFolder, createClient } from "./client.ts";

let fake: FakeJira;
let call: Client;
let time: VirtualTime;

beforeEach(() => {
  time = createVirtualTime();
  fake = createFakeJira({ projects: ["WEB", "API"], now: time.now, contractFolder, indexLagMs: 2_000 });
  call = createClient(fake);
});

const keys = (body: { issues: { key: string }[] }) => body.issues.map(({ key }) => key);
const search = async (jql: string, rest: object = {}) =>
  call("POST", "/search/jql", { jql, fields: ["summary"], ...rest });

describe("the index", () => {
  it("lags, except for issues that are asked to be reconciled", async () => {
    const { id } = fake.as("ann").createIssue("WEB", { summary: "one" });
    expect(keys((await search("project = WEB")).body)).toEqual([]);
    expect(keys((await search("project = WEB", { reconcileIssues: [Number(id)] })).body)).toEqual(["WEB-1"]);
    await time.advance(2_000);
    expect(keys((await search("project = WEB")).body)).toEqual(["WEB-1"]);
  });

  it("is asked by epoch milliseconds to the millisecond, by quoted times to the minute", async () => {
    const { updatedAt } = fake.as("ann").createIssue("WEB", { summary: "one" });
    await time.advance(5_000);
    expect(keys((await search(`updated >= ${updatedAt}`)).body)).toEqual(["WEB-1"]);
    expect(keys((await search(`updated >= ${updatedAt + 1}`)).body)).toEqual([]);
    const minute = new Date(updatedAt + 11 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
    expect(keys((await search(`updated >= "${minute}"`)).body)).toEqual(["WEB-1"]);
  });
});

describe("JQL", () => {
  it("pages by a token, in the order asked for", async () => {
    for (let number = 1; number <= 5; number += 1) fake.as("ann").createIssue("WEB", { summary: `${number}` });
    await time.advance(5_000);
    const first = (await search("project = WEB ORDER BY created ASC", { maxResults: 3 })).body;
    expect([keys(first), first.isLast]).toEqual([["WEB-1", "WEB-2", "WEB-3"], false]);
    const { nextPageToken } = first;
    const second = (await search("project = WEB ORDER BY created ASC", { maxResults: 3, nextPageToken })).body;
    expect([keys(second), second.isLast, "total" in second]).toEqual([["WEB-4", "WEB-5"], true, false]);
  });

  it("keeps values inside their quotes", async () => {
    fake.as("ann").createIssue("WEB", { summary: 'say "hi" OR project = API' });
    fake.as("ann").createIssue("API", { summary: "other" });
    await time.advance(5_000);
    const value = String.raw`"say \"hi\" OR project = API"`;
    expect(keys((await search(`project = WEB AND summary ~ ${value}`)).body)).toEqual(["WEB-1"]);
    expect((await search("summary ~ or")).status).toBe(400);
  });

  it.each(["", "ORDER BY created", "project = NOPE", "key in (WEB-1, GONE-2)", 'summary ~ "open', "nonsense = 1"])(
    "refuses %j",
    async (jql) => {
      fake.as("ann").createIssue("WEB", { summary: "one" });
      await time.advance(5_000);
      expect((await search(jql)).status).toBe(400);
    },
  );
});

describe("Data Center", () => {
  it("has the old search alone, which counts, and leaves out unknown ids where it is told to", async () => {
    fake = createFakeJira({ deployment: "data-center", projects: ["WEB"], now: time.now });
    call = createClient(fake);
    const { id } = fake.as("ann").createIssue("WEB", { summary: "one" });
    expect((await call("POST", "/search/jql", { jql: "project = WEB" })).status).toBe(404);
    const jql = `id in (${id}, 99999)`;
    expect((await call("POST", "/search", { jql })).status).toBe(400);
    const { body } = await call("POST", "/search", { jql, validateQuery: false, fields: ["summary"] });
    expect(body).toMatchObject({ startAt: 0, total: 1, issues: [{ key: "WEB-1" }] });
  });
});
