import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { address, failureOf, setUp } from "./support.ts";

const { provider } = setUp();
const webhooks = provider.webhooks ?? expect.unreachable();
const secret = { secret: "hook-secret", now: 0 };
const url = "https://tests.example.com/hooks/1";

/** A registered hook, and what the fake would deliver to it. */
async function withHook() {
  const context = setUp();
  const registered = await webhooks.register?.(context.call, { container: "acme/web", url, secret: secret.secret });
  const last = () => {
    const { headers, body } = context.fake.webhooks.deliveries.at(-1) ?? expect.unreachable();
    return { headers: new Headers(headers), body: new TextEncoder().encode(body) };
  };
  return { ...context, registered, last };
}

const delivery = (body: string, headers: Record<string, string>) => ({
  headers: new Headers({ "x-github-delivery": "guid", "x-github-event": "issues", ...headers }),
  body: new TextEncoder().encode(body),
});

describe("verify", () => {
  const body = '{"zen":"ü"}';
  const signature = createHmac("sha256", secret.secret).update(body).digest("hex");
  const verify = (header: string | null, text = body) =>
    webhooks.verify(delivery(text, header === null ? {} : { "x-hub-signature-256": header }), secret);

  test("accepts what GitHub signed", async () => {
    expect(verify(`sha256=${signature}`)).toBe(true);
    const { fake, last } = await withHook();
    fake.as("ann").createIssue("acme/web", { title: "Title" });
    expect(webhooks.verify(last(), secret)).toBe(true);
    expect(webhooks.verify(last(), { ...secret, secret: "other" })).toBe(false);
  });

  test.each([null, "", "sha256=", signature, `sha1=${signature}`, `sha256=${signature}00`, "sha256=zz", "sha256=é"])(
    "refuses %j",
    (header) => {
      expect(verify(header)).toBe(false);
    },
  );

  test("refuses another body", () => {
    expect(verify(`sha256=${signature}`, `${body} `)).toBe(false);
  });
});

describe("read", () => {
  test("an issue arrives whole, as a read would show it", async () => {
    const { fake, last, call } = await withHook();
    const issue = fake.as("ann").createIssue("acme/web", { title: "Title", body: "Body", labels: ["a"] });
    const event = webhooks.read(last());
    const [outcome] = (await provider.read?.issues(call, { issues: [address(issue)] })) ?? [];
    expect(outcome?.kind).toBe("live");
    expect(event).toEqual({
      deliveryId: fake.webhooks.deliveries.at(-1)?.id,
      name: "issues.labeled",
      hints: [
        {
          aspect: "issue",
          container: "acme/web",
          remoteId: issue.nodeId,
          item: "1",
          issue: outcome?.kind === "live" ? outcome.issue : null,
          comment: null,
          change: "changed",
        },
      ],
    });
  });

  test("a deleted and a transferred issue", async () => {
    const { fake, last } = await withHook();
    fake.addRepository("acme/api");
    const first = fake.as("ann").createIssue("acme/web", { title: "One" });
    const second = fake.as("ann").createIssue("acme/web", { title: "Two" });
    fake.as("ann").deleteIssue("acme/web", first.number);
    expect(webhooks.read(last())).toMatchObject({
      name: "issues.deleted",
      hints: [{ remoteId: first.nodeId, change: "deleted", issue: null }],
    });
    fake.transferIssue("acme/web", second.number, "acme/api");
    expect(webhooks.read(last())).toMatchObject({
      name: "issues.transferred",
      hints: [{ remoteId: second.nodeId, change: "moved", issue: null }],
    });
  });

  test("comments, changed and deleted", async () => {
    const { fake, last } = await withHook();
    const issue = fake.as("ann").createIssue("acme/web", { title: "Title" });
    const comment = fake.as("ann").comment("acme/web", 1, "Hello");
    expect(webhooks.read(last())).toMatchObject({
      name: "issue_comment.created",
      hints: [
        {
          aspect: "comments",
          container: "acme/web",
          remoteId: issue.nodeId,
          item: "1",
          issue: { title: "Title", commentCount: 1 },
          comment: { remoteId: String(comment.id), body: "Hello", visibility: "public" },
          change: "changed",
        },
      ],
    });
    fake.as("ann").deleteComment("acme/web", comment.id);
    expect(webhooks.read(last())).toMatchObject({
      hints: [{ aspect: "comments", comment: { remoteId: String(comment.id) }, change: "deleted" }],
    });
  });

  test("other events and comments on pull requests have no hints", async () => {
    const { fake, last } = await withHook();
    const ping = webhooks.read({ ...last() });
    expect(ping).toEqual({ deliveryId: fake.webhooks.deliveries[0]?.id, name: "ping", hints: [] });
    const onPull = { action: "created", repository: { full_name: "acme/web" }, issue: { pull_request: {} } };
    const read = webhooks.read(delivery(JSON.stringify(onPull), { "x-github-event": "issue_comment" }));
    expect(read).toEqual({ deliveryId: "guid", name: "issue_comment.created", hints: [] });
  });

  test("a hook made by hand may send a form", () => {
    const body = new URLSearchParams({ payload: '{"zen":"yes"}' }).toString();
    const headers = { "x-github-event": "ping", "content-type": "application/x-www-form-urlencoded" };
    expect(webhooks.read(delivery(body, headers))).toMatchObject({ name: "ping", hints: [] });
  });

  test.each([
    ["no JSON", "<html>", {}],
    ["no object", "12", {}],
    ["no issue", '{"action":"opened","repository":{"full_name":"acme/web"}}', {}],
    ["no repository", '{"action":"opened","issue":{}}', {}],
    ["no delivery id", "{}", { "x-github-delivery": "" }],
    ["no event", "{}", { "x-github-event": "" }],
  ])("%s is permanent", async (_, body, headers) => {
    const reading = Promise.resolve().then(() => webhooks.read(delivery(body, headers)));
    expect(await failureOf(reading)).toMatchObject({ failure: "permanent", operation: "webhook.read" });
  });
});

describe("register and unregister", () => {
  test("the hook asks for signed JSON about issues and comments", async () => {
    const { fake, registered } = await withHook();
    expect(registered).toEqual({ hookId: String(fake.webhooks.deliveries[0]?.hookId), expiresAt: null });
    expect(fake.webhooks.deliveries[0]).toMatchObject({ event: "ping", url });
    expect(fake.violations).toEqual([]);
  });

  test("registering again replaces the hook, since its old secret is unknown", async () => {
    const { call, fake, registered, last } = await withHook();
    const again = await webhooks.register?.(call, { container: "acme/web", url, secret: "another" });
    expect(again?.hookId).not.toBe(registered?.hookId);
    fake.as("ann").createIssue("acme/web", { title: "Title" });
    expect(fake.webhooks.deliveries.filter(({ event }) => event === "issues")).toHaveLength(1);
    expect(webhooks.verify(last(), { ...secret, secret: "another" })).toBe(true);
    expect(fake.violations).toEqual([]);
  });

  test("a hook that is gone is a success", async () => {
    const { call, registered } = await withHook();
    const request = { container: "acme/web", hookId: registered?.hookId ?? "" };
    await webhooks.unregister?.(call, request);
    await webhooks.unregister?.(call, request);
  });

  test("an account that may not is told what it takes, and no secret shows", async () => {
    const { fake, callWith } = setUp();
    const token = fake.createToken({ login: "writer", access: "write" });
    const request = { container: "acme/web", url, secret: "do-not-tell" };
    const error = await failureOf(webhooks.register?.(callWith({ token }), request) ?? expect.unreachable());
    expect(error).toMatchObject({ failure: "gone", status: 404 });
    expect(error.message).toContain("admin:repo_hook");
    expect(JSON.stringify({ ...error, cause: error.cause, message: error.message })).not.toContain("do-not-tell");
  });
});
