import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadContract } from "../../src/github/contract.ts";
import { createFakeGitHub, type FakeGitHub, type WebhookDelivery } from "../../src/github/index.ts";
import { type ErrorBody, type HookBody, readPayload, type WebhookPayload } from "./bodies.ts";
import { type Client, createClient, operationNames } from "./client.ts";

const secret = "s3cret";
let received: { headers: Headers; body: string; json: WebhookPayload }[];
let fake: FakeGitHub;
let call: Client;

const events = (deliveries: readonly WebhookDelivery[]): string[] =>
  deliveries.map((delivery) => `${delivery.event} ${delivery.action}`);

const hook = (overrides: object = {}) => ({
  name: "web",
  active: true,
  events: ["issues", "issue_comment"],
  config: { url: "https://host.example/hooks/github", content_type: "json", secret },
  ...overrides,
});

beforeEach(async () => {
  received = [];
  fake = createFakeGitHub({
    repositories: ["acme/web", "acme/api"],
    deliver: async (request) => {
      const body = await request.text();
      received.push({ headers: request.headers, body, json: readPayload(body) });
      return new Response(null, { status: 202 });
    },
  });
  call = createClient(fake);
  const made = await call<HookBody>("POST", "/repos/acme/web/hooks", hook());
  expect(made.status).toBe(201);
  expect(made.body.config.secret).toBe("********");
  await fake.webhooks.flush();
});

afterEach(() => {
  const contract = loadContract("2022-11-28", operationNames);
  for (const { event, action, body } of fake.webhooks.deliveries) {
    const name = action === null ? event : `${event.replace("_", "-")}-${action}`;
    expect(contract.checkWebhook(name, readPayload(body)), name).toEqual([]);
  }
});

describe("delivering", () => {
  it("pings a new hook and signs the raw bytes", async () => {
    expect(received).toHaveLength(1);
    const [{ headers, body, json }] = received as [(typeof received)[0]];
    expect(headers.get("x-github-event")).toBe("ping");
    expect(headers.get("x-github-delivery")).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(headers.get("x-github-hook-id")).toBe(String(json.hook_id));
    const digest = createHmac("sha256", secret).update(body).digest("hex");
    expect(headers.get("x-hub-signature-256")).toBe(`sha256=${digest}`);
  });

  it("tells of everything people and tokens do to an issue", async () => {
    fake.addUser("bob");
    await call("POST", "/repos/acme/web/issues", { title: "x", labels: ["a"], assignees: ["bob"] });
    await call("PATCH", "/repos/acme/web/issues/1", { title: "y", body: "z" });
    const alice = fake.as("alice");
    alice.addLabel("acme/web", 1, "b");
    alice.removeLabel("acme/web", 1, "a");
    alice.unassign("acme/web", 1, "bob");
    alice.closeIssue("acme/web", 1, "not_planned");
    alice.reopenIssue("acme/web", 1);
    const comment = alice.comment("acme/web", 1, "hi");
    alice.editComment("acme/web", comment.id, "ho");
    alice.deleteComment("acme/web", comment.id);
    alice.transferIssue("acme/web", 1, "acme/api");
    const second = alice.createIssue("acme/web", { title: "second" });
    alice.deleteIssue("acme/web", second.number);
    await fake.webhooks.flush();
    expect(events(fake.webhooks.deliveries)).toEqual([
      "ping null",
      "issues opened",
      "issues labeled",
      "issues assigned",
      "issues edited",
      "issues labeled",
      "issues unlabeled",
      "issues unassigned",
      "issues closed",
      "issues reopened",
      "issue_comment created",
      "issue_comment edited",
      "issue_comment deleted",
      "issues transferred",
      "issues opened",
      "issues deleted",
    ]);
    const edited = received.find(({ json }) => json.action === "edited" && json.comment === undefined)?.json;
    expect(edited).toMatchObject({
      changes: { title: { from: "x" }, body: { from: "" } },
      issue: { title: "y", body: "z" },
      repository: { full_name: "acme/web" },
      sender: { login: "backref-bot" },
    });
    const commentEdited = received.find(({ json }) => json.action === "edited" && json.comment !== undefined)?.json;
    expect(commentEdited).toMatchObject({ changes: { body: { from: "hi" } }, comment: { body: "ho" } });
    const transferred = received.find(({ json }) => json.action === "transferred")?.json;
    expect(transferred?.changes).toMatchObject({ new_issue: { number: 1 }, new_repository: { full_name: "acme/api" } });
  });

  it("tells the target of a transfer where the issue came from", async () => {
    await call("POST", "/repos/acme/api/hooks", hook());
    fake.as("alice").createIssue("acme/web", { title: "x" });
    fake.as("alice").transferIssue("acme/web", 1, "acme/api");
    await fake.webhooks.flush();
    expect(received.at(-1)?.json).toMatchObject({
      action: "opened",
      repository: { full_name: "acme/api" },
      changes: { old_issue: { title: "x" }, old_repository: { full_name: "acme/web" } },
    });
  });

  it("says nothing when nothing changed, nor to hooks that did not ask", async () => {
    fake.as("alice").createIssue("acme/web", { title: "x" });
    const before = fake.webhooks.deliveries.length;
    fake.as("alice").editIssue("acme/web", 1, { title: "x", labels: [] });
    await call("PATCH", "/repos/acme/web/issues/1", { title: "x", state: "open" });
    fake.as("alice").createIssue("acme/api", { title: "x" });
    expect(fake.webhooks.deliveries).toHaveLength(before);
  });

  it("shares one GUID among the hooks of an event", async () => {
    await call("POST", "/repos/acme/web/hooks", hook({ events: ["*"], config: { url: "https://other.example/" } }));
    fake.as("alice").createIssue("acme/web", { title: "x" });
    const [first, second] = fake.webhooks.deliveries.slice(-2);
    expect(first?.id).toBe(second?.id);
    expect(first?.hookId).not.toBe(second?.hookId);
    expect(second?.headers).not.toHaveProperty("x-hub-signature-256");
    expect(second?.body).toMatch(/^payload=/);
  });
});

describe("manual mode", () => {
  beforeEach(() => {
    fake.webhooks.mode = "manual";
    received.length = 0;
    for (const title of ["one", "two", "three"]) fake.as("alice").createIssue("acme/web", { title });
  });

  it("lets a test reorder, drop and double deliveries", async () => {
    expect(received).toEqual([]);
    expect(await fake.webhooks.deliver(2)).toBe(202);
    const dropped = fake.webhooks.drop(0);
    expect(dropped.attempts).toEqual([]);
    await fake.webhooks.deliver();
    expect(received.map(({ json }) => json.issue?.title)).toEqual(["three", "two"]);
    const [last] = fake.webhooks.deliveries.slice(-1);
    await fake.webhooks.redeliver(last?.id ?? "");
    expect(received.at(-1)?.headers.get("x-github-delivery")).toBe(received[0]?.headers.get("x-github-delivery"));
    expect(received.at(-1)?.body).toBe(received[0]?.body);
    expect(last?.attempts).toEqual([202, 202]);
    expect(fake.webhooks.pending).toEqual([]);
  });

  it("flushes in order", async () => {
    await fake.webhooks.flush();
    expect(received.map(({ json }) => json.issue?.title)).toEqual(["one", "two", "three"]);
  });
});

describe("hooks", () => {
  it("lists, reads and deletes them, for administrators only", async () => {
    const { body } = await call<HookBody[]>("GET", "/repos/acme/web/hooks");
    expect(body).toHaveLength(1);
    const path = `/repos/acme/web/hooks/${body[0]?.id}`;
    expect((await call<HookBody>("GET", path)).body.config.url).toBe("https://host.example/hooks/github");
    const writer = fake.createToken({ login: "writer", repositories: { "acme/web": "write" } });
    expect((await call("GET", path, undefined, { token: writer })).status).toBe(404);
    expect((await call<ErrorBody>("POST", "/repos/acme/web/hooks", hook())).body.errors?.[0]?.message).toMatch(
      /already exists/,
    );
    expect((await call("DELETE", path)).status).toBe(204);
    fake.as("alice").createIssue("acme/web", { title: "x" });
    expect(events(fake.webhooks.deliveries)).toEqual(["ping null"]);
  });

  it("are made by hand too: at once, unpinged, and in place of one of the same URL", async () => {
    const url = "https://host.example/by-hand";
    fake.setHook("acme/api", { url, secret: "old" });
    fake.setHook("acme/api", { url, secret: "new" });
    await fake.webhooks.flush();
    received.length = 0;
    fake.as("lena").createIssue("acme/api", { title: "x" });
    await fake.webhooks.flush();
    expect(received).toHaveLength(1);
    const [{ headers, body }] = received as [(typeof received)[0]];
    const digest = createHmac("sha256", "new").update(body).digest("hex");
    expect(headers.get("x-hub-signature-256")).toBe(`sha256=${digest}`);
    const { body: listed } = await call<HookBody[]>("GET", "/repos/acme/api/hooks");
    expect(listed.map(({ config }) => config.url)).toEqual([url]);
  });

  it("refuses one without a URL", async () => {
    expect((await call("POST", "/repos/acme/web/hooks", { config: {} })).status).toBe(422);
  });

  it("does not retry a receiver that fails", async () => {
    const attempts: string[] = [];
    fake = createFakeGitHub({
      repositories: ["acme/web"],
      deliver: (request) => {
        attempts.push(request.url);
        return Promise.reject(new TypeError("fetch failed"));
      },
    });
    await createClient(fake)("POST", "/repos/acme/web/hooks", hook());
    await fake.webhooks.flush();
    expect(attempts).toHaveLength(1);
    expect(fake.webhooks.deliveries[0]?.attempts).toEqual([0]);
  });
});
