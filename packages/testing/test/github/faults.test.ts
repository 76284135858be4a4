import { beforeEach, describe, expect, it } from "vitest";
import { createFakeGitHub, type FakeGitHub } from "../../src/github/index.ts";
import type { ErrorBody, IssueBody, NodeData } from "./bodies.ts";
import { type Client, createClient, createClock } from "./client.ts";

const issues = "/repos/acme/web/issues";
let clock: ReturnType<typeof createClock>;
let waits: { ms: number; done: () => void }[];
let fake: FakeGitHub;
let call: Client;

beforeEach(() => {
  clock = createClock();
  waits = [];
  fake = createFakeGitHub({
    repositories: ["acme/web"],
    now: clock.now,
    delay: (ms) => new Promise((done) => waits.push({ ms, done })),
  });
  call = createClient(fake);
});

const titles = (): string[] => fake.issues("acme/web").map((issue) => issue.title);

describe("connections", () => {
  it.each([
    ["refuse", "ECONNREFUSED", []],
    ["lost-before", "ECONNRESET", []],
    ["lost-after", "ECONNRESET", ["x"]],
  ] as const)("%s fails as fetch does with %s", async (kind, code, left) => {
    fake.faults.add({ kind });
    await expect(call("POST", issues, { title: "x" })).rejects.toMatchObject({ name: "TypeError", cause: { code } });
    expect(titles()).toEqual(left);
    expect(fake.requests).toMatchObject([{ status: 0, faults: [kind] }]);
    expect((await call("GET", issues)).status).toBe(200);
  });

  it("applies a late request after its caller has given up", async () => {
    fake.faults.add({ kind: "late", ms: 30_000 });
    await expect(call("POST", issues, { title: "x" })).rejects.toThrow("fetch failed");
    expect(titles()).toEqual([]);
    expect(waits.map((wait) => wait.ms)).toEqual([30_000]);
    waits[0]?.done();
    await fake.settle();
    expect(titles()).toEqual(["x"]);
    expect(fake.requestCount()).toBe(1);
  });

  it("delays, and lets the caller abort meanwhile", async () => {
    fake.faults.add({ kind: "delay", ms: 50 });
    const abort = new AbortController();
    const headers = { authorization: `Bearer ${fake.token}`, "user-agent": "test" };
    const url = `https://api.github.com${issues}`;
    const body = JSON.stringify({ title: "x" });
    const pending = fake.fetch(url, { method: "POST", body, headers, signal: abort.signal });
    await Promise.resolve();
    abort.abort(new Error("given up"));
    await expect(pending).rejects.toThrow("given up");
    waits[0]?.done();
    await new Promise((done) => setImmediate(done));
    expect(titles()).toEqual(["x"]);
  });
});

describe("answers", () => {
  it("gives an error status before or after the work", async () => {
    fake.faults.add({ kind: "status-before", status: 503 });
    expect((await call("POST", issues, { title: "before" })).status).toBe(503);
    fake.faults.add({ kind: "status-after", status: 502 });
    expect((await call("POST", issues, { title: "after" })).status).toBe(502);
    expect(titles()).toEqual(["after"]);
  });

  it("reports exceeded limits", async () => {
    fake.faults.add({ kind: "rate-limit-primary", resetSeconds: 90 });
    const primary = await call("GET", issues);
    expect(primary.status).toBe(403);
    expect(primary.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(Number(primary.headers.get("x-ratelimit-reset"))).toBe(Math.ceil(clock.now() / 1000) + 90);
    fake.faults.add({ kind: "rate-limit-primary", resetSeconds: 90, match: { operation: "graphql" } });
    expect((await call.graphql("{ viewer { login } }")).body.errors?.[0]?.type).toBe("RATE_LIMITED");
    fake.faults.add({ kind: "rate-limit-secondary", retryAfterSeconds: 7 });
    const secondary = await call<ErrorBody>("POST", issues, { title: "x" });
    expect(secondary.headers.get("retry-after")).toBe("7");
    expect(secondary.body.message).toMatch(/secondary rate limit/);
    expect(titles()).toEqual([]);
  });

  it("drops fields of a request", async () => {
    fake.faults.add({ kind: "drop-fields", fields: ["labels", "state"] });
    const { status } = await call("POST", issues, { title: "x", labels: ["a"] });
    expect(status).toBe(201);
    expect(fake.issue("acme/web", 1)?.labels).toEqual([]);
  });

  it("answers reads from the past", async () => {
    const alice = fake.as("alice");
    alice.createIssue("acme/web", { title: "old" });
    clock.advance(10_000);
    alice.editIssue("acme/web", 1, { title: "new" });
    const { nodeId } = alice.createIssue("acme/web", { title: "second" });
    fake.faults.add({ kind: "stale", ms: 5_000, times: 3 });
    expect((await call<IssueBody>("GET", `${issues}/1`)).body.title).toBe("old");
    expect((await call("GET", issues)).body).toHaveLength(1);
    const { body } = await call.graphql<NodeData>("query ($id: ID!) { node(id: $id) { id } }", { id: nodeId });
    expect(body.data?.node).toBeNull();
    expect((await call<IssueBody>("GET", `${issues}/1`)).body.title).toBe("new");
    clock.advance(10);
    alice.deleteIssue("acme/web", 1);
    fake.faults.add({ kind: "stale", ms: 1 });
    expect((await call<IssueBody>("GET", `${issues}/1`)).body.title).toBe("new");
  });

  it("refuses label creation and nothing else", async () => {
    fake.faults.add({ kind: "label-refused" });
    expect((await call("POST", issues, { title: "x", labels: ["a"] })).status).toBe(201);
    expect((await call("POST", "/repos/acme/web/labels", { name: "b" })).status).toBe(403);
    expect((await call("POST", "/repos/acme/web/labels", { name: "b" })).status).toBe(201);
  });

  it("shows a sign-in page", async () => {
    fake.faults.add({ kind: "html" });
    const { status, headers, body } = await call<string>("GET", issues);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch(/^text\/html/);
    expect(body).toContain("Sign in");
  });
});

describe("matching", () => {
  it("meets the nth request of a kind, as often as asked", async () => {
    const match = { method: "POST", operation: "/repos/{owner}/{repo}/issues", nth: 2 };
    fake.faults.add({ kind: "status-before", status: 500, match, times: 2 });
    await call("GET", issues);
    const statuses: number[] = [];
    for (const title of ["a", "b", "c", "d"]) statuses.push((await call("POST", issues, { title })).status);
    expect(statuses).toEqual([201, 500, 500, 201]);
    expect(fake.faults.pending()).toEqual([]);
  });

  it("matches paths by pattern, can be disarmed and cleared", async () => {
    const disarm = fake.faults.add({ kind: "refuse", match: { operation: /state=closed/ } });
    expect((await call("GET", issues)).status).toBe(200);
    disarm();
    expect((await call("GET", `${issues}?state=closed`)).status).toBe(200);
    fake.faults.add({ kind: "refuse", match: { operation: /state=closed/ } });
    await expect(call("GET", `${issues}?state=closed`)).rejects.toThrow();
    fake.faults.add({ kind: "refuse", times: 5 });
    fake.faults.clear();
    expect((await call("GET", issues)).status).toBe(200);
  });
});
