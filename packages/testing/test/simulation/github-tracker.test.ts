import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createDice } from "../../src/simulation/kernel/dice.ts";
import { profileNamed } from "../../src/simulation/plan/profile.ts";
import { createTrackers } from "../../src/simulation/tracker/create-trackers.ts";
import { createGitHubTracker } from "../../src/simulation/tracker/github/github-tracker.ts";
import type {
  PendingDelivery,
  RemoteChange,
  RemoteTracker,
  ServerFault,
} from "../../src/simulation/tracker/remote-tracker.ts";
import { createToyProvider } from "../provider/toy-provider.ts";

const start = Date.UTC(2026, 10, 21, 9);
const noFault: ServerFault = { staleMs: 0, dropsField: false, refusesLabels: false };
const issues = "/repos/acme/web/issues";

/** A tracker with one issue of Lena's, and its requests as a provider with the first token would send them. */
function setUp() {
  const time = { now: start };
  const dice = createDice(1, "tests");
  const random = () => dice.next();
  const tracker = createGitHubTracker({ provider: createToyProvider(), now: () => time.now, random });
  const changes: RemoteChange[] = [];
  const deliveries: PendingDelivery[] = [];
  tracker.onChange((change) => changes.push(change));
  tracker.onDelivery((delivery) => deliveries.push(delivery));
  const key = tracker.people.createIssue("Title", "Body");
  let sent = 0;
  const requestTo = (method: string, path: string, body?: unknown) =>
    [
      `${tracker.baseUrl}${path}`,
      {
        method,
        headers: { authorization: `Bearer ${tokenOf(tracker, 0)}`, "user-agent": "tests" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
    ] as const;
  const send = (method: string, path: string, body?: unknown, fault: Partial<ServerFault> = {}) => {
    sent += 1;
    const [input, init] = requestTo(method, path, body);
    return tracker.handle({ input, init, fault: { ...noFault, ...fault }, requestId: sent });
  };
  return { tracker, changes, deliveries, key, send, requestTo, time };
}

function tokenOf(tracker: RemoteTracker, generation: number): string {
  const credential = tracker.credential(generation);
  return typeof credential === "object" && credential !== null && "token" in credential ? String(credential.token) : "";
}

describe("a request is described by what it is about", () => {
  test.each([
    ["GET", `${issues}?state=all`, undefined, { kind: "list", isWrite: false, issues: [] }],
    ["GET", `${issues}/comments?sort=updated`, undefined, { kind: "list", isWrite: false, issues: [] }],
    ["GET", "/repos/acme/web/labels", undefined, { kind: "list", isWrite: false, issues: [] }],
    ["POST", "/repos/acme/web/labels", { name: "x" }, { kind: "other", isWrite: true, issues: [] }],
    ["GET", "/user", undefined, { kind: "other", isWrite: false, issues: [] }],
    ["GET", `${issues}/1`, undefined, { kind: "read", isWrite: false, issues: ["key"] }],
    [
      "GET",
      `${issues}/1/comments?per_page=100`,
      undefined,
      { kind: "read", aspect: "comments", isWrite: false, issues: ["key"] },
    ],
    ["PATCH", `${issues}/1`, { title: "x" }, { kind: "update", isWrite: true, issues: ["key"] }],
    ["POST", `${issues}/1/labels`, { labels: ["x"] }, { kind: "update", isWrite: true, issues: ["key"] }],
    ["DELETE", `${issues}/1/labels/a%20b`, undefined, { kind: "update", isWrite: true, issues: ["key"] }],
    ["POST", `${issues}/1/comments`, { body: "x" }, { kind: "comment", isWrite: true, issues: ["key"] }],
    ["PATCH", `${issues}/9`, { title: "x" }, { kind: "update", isWrite: true, issues: [] }],
  ] as const)("%s %s", (method, path, body, expected) => {
    const { tracker, key, requestTo } = setUp();
    const wanted = { ...expected, issues: expected.issues.map(() => key), token: null };
    expect(tracker.describe(...requestTo(method, path, body))).toMatchObject(wanted);
  });

  test("a query names issues by id and by number", () => {
    const { tracker, key, requestTo } = setUp();
    const variables = { ids: ["I_1"], owner0: "acme", name0: "web", number0_0: 1 };
    const described = tracker.describe(...requestTo("POST", "/graphql", { query: "query", variables }));
    expect(described).toMatchObject({ kind: "read", isWrite: false, issues: ["I_1", key] });
  });

  test("a create carries its token, a comment leads to its issue", () => {
    const { tracker, key, requestTo } = setUp();
    const token = `br-${"a".repeat(26)}`;
    const body = { title: "x", body: `<!-- backref:${token} -->\n<!-- /backref:${token} -->` };
    expect(tracker.describe(...requestTo("POST", issues, body))).toMatchObject({ kind: "create", token });
    tracker.people.comment(key, "Hello", "public");
    const [comment] = tracker.issue(key)?.comments ?? [];
    const edit = requestTo("PATCH", `${issues}/comments/${comment?.id}`, { body: "x" });
    expect(tracker.describe(...edit)).toMatchObject({ kind: "comment", issues: [key] });
  });
});

describe("what changes is told with who did it", () => {
  test("by the engine's requests", async () => {
    const { send, changes, key, tracker } = setUp();
    changes.length = 0;
    await send("PATCH", `${issues}/1`, { title: "New", state: "closed" });
    await send("POST", `${issues}/1/labels`, { labels: ["priority:high", "other"] });
    await send("POST", `${issues}/1/comments`, { body: "Hello" });
    const by = { issue: key, by: "engine" };
    expect(changes).toMatchObject([
      { ...by, kind: "field", field: "title", before: "Title", value: "New", requestId: 1 },
      { ...by, kind: "field", field: "status", before: "open", value: "closed", requestId: 1 },
      { ...by, kind: "field", field: "priority", before: "", value: "priority:high", requestId: 2 },
      { ...by, kind: "comment", action: "added", body: "Hello" },
    ]);
    expect(tracker.issue(key)).toMatchObject({ byEngine: false, comments: [{ body: "Hello", byEngine: true }] });
    expect(tracker.violations()).toEqual([]);
  });

  test("by people, whose two labels are both told", () => {
    const { changes, key, tracker } = setUp();
    tracker.people.addLabel(key, "area/x");
    changes.length = 0;
    tracker.people.setPriority(key, ["priority:low", "priority:high"]);
    tracker.people.setBody(key, (body) => `${body}!`);
    const by = { kind: "field", issue: key, by: "person", requestId: null };
    expect(changes).toEqual([
      { ...by, field: "priority", before: "", value: "priority:high|priority:low" },
      { ...by, field: "description", before: "Body", value: "Body!" },
    ]);
    expect(tracker.issue(key)?.labels).toContain("area/x");
  });

  test("a moved issue is another one, the old one is gone", () => {
    const { changes, key, tracker } = setUp();
    changes.length = 0;
    tracker.people.moveIssue(key);
    const moved = changes.find((change) => change.kind === "issue" && change.action === "moved");
    expect(moved).toMatchObject({ issue: key, to: expect.any(String) });
    expect(tracker.issue(key)?.isGone).toBe(true);
    const [, after] = tracker.issues();
    expect(after).toMatchObject({ container: tracker.containers[1], fields: { title: "Title" }, isGone: false });
    tracker.people.setTitle(key, "Too late");
    expect(tracker.issue(key)?.fields.title).toBe("Title");
  });
});

describe("access", () => {
  test("the accepted generation is let in, the others are not", async () => {
    const { send, tracker, requestTo } = setUp();
    tracker.accept(0);
    const [input, init] = requestTo("GET", "/user");
    expect((await send("GET", "/user")).status).toBe(200);
    tracker.accept(1);
    expect((await tracker.handle({ input, init, fault: noFault, requestId: 9 })).status).toBe(401);
    tracker.accept(null);
    expect((await tracker.handle({ input, init, fault: noFault, requestId: 10 })).status).toBe(401);
    tracker.accept(0);
    expect((await send("GET", "/user")).status).toBe(200);
  });

  test("a lost container does not show itself to any token", async () => {
    const { send, tracker } = setUp();
    tracker.loseContainer(true);
    expect((await send("GET", `${issues}/1`)).status).toBe(404);
    tracker.accept(1);
    tracker.accept(0);
    expect((await send("GET", "/repos/acme/web")).status).toBe(404);
    expect((await send("GET", "/user")).status).toBe(200);
    tracker.loseContainer(false);
    expect((await send("GET", `${issues}/1`)).status).toBe(200);
  });
});

describe("faults meet one request", () => {
  test("a stale read", async () => {
    const { send, tracker, key, time } = setUp();
    time.now += 60_000;
    tracker.people.setTitle(key, "New");
    time.now += 1_000;
    expect(await (await send("GET", `${issues}/1`, undefined, { staleMs: 5_000 })).json()).toMatchObject({
      title: "Title",
    });
    expect(await (await send("GET", `${issues}/1`)).json()).toMatchObject({ title: "New" });
  });

  test("a dropped field, and refused labels", async () => {
    const { send, tracker, key } = setUp();
    const state = { state: "closed", state_reason: "completed" };
    await send("PATCH", `${issues}/1`, { ...state, title: "New" }, { dropsField: true });
    expect(tracker.issue(key)?.fields).toMatchObject({ title: "New", status: "open" });
    const label = ["POST", "/repos/acme/web/labels", { name: "x", color: "ededed" }] as const;
    expect((await send(...label, { refusesLabels: true })).status).toBe(403);
    expect((await send(...label)).status).toBe(201);
  });

  test("whoever gave up does not keep the request from being applied", async () => {
    const { tracker, requestTo, key } = setUp();
    const [input, init] = requestTo("PATCH", `${issues}/1`, { title: "Late" });
    const signal = AbortSignal.abort();
    await tracker.handle({ input, init: { ...init, signal }, fault: noFault, requestId: 1 });
    expect(tracker.issue(key)?.fields.title).toBe("Late");
  });
});

test("deliveries are signed with the newest secret, one per hook and event", () => {
  const { tracker, deliveries, key } = setUp();
  tracker.setHookSecret("first");
  tracker.setHookSecret("second");
  tracker.people.setTitle(key, "New");
  expect(deliveries).toHaveLength(1);
  const [{ headers, body } = { headers: {}, body: "" }] = deliveries;
  const signature = createHmac("sha256", "second").update(body).digest("hex");
  expect(headers).toMatchObject({ "x-github-event": "issues", "x-hub-signature-256": `sha256=${signature}` });
});

test("limits are told as GitHub tells them", () => {
  const { tracker } = setUp();
  const primary = tracker.limited("primary", 90);
  expect(primary.status).toBe(403);
  expect(primary.headers.get("x-ratelimit-remaining")).toBe("0");
  expect(primary.headers.get("x-ratelimit-reset")).toBe(String(start / 1_000 + 90));
  expect(tracker.limited("secondary", 7).headers.get("retry-after")).toBe("7");
});

test("the tracker github needs its provider", () => {
  const request = { seed: 1, profile: profileNamed("quiet"), now: () => start, dice: createDice(1, "trackers") };
  const make = (provider: ReturnType<typeof createToyProvider> | null) =>
    createTrackers({ ...request, name: "github", provider });
  expect(() => make(null)).toThrow(TypeError);
  expect(() => make(null)).toThrow(/providers\.github/);
  expect(make(createToyProvider()).map(({ name }) => name)).toEqual(["github"]);
});
