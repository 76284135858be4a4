import { setTimeout } from "node:timers/promises";
import type { ChangesPage, ConnectionReport, WebhookDelivery } from "@backref/core/provider";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GitHubCall } from "../src/client.ts";
import { createGitHubProvider } from "../src/index.ts";
import { deviations } from "./emulate-deviations.ts";
import { createEmulateServer, createReceiver, type EmulateServer } from "./emulate-server.ts";
import { addressOf, failureOf, site } from "./support.ts";

const provider = createGitHubProvider();
const { connect, read, create, update, comments, changes, labels, webhooks } = groupsOf(provider);

const container = "acme/web";
let server: EmulateServer;
let call: GitHubCall;

function groupsOf(given: typeof provider) {
  const { connect, read, create, update, comments, changes, labels, webhooks } = given;
  if (!connect || !read || !create || !update || !comments || !changes || !labels || !webhooks) expect.unreachable();
  return { connect, read, create, update, comments, changes, labels, webhooks };
}

function callAs(auth: GitHubCall["auth"]): GitHubCall {
  return {
    baseUrl: server.url,
    options: site.options,
    auth,
    credentialId: JSON.stringify(auth),
    fetch: server.fetch,
    clock: { now: Date.now, monotonic: () => performance.now() },
    scheduler: { sleep: (ms) => setTimeout(ms) },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    logger: { log: () => {} },
    signal: new AbortController().signal,
  };
}

const draft = {
  container,
  body: "Body",
  token: `br-${"a".repeat(26)}`,
  labels: [],
  priority: null,
  type: null,
  assigneeIds: [],
  fields: {},
};

async function made(title: string, changed: Partial<Parameters<typeof create.create>[1]> = {}) {
  const { issue, warnings } = await create.create(call, { ...draft, title, ...changed });
  expect(warnings).toEqual([]);
  return issue;
}

beforeAll(async () => {
  server = await createEmulateServer();
  call = callAs({ type: "token", token: server.token });
}, 30_000);

afterAll(() => server.close());

describe("the provider on a GitHub that nobody here wrote", () => {
  test("knows its account, and which repositories it reaches", async () => {
    expect(await connect.account(call)).toMatchObject({ login: "backref-bot", displayName: "backref-bot" });
    const report: ConnectionReport = await connect.test(call, { containers: [container, "acme/nothing"] });
    expect(report.account).toMatchObject({ login: "backref-bot" });
    expect(report.containers).toMatchObject([
      { container, reachable: true },
      { container: "acme/nothing", reachable: false },
    ]);
    expect(await connect.probe(call, { container })).toBe(true);
    const refused = await connect.test(callAs({ type: "token", token: "wrong" }), { containers: [container] });
    expect(refused).toMatchObject({ ok: false, account: null });
  });

  test("makes labels with colours, once", async () => {
    const wanted = [{ name: "priority:high", color: "d93f0b", description: "From tests" }];
    expect(await labels.ensure(call, { container, labels: wanted })).toEqual({
      present: ["priority:high"],
      refused: [],
    });
    const mark = server.sent.length;
    expect(await labels.ensure(call, { container, labels: wanted })).toMatchObject({ present: ["priority:high"] });
    expect(server.sent.slice(mark)).toEqual(["GET /repos/acme/web/labels"]);
    // Somebody else makes it between the list and the create.
    const emptyList = async (input: string | URL | Request, init?: RequestInit) =>
      init?.method === "GET" ? Response.json([]) : server.fetch(input, init);
    const raced = { ...call, fetch: emptyList };
    expect(await labels.ensure(raced, { container, labels: wanted })).toEqual({
      present: ["priority:high"],
      refused: [],
    });
  });

  test("creates issues, reads them by id and by number, and finds them by token", async () => {
    const first = await made("First", { labels: ["priority:high", "area"], body: `Body\n\n<!-- ${draft.token} -->` });
    expect(first).toMatchObject({
      container,
      title: "First",
      labels: ["area", "priority:high"],
      state: { id: "open", reason: null },
      author: { login: "backref-bot" },
      commentCount: 0,
    });
    const byNumber = { remoteId: null, container, item: first.item, raw: null };
    const missing = { remoteId: null, container, item: "999", raw: null };
    const outcomes = await read.issues(call, { issues: [addressOf(first), byNumber, missing] });
    expect(outcomes).toEqual([{ kind: "live", issue: first }, { kind: "live", issue: first }, { kind: "no-access" }]);
    const account = await connect.account(call);
    const createdAfter = first.createdAt - 60_000;
    const request = { container, token: draft.token, accountId: account.id, createdAfter, probe: null };
    expect(await create.findCreated(call, request)).toEqual([first]);
  });

  test("changes one field at a time, and other people's labels stay", async () => {
    const issue = addressOf(await made("To change", { labels: ["priority:low", "area"] }));
    const change = async (patch: Parameters<typeof update.update>[1]["patch"]) => {
      const { issue: changed, warnings } = await update.update(call, { issue, patch, ifVersion: 0 });
      expect(warnings).toEqual([]);
      return changed;
    };
    expect(await change({ title: "Changed" })).toMatchObject({ title: "Changed", body: "Body" });
    expect(await change({ body: "Other" })).toMatchObject({ title: "Changed", body: "Other" });
    expect(await change({ labels: { add: ["priority:high"], remove: ["priority:low"] } })).toMatchObject({
      labels: ["area", "priority:high"],
    });
    const closed = await change({ state: { category: "closed", reason: "not_planned" } });
    expect(closed.state).toMatchObject({ id: "closed", reason: "not_planned" });
    expect((await change({ state: { category: "open" } })).state).toMatchObject({ id: "open", reason: null });
    const [outcome] = await read.issues(call, { issues: [issue] });
    expect(outcome).toMatchObject({ kind: "live", issue: { title: "Changed", state: { id: "open" } } });
  });

  test("writes comments, edits and deletes them, and lists more than a page", async () => {
    const issue = addressOf(await made("To discuss"));
    const written = (await comments.create(call, { issue, body: "Hello", token: "t" })) ?? expect.unreachable();
    expect(written).toMatchObject({ body: "Hello", author: { login: "backref-bot" }, visibility: "public" });
    const commentId = written.remoteId;
    expect(await comments.update?.(call, { issue, commentId, body: "Hello again" })).toMatchObject({
      remoteId: commentId,
      body: "Hello again",
    });
    for (let index = 0; index < 100; index += 1)
      await server.lena("POST", `/issues/${issue.item}/comments`, { body: `${index}` });
    const listed = await comments.list(call, { issue });
    expect(listed).toHaveLength(101);
    expect(listed.at(-1)).toMatchObject({ body: "99", author: { login: "lena" } });
    await comments.delete?.(call, { issue, commentId });
    await comments.delete?.(call, { issue, commentId });
    expect(await comments.list(call, { issue })).toHaveLength(100);
    const [outcome] = await read.issues(call, { issues: [issue] });
    expect(outcome).toMatchObject({ issue: { commentCount: 100 } });
  });

  test("finds what changed since, page by page, until there is nothing new", async () => {
    const startAt = Date.now() - 1_000;
    const issue = await made("To poll");
    await server.lena("POST", `/issues/${issue.item}/comments`, { body: "Polled" });
    const drain = async (from: string | null) => {
      const pages: ChangesPage[] = [];
      for (let cursor = from; pages.at(-1)?.more !== false; cursor = pages.at(-1)?.cursor ?? null) {
        expect(pages.length).toBeLessThan(20);
        pages.push(await changes.list(call, { container, cursor, startAt, withComments: true }));
      }
      return {
        issues: pages.flatMap((page) => page.issues),
        comments: pages.flatMap((page) => page.comments),
        cursor: pages.at(-1)?.cursor ?? null,
      };
    };
    const { issues, comments: found, cursor } = await drain(null);
    expect(issues.map(({ title }) => title)).toContain("To poll");
    const polled = expect.objectContaining({ body: "Polled", author: expect.objectContaining({ login: "lena" }) });
    expect(found).toContainEqual({ container, issueItem: issue.item, comment: polled });
    const later = await server.lena("POST", `/issues/${issue.item}/comments`, { body: "Later" });
    const next = await drain(cursor);
    expect(next.comments.map(({ comment }) => comment.remoteId)).toContain(String(later.id));
  });

  test("registers a webhook, whose signed deliveries it reads, and takes it away", async () => {
    const got: WebhookDelivery[] = [];
    const receiver = await createReceiver(async (request) => {
      got.push({ headers: request.headers, body: new Uint8Array(await request.arrayBuffer()) });
      return new Response(null, { status: 202 });
    });
    const secret = "hook-secret";
    const endpoint = "an-endpoint";
    const hook = await webhooks.register?.(call, { container, url: `${receiver.url}/${endpoint}`, secret });
    const issue = await made("To tell of", { labels: ["area"] });
    const { id } = await server.lena("POST", `/issues/${issue.item}/comments`, { body: "Heard" });
    await server.lena("PATCH", `/issues/${issue.item}`, { state: "closed", title: "Told of" });
    await server.lena("DELETE", `/issues/comments/${id}`);
    await expect.poll(() => got.length, { timeout: 10_000 }).toBe(5);
    const events = got.map((delivery) => {
      expect(webhooks.verify(delivery, { secret, now: 0 })).toBe(true);
      expect(webhooks.verify(delivery, { secret: "another", now: 0 })).toBe(false);
      return webhooks.read(delivery);
    });
    expect(new Set(events.map(({ deliveryId }) => deliveryId)).size).toBe(5);
    expect(events.map(({ name }) => name).sort()).toEqual([
      "issue_comment.created",
      "issue_comment.deleted",
      "issues.closed",
      "issues.edited",
      "issues.opened",
    ]);
    const place = { container, remoteId: issue.remoteId, item: issue.item };
    const opened = events.find(({ name }) => name === "issues.opened");
    expect(opened?.hints).toEqual([{ ...place, aspect: "issue", issue, comment: null, change: "changed" }]);
    const deleted = events.find(({ name }) => name === "issue_comment.deleted");
    expect(deleted?.hints).toMatchObject([
      { ...place, aspect: "comments", comment: { remoteId: String(id) }, change: "deleted" },
    ]);

    // It keeps what failed and shows it, but sends nothing again.
    const redeliver = { container, endpoint, since: Date.now() - 60_000 };
    expect(await webhooks.redeliver?.(call, redeliver)).toEqual({ asked: 0 });
    await receiver.close();
    await made("To miss");
    const attempts = () => server.sent.filter((request) => request.endsWith("/attempts")).length;
    await expect
      .poll(async () => [await webhooks.redeliver?.(call, redeliver), attempts() > 0], { timeout: 10_000 })
      .toEqual([{ asked: 0 }, true]);
    const hookId = hook?.hookId ?? expect.unreachable();
    await webhooks.unregister?.(call, { container, hookId });
    await webhooks.unregister?.(call, { container, hookId });
    expect(await webhooks.redeliver?.(call, redeliver)).toBeNull();
  });

  test("a token that is none is told from a failure", async () => {
    const error = await failureOf(connect.account(callAs({ type: "token", token: "wrong" })));
    expect(error).toMatchObject({ failure: "auth", status: 401 });
  });
});

test("no workaround is left that is not needed", () => {
  const between = Object.entries(deviations).flatMap(([id, { workaround }]) => (workaround === null ? [] : [id]));
  expect([...server.used].sort()).toEqual(between.sort());
});
